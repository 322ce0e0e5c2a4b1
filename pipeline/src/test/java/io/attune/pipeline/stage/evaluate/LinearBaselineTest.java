package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.TestNight;
import io.attune.pipeline.dataset.Labels;
import io.attune.pipeline.metric.ClassCounts;
import io.attune.pipeline.stage.evaluate.EvaluateConfig.BaselineConfig;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LinearBaselineTest {
  private static final BaselineConfig CONFIG = new BaselineConfig(1 << 16, 1, 1000, 10, 200, 1000);
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new Head("mood", List.of("down", "flat", "up")),
              new Head("kind", List.of("news", "review"))));
  private static final List<String> TEXTS =
      List.of(
          "profit rises", "profit falls", "no change", "sales rise again", "loss widens", "flat");
  private static final int[][] ANSWERS = {{2, 0}, {0, 0}, {1, -1}, {2, 1}, {0, 1}, {1, 1}};

  private static LinearBaseline model;

  @BeforeAll
  static void fitOnce() {
    model = fit(ANSWERS);
  }

  @Test
  void weighsNgramsAsTfIdfDoes() {
    List<String> texts = List.of("good good film", "bad film", "good end", "");
    NgramFeatures features =
        NgramFeatures.fit(
            TestNight.spark(),
            JavaSparkContext.fromSparkContext(TestNight.spark().sparkContext()).parallelize(texts),
            CONFIG,
            1000);

    for (String text : texts) {
      double[] values = Arrays.stream(features.of(text).toArray()).filter(x -> x > 0).toArray();
      assertThat(sorted(values)).containsExactly(sorted(slow(text, texts)), within(1e-6));
    }
    assertThat(features.of("never seen").numNonzeros()).isZero();
  }

  @Test
  void usesOnlyNgramsThatAreFrequentEnough() {
    List<String> texts = List.of("a b", "a b", "a c", "d");
    var rdd =
        JavaSparkContext.fromSparkContext(TestNight.spark().sparkContext()).parallelize(texts);
    BaselineConfig twice = new BaselineConfig(1 << 16, 2, 1000, 10, 100, 1000);

    assertThat(NgramFeatures.fit(TestNight.spark(), rdd, twice, 1000).size()).isEqualTo(3);
    assertThat(NgramFeatures.fit(TestNight.spark(), rdd, CONFIG, 1).of("a").numNonzeros())
        .isEqualTo(1);
  }

  /** Checks that scikit-learn's loss, C * sum(loss) + |w|^2 / 2, has gradient 0 at its optimum. */
  @Test
  void endsWhereTheRegularisedLossIsFlat() {
    float[][] weights = model.weights(0);
    double[][] slope = new double[3][weights[0].length];
    for (int i = 0; i < TEXTS.size(); i++) {
      float[] probabilities = model.probabilities(List.of(TEXTS.get(i)))[0][0];
      Vector vector = model.features().of(TEXTS.get(i));
      for (int c = 0; c < 3; c++) {
        double wrong = probabilities[c] - (ANSWERS[i][0] == c ? 1 : 0);
        for (int feature = 0; feature < vector.size(); feature++) {
          slope[c][feature] += 10 * wrong * vector.apply(feature);
        }
      }
    }
    for (int c = 0; c < 3; c++) {
      for (int feature = 0; feature < weights[0].length; feature++) {
        assertThat(slope[c][feature] + weights[c][feature]).isCloseTo(0, within(0.02));
      }
    }
  }

  @Test
  void answersByTheSharesOfTheClassesWhereNoNgramIsFrequentEnough() {
    BaselineConfig often = new BaselineConfig(1 << 16, 100, 1000, 10, 200, 1000);
    int[][] answers = {{2, 0}, {0, 0}, {2, -1}, {2, 1}, {0, 1}, {2, 1}};

    LinearBaseline shares = fit(rows(answers), often);

    assertThat(shares.features().size()).isZero();
    float[][] found = shares.probabilities(List.of("profit rises"))[0];
    assertThat(found[0]).containsExactly(new float[] {2 / 6f, 0, 4 / 6f}, within(1e-6f));
    assertThat(found[1]).containsExactly(new float[] {2 / 5f, 3 / 5f}, within(1e-6f));
  }

  @Test
  void answersEveryHeadWithProbabilitiesThatSumToOne() {
    float[][][] answers = model.probabilities(List.of("profit rises", "", "unheard of"));

    for (float[][] text : answers) {
      assertThat(text[0]).hasSize(3);
      assertThat(text[1]).hasSize(2);
      for (float[] head : text) {
        double sum = 0;
        for (float probability : head) {
          sum += probability;
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
      }
    }
    assertThat(answers[0][0][2]).isGreaterThan(0.5f);
    assertThat(model.attention(List.of("x", "y"))).containsExactly(List.of(), List.of());
  }

  @Test
  void gives0ToAClassItNeverSawAndNothingForAHeadWithoutLabels() {
    LinearBaseline partial =
        fit(new int[][] {{2, -1}, {0, -1}, {0, -1}, {2, -1}, {0, -1}, {2, -1}});

    float[][] answer = partial.probabilities(List.of("profit"))[0];

    assertThat(answer[0][1]).isZero();
    assertThat(answer[0][0] + answer[0][2]).isCloseTo(1, within(1e-5f));
    assertThat(answer[1]).isNull();
  }

  @Test
  void alwaysAnswersTheOnlyClassThereIs() {
    LinearBaseline constant = fit(new int[][] {{1, 0}, {1, 0}, {1, 0}, {1, 1}, {1, 1}, {1, 1}});

    assertThat(constant.probabilities(List.of("anything"))[0][0]).containsExactly(0f, 1f, 0f);
  }

  /**
   * Tests that the partitioning of the rows does not change a bit, since executors answer in any
   * order.
   */
  @Test
  void learnsTheSameBitsHoweverTheRowsAreSpread() {
    Dataset<Row> rows = rows(ANSWERS);
    for (Dataset<Row> spread :
        List.of(rows.repartition(5), rows.orderBy(col("text").desc()).coalesce(1))) {
      LinearBaseline again = fit(spread);
      assertThat(again.weights(0)).isDeepEqualTo(model.weights(0));
      assertThat(again.weights(1)).isDeepEqualTo(model.weights(1));
    }
  }

  private static LinearBaseline fit(int[][] answers) {
    return fit(rows(answers));
  }

  private static LinearBaseline fit(Dataset<Row> train) {
    return fit(train, CONFIG);
  }

  private static LinearBaseline fit(Dataset<Row> train, BaselineConfig config) {
    List<ClassCounts> counts = Labels.count(train, LABELS);
    assertThat(counts.get(0).rows()).isEqualTo(6);
    return LinearBaseline.fit(train, LABELS, counts, config);
  }

  private static Dataset<Row> rows(int[][] answers) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < TEXTS.size(); i++) {
      Object[] labels = Arrays.stream(answers[i]).boxed().toArray();
      rows.add(RowFactory.create("id-" + i, TEXTS.get(i), labels));
    }
    return TestNight.spark()
        .createDataFrame(
            rows,
            new StructType()
                .add("id", DataTypes.StringType)
                .add("text", DataTypes.StringType)
                .add("labels", DataTypes.createArrayType(DataTypes.IntegerType)));
  }

  private static double[] slow(String text, List<String> texts) {
    Map<String, Integer> counts = new HashMap<>();
    Ngrams.of(text).forEach(ngram -> counts.merge(ngram, 1, Integer::sum));
    List<Double> values = new ArrayList<>();
    counts.forEach(
        (ngram, count) -> {
          long documents = texts.stream().filter(t -> Ngrams.of(t).contains(ngram)).count();
          values.add(
              (1 + Math.log(count)) * (1 + Math.log((1.0 + texts.size()) / (1 + documents))));
        });
    double norm = Math.sqrt(values.stream().mapToDouble(v -> v * v).sum());
    return values.stream().mapToDouble(v -> v / norm).toArray();
  }

  private static double[] sorted(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
