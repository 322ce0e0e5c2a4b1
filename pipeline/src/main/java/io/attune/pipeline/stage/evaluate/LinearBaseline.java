package io.attune.pipeline.stage.evaluate;

import io.attune.pipeline.dataset.Labels;
import io.attune.pipeline.metric.ClassCounts;
import io.attune.pipeline.stage.evaluate.EvaluateConfig.BaselineConfig;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.Evaluation.BaselineFit;
import io.attune.schemas.table.TokenRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Classifies texts by TF-IDF of words and pairs with one logistic regression for each head, without
 * a network. Small attention models often end at or below it, which a report must not hide.
 */
final class LinearBaseline implements TextModel {
  private static final long serialVersionUID = 1;

  /**
   * Limits the coefficients: the optimiser keeps about 25 vectors as long as the coefficients
   * (L-BFGS with 10 pairs): 32 MiB each at most, so that it stays below 1 GiB on the driver.
   */
  private static final int MAX_COEFFICIENTS = 1 << 22;

  /** Sets the relative improvement of the loss at which the optimiser stops. */
  private static final double TOLERANCE = 1e-6;

  private static final StructType EXAMPLES =
      new StructType()
          .add(TokenRows.ID, DataTypes.StringType)
          .add("label", DataTypes.DoubleType)
          .add("features", SQLDataTypes.VectorType());

  /**
   * Holds the regression of one head.
   *
   * @param classes that had rows to learn from, as indices into the head's
   * @param weights [class][feature]; with two classes only those of the second
   * @param fit how it was fitted
   */
  // Arrays, because they are the inner loop of every prediction.
  @SuppressWarnings("ArrayRecordComponent")
  private record Regression(int[] classes, float[][] weights, double[] intercepts, Fit fit)
      implements Serializable {}

  /** Says how a regression was fitted. */
  private record Fit(long rows, int iterations, boolean converged) implements Serializable {}

  /** Holds a training text: labels by head, -1 where there is none. */
  @SuppressWarnings("ArrayRecordComponent") // as above
  private record Example(String id, Vector features, int[] labels) implements Serializable {}

  private final NgramFeatures features;
  private final LabelSets labels;
  private final List<Regression> heads; // null in place of a head without any labelled row

  private LinearBaseline(NgramFeatures features, LabelSets labels, List<Regression> heads) {
    this.features = features;
    this.labels = labels;
    this.heads = heads;
  }

  /**
   * Fits the model.
   *
   * <p>The same rows give the same model to the bit, however they are distributed and on whatever
   * machines: features are made wherever the rows are, and each head is fitted in one task to all
   * rows in the order of their ids. Spark's sums over several tasks follow the order in which the
   * tasks end.
   *
   * @param train columns {@code text}, {@code labels} and {@code id}
   * @param counts the labels of {@code train}, by head
   */
  static LinearBaseline fit(
      Dataset<Row> train, LabelSets labels, List<ClassCounts> counts, BaselineConfig config) {
    SparkSession spark = train.sparkSession();
    JavaRDD<Row> rows = train.select("text", "labels", TokenRows.ID).javaRDD();
    NgramFeatures features =
        NgramFeatures.fit(
            spark, rows.map(row -> row.getString(0)), config, mostFeatures(labels, config));
    Broadcast<NgramFeatures> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(features);
    JavaRDD<Example> examples =
        rows.map(row -> example(row, shared.value())).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<Regression> heads = new ArrayList<>();
      for (int head = 0; head < labels.heads().size(); head++) {
        boolean isFitted = features.size() > 0 && seen(counts.get(head)).length > 1;
        heads.add(
            isFitted
                ? fitHead(spark, examples, head, counts.get(head), config)
                : ofShares(counts.get(head)));
      }
      return new LinearBaseline(features, labels, heads);
    } finally {
      examples.unpersist();
      shared.destroy();
    }
  }

  private static int mostFeatures(LabelSets labels, BaselineConfig config) {
    int classes = labels.heads().stream().mapToInt(h -> h.classes().size()).max().orElseThrow();
    return Math.min(config.maxFeatures(), MAX_COEFFICIENTS / classes);
  }

  private static Example example(Row row, NgramFeatures features) {
    return new Example(row.getString(2), features.of(row.getString(0)), Labels.of(row, 1));
  }

  private static int[] seen(ClassCounts counts) {
    return IntStream.range(0, counts.classes()).filter(c -> counts.rows(c) > 0).toArray();
  }

  /**
   * Returns the regression without any feature, whose optimum answers every text with the shares of
   * the classes; null without rows.
   */
  private static Regression ofShares(ClassCounts counts) {
    int[] classes = seen(counts);
    double[] intercepts =
        Arrays.stream(classes).mapToDouble(c -> Math.log((double) counts.rows(c))).toArray();
    return classes.length == 0
        ? null
        : new Regression(
            classes, new float[classes.length][0], intercepts, new Fit(counts.rows(), 0, true));
  }

  private static Regression fitHead(
      SparkSession spark,
      JavaRDD<Example> examples,
      int head,
      ClassCounts counts,
      BaselineConfig config) {
    int[] classes = seen(counts);
    int[] position = new int[counts.classes()];
    for (int i = 0; i < classes.length; i++) {
      position[classes[i]] = i;
    }
    Dataset<Row> labelled =
        spark
            .createDataFrame(
                examples
                    .filter(example -> example.labels()[head] >= 0)
                    .map(
                        example ->
                            RowFactory.create(
                                example.id(),
                                (double) position[example.labels()[head]],
                                example.features())),
                EXAMPLES)
            .repartition(1)
            .sortWithinPartitions(TokenRows.ID);
    LogisticRegression regression =
        new LogisticRegression()
            .setFamily(classes.length == 2 ? "binomial" : "multinomial")
            .setRegParam(1 / (config.inverseRegularization() * counts.rows()))
            .setStandardization(false)
            .setMaxIter(config.maxIterations())
            .setTol(TOLERANCE);
    LogisticRegressionModel fitted = regression.fit(labelled);
    int iterations = fitted.summary().totalIterations();
    Fit fit = new Fit(counts.rows(), iterations, iterations < config.maxIterations());
    return regressionOf(classes, fitted, fit);
  }

  private static Regression regressionOf(int[] classes, LogisticRegressionModel fitted, Fit fit) {
    double[] columns = fitted.coefficientMatrix().toArray(); // [feature][class]
    int rows = fitted.coefficientMatrix().numRows();
    float[][] weights = new float[rows][columns.length / rows];
    for (int i = 0; i < columns.length; i++) {
      weights[i % rows][i / rows] = (float) columns[i];
    }
    return new Regression(classes, weights, fitted.interceptVector().toArray(), fit);
  }

  @Override
  public float[][][] probabilities(List<String> texts) {
    float[][][] probabilities = new float[texts.size()][heads.size()][];
    for (int i = 0; i < probabilities.length; i++) {
      SparseVector vector = features.of(texts.get(i)).toSparse();
      for (int head = 0; head < heads.size(); head++) {
        if (heads.get(head) != null) {
          int classes = labels.heads().get(head).classes().size();
          probabilities[i][head] = answer(heads.get(head), vector, classes);
        }
      }
    }
    return probabilities;
  }

  /**
   * Returns the weights of one head: [class][feature], with two classes only those of the second.
   */
  float[][] weights(int head) {
    return heads.get(head).weights();
  }

  /** Returns the classes that a head's regression learned, as indices into the head's. */
  int[] classes(int head) {
    return heads.get(head) == null ? new int[0] : heads.get(head).classes().clone();
  }

  /** Returns how the head of each name was fitted; heads without labelled rows are left out. */
  List<BaselineFit> fits() {
    List<BaselineFit> fits = new ArrayList<>();
    for (int head = 0; head < heads.size(); head++) {
      if (heads.get(head) != null) {
        Fit fit = heads.get(head).fit();
        fits.add(
            new BaselineFit(
                labels.heads().get(head).name(), fit.rows(), fit.iterations(), fit.converged()));
      }
    }
    return fits;
  }

  NgramFeatures features() {
    return features;
  }

  /** Returns no spans: it has no attention. */
  @Override
  public List<List<AttendedSpan>> attention(List<String> texts) {
    return Collections.nCopies(texts.size(), List.of());
  }

  private static float[] answer(Regression regression, SparseVector vector, int classes) {
    double[] scores = new double[regression.classes().length];
    int first = scores.length - regression.weights().length; // the first of two classes scores 0
    for (int i = 0; i < regression.weights().length; i++) {
      scores[first + i] = regression.intercepts()[i] + dot(regression.weights()[i], vector);
    }
    double highest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      highest = Math.max(highest, score);
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - highest);
      sum += scores[i];
    }
    float[] probabilities = new float[classes]; // 0 for a class that was never seen
    for (int i = 0; i < scores.length; i++) {
      probabilities[regression.classes()[i]] = (float) (scores[i] / sum);
    }
    return probabilities;
  }

  private static double dot(float[] weights, SparseVector vector) {
    double sum = 0;
    for (int i = 0; i < vector.indices().length; i++) {
      sum += weights[vector.indices()[i]] * vector.values()[i];
    }
    return sum;
  }
}
