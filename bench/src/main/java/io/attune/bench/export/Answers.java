package io.attune.bench.export;

import java.util.List;

/**
 * Holds probabilities of texts.
 *
 * @param rows token ids of each text
 * @param probabilities {@code [row][head][class]}
 */
@SuppressWarnings("ArrayRecordComponent") // Written to JSON; never compared as a whole.
record Answers(List<int[]> rows, float[][][] probabilities) {
  /** Returns the largest difference from other probabilities of the same texts. */
  double difference(float[][][] others) {
    double largest = 0;
    for (int row = 0; row < others.length; row++) {
      for (int head = 0; head < others[row].length; head++) {
        for (int k = 0; k < others[row][head].length; k++) {
          double difference = Math.abs(probabilities[row][head][k] - others[row][head][k]);
          largest = difference <= largest ? largest : difference; // keeps NaN
        }
      }
    }
    return largest;
  }
}
