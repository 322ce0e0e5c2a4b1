package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * Cuts one word into tokens. Safe for use by several threads. A word is a part of an array of
 * {@linkplain Characters characters}.
 */
interface WordModel {
  /**
   * Appends the ids of the tokens of a word.
   *
   * @param to after the last character; the word is not empty
   */
  void append(int[] characters, int from, int to, IdList ids);

  /** Returns the number of characters from which on a word takes the native library less time. */
  int longest();

  /**
   * Returns the model of a {@code tokenizer.json}; empty if it is one that only the native library
   * runs.
   */
  static Optional<WordModel> of(JsonNode model) {
    return switch (model.path("type").asText()) {
      case "WordPiece" -> WordPieces.of(model);
      case "BPE" -> MergedPairs.of(model);
      default -> Optional.empty();
    };
  }
}
