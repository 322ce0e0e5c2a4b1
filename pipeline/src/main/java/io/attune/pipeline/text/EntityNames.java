package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the names in a field that says whom a text is about. */
public final class EntityNames {
  /** Bounds the names of one document: a field with more of them is a list of everything. */
  private static final int MOST = 50;

  /** Bounds the characters of one name. */
  private static final int LONGEST = 80;

  private EntityNames() {}

  /**
   * Returns the names of a field, each once: of a JSON list its texts and numbers, of another text
   * what is between separators.
   *
   * @param field may be null
   * @param separators each of its characters separates
   */
  public static List<String> of(String field, String separators) {
    if (field == null || field.isBlank()) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>();
    String text = field.strip();
    if (!(text.startsWith("[") && text.endsWith("]") && addList(text, names))) {
      int from = 0;
      for (int at = 0; at <= text.length(); at++) {
        if (at == text.length() || separators.indexOf(text.charAt(at)) >= 0) {
          add(text.substring(from, at), names);
          from = at + 1;
        }
      }
    }
    return List.copyOf(names);
  }

  private static boolean addList(String text, Set<String> names) {
    try {
      JsonNode list = Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
      list.forEach(value -> add(value.asText(), names));
      return list.isArray();
    } catch (IOException e) {
      return addQuoted(text, names);
    }
  }

  /** Reads a list as Python writes it: {@code ['NVL', 'ORC']}. */
  private static boolean addQuoted(String text, Set<String> names) {
    for (String part : text.substring(1, text.length() - 1).split(",", -1)) {
      String bare = part.strip();
      boolean isQuoted = bare.length() >= 2 && bare.startsWith("'") && bare.endsWith("'");
      add(isQuoted ? bare.substring(1, bare.length() - 1) : bare, names);
    }
    return true;
  }

  private static void add(String name, Set<String> names) {
    String bare = name.strip();
    if (!bare.isEmpty() && names.size() < MOST) {
      names.add(
          bare.codePointCount(0, bare.length()) <= LONGEST
              ? bare
              : bare.substring(0, bare.offsetByCodePoints(0, LONGEST)));
    }
  }
}
