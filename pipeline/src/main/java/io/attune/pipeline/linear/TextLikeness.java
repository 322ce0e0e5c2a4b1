package io.attune.pipeline.linear;

import io.attune.pipeline.linear.NgramVectors.SparseText;
import java.util.List;

/**
 * Says how alike some texts are: the cosine of their TF-IDF vectors of n-grams, where frequencies
 * are those among these texts. For a few thousand texts in memory.
 */
public final class TextLikeness {
  /** Bounds the features: the most frequent; rarer n-grams are in hardly any two texts. */
  private static final int MOST_FEATURES = 1 << 18;

  private static final int[] NO_LABELS = {};

  private final List<SparseText> vectors;

  private TextLikeness(List<SparseText> vectors) {
    this.vectors = vectors;
  }

  /** Prepares the comparison of texts, which are known by their places in the list. */
  public static TextLikeness of(List<String> texts) {
    LongCounter documents = new LongCounter();
    List<CountedText> counted =
        texts.stream().map(text -> CountedText.of("", NO_LABELS, text)).toList();
    counted.forEach(
        text -> {
          for (long ngram : text.ngrams()) {
            documents.add(ngram, 1);
          }
        });
    // An n-gram of one text alone makes no two alike, but makes that text unlike all others.
    NgramVectors features = NgramVectors.of(documents.atLeast(1), texts.size(), MOST_FEATURES);
    return new TextLikeness(counted.stream().map(features::of).toList());
  }

  /** Returns the cosine of two texts, in [0, 1]; 0 if one of them has no n-gram. */
  public double of(int one, int other) {
    SparseText a = vectors.get(one);
    SparseText b = vectors.get(other);
    double product = 0;
    int j = 0;
    for (int i = 0; i < a.features().length; i++) {
      while (j < b.features().length && b.features()[j] < a.features()[i]) {
        j++;
      }
      if (j < b.features().length && b.features()[j] == a.features()[i]) {
        product += (double) a.values()[i] * b.values()[j];
      }
    }
    return Math.min(1, product);
  }
}
