package io.attune.pipeline.stage.evaluate;

import io.attune.pipeline.stage.evaluate.EvaluateConfig.BaselineConfig;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.IDF;
import org.apache.spark.ml.feature.IDFModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Texts as TF-IDF vectors of length 1: {@code (1 + ln tf) (1 + ln((1 + n) / (1 + df)))}, which is
 * what scikit-learn's TfidfVectorizer gives with {@code sublinear_tf}. Only the n-grams that were
 * seen often enough are features, so that a vector of coefficients is no longer than it must be.
 */
final class NgramFeatures implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int UNUSED = -1;

  private final HashingTF hashing;
  private final int[] features; // by bucket
  private final float[] weights; // inverse document frequency by feature

  private NgramFeatures(HashingTF hashing, int[] features, float[] weights) {
    this.hashing = hashing;
    this.features = features;
    this.weights = weights;
  }

  /**
   * Counts in how many of the texts each n-gram occurs; one pass.
   *
   * @param most features at most, the most frequent
   */
  static NgramFeatures fit(
      SparkSession spark, JavaRDD<String> texts, BaselineConfig config, int most) {
    HashingTF hashing = new HashingTF().setNumFeatures(config.buckets());
    JavaRDD<Row> counts =
        texts.map(text -> RowFactory.create(hashedCounts(hashing, Ngrams.of(text))));
    IDFModel frequencies =
        new IDF()
            .setInputCol("counts")
            .fit(
                spark.createDataFrame(
                    counts, new StructType().add("counts", SQLDataTypes.VectorType())));
    long[] documents = frequencies.docFreq();
    int[] used = mostFrequent(documents, config.minDocuments(), most);
    int[] features = new int[config.buckets()];
    Arrays.fill(features, UNUSED);
    float[] weights = new float[used.length];
    for (int feature = 0; feature < used.length; feature++) {
      features[used[feature]] = feature;
      weights[feature] =
          (float) (1 + Math.log((1.0 + frequencies.numDocs()) / (1.0 + documents[used[feature]])));
    }
    return new NgramFeatures(hashing, features, weights);
  }

  /** Returns the number of features. */
  int size() {
    return weights.length;
  }

  /**
   * Returns a sparse vector of length {@link #size} and norm 1; all zeros where no n-gram is known.
   */
  Vector of(String text) {
    int[] buckets = hashed(hashing, Ngrams.of(text));
    int[] indices = new int[buckets.length];
    double[] values = new double[buckets.length];
    int found = 0;
    double squares = 0;
    for (int from = 0; from < buckets.length; ) {
      int to = runEnd(buckets, from);
      int feature = features[buckets[from]];
      if (feature != UNUSED) {
        indices[found] = feature;
        values[found] = (1 + Math.log(to - from)) * weights[feature];
        squares += values[found] * values[found];
        found++;
      }
      from = to;
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < found; i++) {
      values[i] /= norm;
    }
    return Vectors.sparse(size(), Arrays.copyOf(indices, found), Arrays.copyOf(values, found));
  }

  /** Returns the number of an n-gram's feature; -1 where it is none. */
  int feature(String ngram) {
    return features[hashing.indexOf(ngram)];
  }

  private static Vector hashedCounts(HashingTF hashing, List<String> ngrams) {
    int[] buckets = hashed(hashing, ngrams);
    int[] indices = new int[buckets.length];
    double[] values = new double[buckets.length];
    int found = 0;
    for (int from = 0; from < buckets.length; ) {
      int to = runEnd(buckets, from);
      indices[found] = buckets[from];
      values[found] = to - from;
      found++;
      from = to;
    }
    return Vectors.sparse(
        hashing.getNumFeatures(), Arrays.copyOf(indices, found), Arrays.copyOf(values, found));
  }

  private static int[] hashed(HashingTF hashing, List<String> ngrams) {
    int[] buckets = new int[ngrams.size()];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = hashing.indexOf(ngrams.get(i));
    }
    Arrays.sort(buckets);
    return buckets;
  }

  private static int runEnd(int[] sorted, int from) {
    int to = from + 1;
    while (to < sorted.length && sorted[to] == sorted[from]) {
      to++;
    }
    return to;
  }

  /**
   * Returns the most frequent buckets in rising order, so that the features of a sorted text are
   * sorted too.
   */
  private static int[] mostFrequent(long[] documents, int least, int most) {
    int[] often =
        IntStream.range(0, documents.length).filter(bucket -> documents[bucket] >= least).toArray();
    if (often.length <= most) {
      return often;
    }
    return Arrays.stream(often)
        .boxed()
        .sorted(
            Comparator.comparingLong((Integer bucket) -> -documents[bucket])
                .thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }
}
