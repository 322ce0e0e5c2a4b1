package io.attune.pipeline.stage.tokenize;

import java.util.List;

/**
 * Holds a byte-pair encoding over characters.
 *
 * @param tokens by id: {@link #PAD}, {@link #UNKNOWN}, characters, then what merges made
 * @param merges in the order in which they apply, each a pair of token ids whose texts, put
 *     together, are a token
 */
record BpeModel(List<String> tokens, List<Merge> merges) {
  static final String PAD = "[PAD]";
  static final String UNKNOWN = "[UNK]";
  static final int PAD_ID = 0;
  static final int UNKNOWN_ID = 1;

  /** Merges two token ids into one. */
  record Merge(int left, int right) {}

  BpeModel {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }
}
