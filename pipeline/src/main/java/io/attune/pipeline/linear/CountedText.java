package io.attune.pipeline.linear;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * Counts the n-grams of one text.
 *
 * @param id of the document
 * @param labels class by head, -1 where there is none
 * @param targets what takes the place of the labels where a teacher was asked: the probability of
 *     every class by head, null for a head of which nothing is known; null where none was asked
 * @param ngrams hashes of the distinct n-grams, rising
 * @param counts how often each occurs
 */
@SuppressWarnings("ArrayRecordComponent") // The inner loop of training; never compared.
public record CountedText(String id, int[] labels, float[][] targets, long[] ngrams, int[] counts)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Counts the n-grams of a text. */
  public static CountedText of(String id, int[] labels, String text) {
    long[] all = NgramHashes.of(text);
    long[] distinct = new long[all.length];
    int[] counts = new int[all.length];
    int found = -1;
    for (int i = 0; i < all.length; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        distinct[++found] = all[i];
      }
      counts[found]++;
    }
    return new CountedText(
        id, labels, null, Arrays.copyOf(distinct, found + 1), Arrays.copyOf(counts, found + 1));
  }

  /** Returns the same text with {@link #targets}. */
  public CountedText taught(float[][] probabilities) {
    return new CountedText(id, labels, probabilities, ngrams, counts);
  }

  /** Returns whether there is something to learn of any head. */
  boolean isLabelled() {
    return Arrays.stream(labels).anyMatch(label -> label >= 0)
        || (targets != null && Arrays.stream(targets).anyMatch(Objects::nonNull));
  }
}
