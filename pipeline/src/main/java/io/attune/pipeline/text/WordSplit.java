package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Divides normalised characters into words, by classes of characters. A class is one bit or several
 * and never 0.
 */
interface WordSplit {
  /** Is the class of what divides words and belongs to none. */
  int SPACE = 1;

  /**
   * Finds the class of a character by how texts with it are divided.
   *
   * @param words divides a text as the native library does
   */
  int classOf(String character, Function<String, List<String>> words);

  /** Returns fewer characters that, in place of these, give the same words. */
  default int[] shortened(int[] characters) {
    return characters;
  }

  /**
   * Returns where a word ends.
   *
   * @param from where it begins; not white space
   * @param to after the last character
   */
  int end(int[] characters, int from, int to);

  /**
   * Returns the division that a {@code tokenizer.json} asks for; empty if it is one that only the
   * native library makes.
   */
  static Optional<WordSplit> of(JsonNode preTokenizer) {
    if (preTokenizer.equals(PatternWords.JSON)) {
      return Optional.of(new PatternWords());
    }
    return preTokenizer.path("type").asText().equals("BertPreTokenizer")
        ? Optional.of(new BertWords())
        : Optional.empty();
  }
}
