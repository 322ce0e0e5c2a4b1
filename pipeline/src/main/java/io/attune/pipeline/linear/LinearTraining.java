package io.attune.pipeline.linear;

import io.attune.pipeline.linear.TrainingMatrix.Line;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Fits a {@link LinearModel} on Spark: n-grams are counted and weighed where the texts are; the
 * sparse matrix of all texts goes to every executor, and each regression is fitted by one task.
 */
final class LinearTraining {
  /** Bounds the weights of all regressions, and with them the model's size: 128 MiB. */
  private static final int MOST_WEIGHTS = 1 << 25;

  private LinearTraining() {}

  /** Identifies a regression: the class of a head that it tells from the others. */
  private record Target(int head, int chosen) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /** Holds a fitted regression. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Regression(double intercept, float[] weights) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  static LinearModel fit(JavaRDD<CountedText> texts, LabelSets labels, LinearConfig config) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(texts.context());
    NgramVectors features =
        NgramVectors.of(
            DocumentCounts.of(texts, config.minDocuments()),
            texts.count(),
            mostFeatures(labels, config));
    TrainingMatrix matrix = matrix(spark, texts, features);
    List<int[]> seen =
        IntStream.range(0, labels.heads().size())
            .mapToObj(head -> seen(matrix, head, labels.heads().get(head).classes().size()))
            .toList();
    List<Target> targets = targets(seen);
    Iterator<Regression> fitted =
        fit(spark, matrix, targets, config.inverseRegularization()).iterator();
    List<LinearHead> heads = new ArrayList<>();
    for (int head = 0; head < seen.size(); head++) {
      int regressions = LinearHead.regressions(seen.get(head).length);
      double[] intercepts = new double[regressions];
      float[][] weights = new float[regressions][];
      for (int i = 0; i < regressions; i++) {
        Regression regression = fitted.next();
        intercepts[i] = regression.intercept();
        weights[i] = regression.weights();
      }
      int classes = labels.heads().get(head).classes().size();
      heads.add(new LinearHead(classes, seen.get(head), intercepts, weights));
    }
    return new LinearModel(features, heads);
  }

  private static int mostFeatures(LabelSets labels, LinearConfig config) {
    int regressions =
        labels.heads().stream()
            .map(Head::classes)
            .mapToInt(classes -> LinearHead.regressions(classes.size()))
            .sum();
    return Math.max(1, Math.min(config.maxFeatures(), MOST_WEIGHTS / regressions));
  }

  private static TrainingMatrix matrix(
      JavaSparkContext spark, JavaRDD<CountedText> texts, NgramVectors features) {
    Broadcast<NgramVectors> shared = spark.broadcast(features);
    try {
      List<Line> lines =
          new ArrayList<>(
              texts
                  .filter(CountedText::isLabelled)
                  .map(text -> Line.of(text, shared.value()))
                  .collect());
      lines.sort(Comparator.comparing(Line::id));
      return TrainingMatrix.of(lines, features.size());
    } finally {
      shared.destroy();
    }
  }

  /** Returns the classes of a head that have rows or shares of them, rising. */
  private static int[] seen(TrainingMatrix matrix, int head, int classes) {
    boolean[] seen = new boolean[classes];
    int missing = classes;
    for (int row = 0; row < matrix.rows() && missing > 0; row++) {
      for (int chosen = 0; chosen < classes; chosen++) {
        if (!seen[chosen] && matrix.share(row, head, chosen) > 0) {
          seen[chosen] = true;
          missing--;
        }
      }
    }
    return IntStream.range(0, classes).filter(chosen -> seen[chosen]).toArray();
  }

  private static List<Target> targets(List<int[]> seen) {
    List<Target> targets = new ArrayList<>();
    for (int head = 0; head < seen.size(); head++) {
      int[] classes = seen.get(head);
      int regressions = LinearHead.regressions(classes.length);
      for (int i = classes.length - regressions; regressions > 0 && i < classes.length; i++) {
        targets.add(new Target(head, classes[i]));
      }
    }
    return targets;
  }

  private static List<Regression> fit(
      JavaSparkContext spark, TrainingMatrix matrix, List<Target> targets, double c) {
    if (targets.isEmpty()) {
      return List.of();
    }
    Broadcast<TrainingMatrix> shared = spark.broadcast(matrix);
    try {
      return spark
          .parallelize(targets, targets.size())
          .map(target -> fit(shared.value(), target, c))
          .collect();
    } finally {
      shared.destroy();
    }
  }

  private static Regression fit(TrainingMatrix matrix, Target target, double c) {
    double[] fitted = NewtonSolver.fit(BinaryProblem.of(matrix, target.head(), target.chosen()), c);
    float[] weights = new float[matrix.width()];
    for (int feature = 0; feature < weights.length; feature++) {
      weights[feature] = (float) fitted[feature];
    }
    return new Regression(fitted[weights.length], weights);
  }
}
