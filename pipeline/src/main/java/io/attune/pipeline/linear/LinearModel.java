package io.attune.pipeline.linear;

import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/**
 * Predicts the classes of texts by n-gram logistic regression scaled by Naive Bayes log-count
 * ratios. Never changes; safe for use by several threads.
 */
public final class LinearModel implements Serializable {
  private static final long serialVersionUID = 1;

  private final NgramVectors features;
  private final List<LinearHead> heads;

  LinearModel(NgramVectors features, List<LinearHead> heads) {
    this.features = features;
    this.heads = List.copyOf(heads);
  }

  /**
   * Fits the model to all texts, each once; a head ignores those without a label of it and without
   * a teacher's answer.
   *
   * <p>The same texts give the same model to the bit, however they are distributed and on whatever
   * machines.
   *
   * @param texts best persisted: they are read twice
   */
  public static LinearModel fit(JavaRDD<CountedText> texts, LabelSets labels, LinearConfig config) {
    return LinearTraining.fit(texts, labels, config);
  }

  /**
   * Reads {@code linear.bin}.
   *
   * @param location named in messages
   * @throws Failure.BadInput if the bytes are not a linear part that this version reads
   */
  public static LinearModel read(byte[] bytes, String location) {
    return LinearFile.read(bytes, location);
  }

  /** Returns {@code linear.bin}. */
  public byte[] toBytes() {
    return LinearFile.write(this);
  }

  /**
   * Returns the probability of every class.
   *
   * @return {@code [text][head][class]}; null in place of a head that had no label to learn from
   */
  public float[][][] probabilities(List<String> texts) {
    float[][][] probabilities = new float[texts.size()][heads.size()][];
    for (int text = 0; text < probabilities.length; text++) {
      NgramVectors.SparseText vector = features.of(CountedText.of("", new int[0], texts.get(text)));
      for (int head = 0; head < heads.size(); head++) {
        probabilities[text][head] = heads.get(head).probabilities(vector);
      }
    }
    return probabilities;
  }

  /** Returns the number of weights and intercepts of all heads. */
  public long parameters() {
    return heads.stream().mapToLong(h -> h.intercepts().length).sum() * (features.size() + 1L);
  }

  /**
   * Checks that the model answers these heads.
   *
   * @throws Failure.BadInput if it has other heads or classes
   */
  public LinearModel requireAnswers(LabelSets labels, String location) {
    List<Integer> own = heads.stream().map(LinearHead::classes).toList();
    List<Integer> wanted = labels.heads().stream().map(Head::classes).map(List::size).toList();
    if (!own.equals(wanted)) {
      throw new Failure.BadInput(
          "The linear part '%s' answers heads of %s classes, and the model's label heads have %s;"
              + " the files are of two models: train the model again, or restore the bundle from a"
              + " copy",
          location, own, wanted);
    }
    return this;
  }

  NgramVectors features() {
    return features;
  }

  List<LinearHead> heads() {
    return heads;
  }
}
