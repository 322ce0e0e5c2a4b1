package io.attune.pipeline.linear;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Turns n-grams into TF-IDF vectors of length 1: {@code (1 + ln tf) (1 + ln((1 + n) / (1 + df)))},
 * as scikit-learn's TfidfVectorizer does with {@code sublinear_tf}. Frequent n-grams have small
 * indices, so that what is read most often lies close together.
 */
final class NgramVectors implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int UNKNOWN = -1;

  private final long[] ngrams; // by feature
  private final float[] weights; // inverse document frequency by feature
  private final int[] table; // feature + 1 by place, 0 where it is free

  /**
   * Makes the features of distinct n-grams.
   *
   * @throws IllegalArgumentException if an n-gram is there twice
   */
  NgramVectors(long[] ngrams, float[] weights) {
    this.ngrams = ngrams;
    this.weights = weights;
    table = new int[Math.max(16, Integer.highestOneBit(Math.max(1, ngrams.length)) << 2)];
    for (int feature = 0; feature < ngrams.length; feature++) {
      int place = place(ngrams[feature]);
      if (table[place] != 0) {
        throw new IllegalArgumentException(
            "the n-gram %016x is there twice".formatted(ngrams[feature]));
      }
      table[place] = feature + 1;
    }
  }

  /** Holds the features of one text, rising, and their values. */
  @SuppressWarnings("ArrayRecordComponent") // The inner loop of training; never compared.
  record SparseText(int[] features, float[] values) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /**
   * Chooses the features; the order of the counts does not matter.
   *
   * @param texts that were counted
   * @param most features at most: the most frequent, of equals those with the smallest hashes
   */
  static NgramVectors of(DocumentCounts counts, long texts, int most) {
    int highest = Arrays.stream(counts.documents()).max().orElse(0);
    int[] ends = new int[highest + 2]; // by document frequency, of n-grams that are as frequent
    for (int documents : counts.documents()) {
      ends[highest - documents + 1]++;
    }
    Arrays.parallelPrefix(ends, Integer::sum);
    long[] sorted = new long[counts.ngrams().length];
    int[] next = ends.clone();
    for (int i = 0; i < sorted.length; i++) {
      sorted[next[highest - counts.documents()[i]]++] = counts.ngrams()[i];
    }
    float[] weights = new float[Math.min(most, sorted.length)];
    for (int rank = 0; rank <= highest && ends[rank] < weights.length; rank++) {
      Arrays.sort(sorted, ends[rank], ends[rank + 1]);
      float weight = (float) (1 + StrictMath.log((1.0 + texts) / (1.0 + highest - rank)));
      Arrays.fill(weights, ends[rank], Math.min(weights.length, ends[rank + 1]), weight);
    }
    return new NgramVectors(Arrays.copyOf(sorted, weights.length), weights);
  }

  int size() {
    return ngrams.length;
  }

  long[] ngrams() {
    return ngrams;
  }

  float[] weights() {
    return weights;
  }

  /** Returns the vector of a text, without entries where no n-gram is known. */
  SparseText of(CountedText text) {
    long[] found = new long[text.ngrams().length]; // feature and count, to be sorted as one number
    int size = 0;
    for (int i = 0; i < found.length; i++) {
      int feature = table[place(text.ngrams()[i])] - 1;
      if (feature != UNKNOWN) {
        found[size++] = (long) feature << 32 | text.counts()[i];
      }
    }
    Arrays.sort(found, 0, size);
    int[] features = new int[size];
    double[] values = new double[size];
    double squares = 0;
    for (int i = 0; i < size; i++) {
      features[i] = (int) (found[i] >> 32);
      int count = (int) found[i];
      values[i] = (count == 1 ? 1 : 1 + StrictMath.log(count)) * weights[features[i]];
      squares += values[i] * values[i];
    }
    double norm = Math.sqrt(squares);
    float[] normalised = new float[size];
    for (int i = 0; i < size; i++) {
      normalised[i] = (float) (values[i] / norm);
    }
    return new SparseText(features, normalised);
  }

  /** Returns the place of an n-gram, or the free place where it would be. */
  private int place(long ngram) {
    int mask = table.length - 1;
    int place = (int) (ngram ^ (ngram >>> 32)) & mask;
    while (table[place] != 0 && ngrams[table[place] - 1] != ngram) {
      place = (place + 1) & mask;
    }
    return place;
  }
}
