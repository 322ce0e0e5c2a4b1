package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Normalises texts and divides them into words in Java, with the result of the native library. Safe
 * for use by several threads.
 */
final class JavaWords implements AutoCloseable {
  private static final ObjectNode UNCHANGED = PatternWords.unchanged();
  private static final int REPLACEMENT = 0xFFFD;

  private final AddedTokens added;
  private final NativeTokenizer normalizer;
  private final NativeTokenizer splitter;
  private final Characters characters;
  private final WordSplit split;

  private JavaWords(JsonNode file, AddedTokens added, WordSplit split) throws IOException {
    this.added = added;
    this.split = split;
    JsonNode none = JsonNodeFactory.instance.nullNode();
    normalizer = NativeTokenizer.of(Json.pretty(part(file.path("normalizer"), none)));
    splitter = NativeTokenizer.of(Json.pretty(part(none, file.path("pre_tokenizer"))));
    characters = new Characters(split, normalizer::tokens, splitter::tokens);
  }

  /**
   * Returns the words of a {@code tokenizer.json}; empty if it makes them in a way that only the
   * native library knows.
   */
  static Optional<JavaWords> of(JsonNode file) throws IOException {
    Optional<AddedTokens> added = AddedTokens.of(file.path("added_tokens"));
    Optional<WordSplit> split = WordSplit.of(file.path("pre_tokenizer"));
    if (added.isEmpty() || split.isEmpty() || !Characters.know(file.path("normalizer"))) {
      return Optional.empty();
    }
    return Optional.of(new JavaWords(file, added.get(), split.get()));
  }

  /** Returns whether a model of a {@code tokenizer.json} gives each word back as it is. */
  static boolean areTokensOf(JsonNode model) {
    return model.equals(UNCHANGED);
  }

  /** Returns a tokenizer of a part of a file. */
  private static ObjectNode part(JsonNode normalizer, JsonNode preTokenizer) {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    file.put("version", "1.0");
    file.putArray("added_tokens");
    file.set("normalizer", normalizer);
    file.set("pre_tokenizer", preTokenizer);
    file.set("model", UNCHANGED);
    return file;
  }

  /**
   * Holds a text that is normalised.
   *
   * @param characters see {@link Characters}; more than {@code size} have no meaning
   */
  @SuppressWarnings("ArrayRecordComponent") // Read at once; never compared.
  record Line(int[] characters, int size) {}

  /**
   * Returns the normalised text; null if the native library must encode it.
   *
   * @param text NUL and lone surrogates are read as U+FFFD
   */
  Line line(String text) {
    if (added.isAnyIn(text)) {
      return null;
    }
    int[] line = new int[text.length()];
    int size = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      int character = characters.normalized(readable(point));
      if (character > 0) {
        line[size++] = character;
      } else if (character == Characters.DEPENDS) {
        return null;
      } else {
        int[] several = characters.several(readable(point));
        int needed = size + several.length + text.length() - i;
        if (needed > line.length) {
          line = Arrays.copyOf(line, needed + line.length / 2);
        }
        System.arraycopy(several, 0, line, size, several.length);
        size += several.length;
      }
    }
    return new Line(line, size);
  }

  private static int readable(int point) {
    return NativeTokenizer.isUnreadable(point) ? REPLACEMENT : point;
  }

  /**
   * Returns where the next word begins at a place or after it; the end of the line if none does.
   */
  int start(Line line, int from) {
    int start = from;
    while (start < line.size && Characters.isSpace(line.characters[start])) {
      start++;
    }
    return start;
  }

  /** Returns where the word ends that begins at a place. */
  int end(Line line, int start) {
    return split.end(line.characters, start, line.size);
  }

  /** Returns the words of a text; null if the native library must divide it. */
  List<String> of(String text) {
    Line line = line(text);
    if (line == null) {
      return null;
    }
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int start = start(line, 0); start < line.size; ) {
      int end = end(line, start);
      word.setLength(0);
      for (int i = start; i < end; i++) {
        word.appendCodePoint(Characters.point(line.characters[i]));
      }
      words.add(word.toString());
      start = start(line, end);
    }
    return words;
  }

  @Override
  public void close() {
    normalizer.close();
    splitter.close();
  }
}
