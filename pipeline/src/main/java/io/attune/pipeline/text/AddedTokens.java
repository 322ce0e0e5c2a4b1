package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds in a text what spells an added token, such as {@code [SEP]}, which the native library looks
 * for before it normalises the text.
 */
final class AddedTokens {
  private final List<String> contents;
  private final char[] firsts;

  private AddedTokens(List<String> contents) {
    this.contents = List.copyOf(contents);
    StringBuilder found = new StringBuilder();
    contents.stream()
        .mapToInt(content -> content.charAt(0))
        .distinct()
        .forEach(first -> found.append((char) first));
    firsts = found.toString().toCharArray();
  }

  /** Returns those of a {@code tokenizer.json}; empty if some are looked for in another way. */
  static Optional<AddedTokens> of(JsonNode addedTokens) {
    List<String> contents = new ArrayList<>();
    for (JsonNode token : addedTokens) {
      String content = token.path("content").asText();
      if (content.isEmpty() || token.path("normalized").asBoolean(true)) {
        return Optional.empty();
      }
      contents.add(content);
    }
    return Optional.of(new AddedTokens(contents));
  }

  /** Returns whether a text spells one of them. */
  boolean isAnyIn(String text) {
    for (char first : firsts) {
      for (int at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
        for (String content : contents) {
          if (text.startsWith(content, at)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
