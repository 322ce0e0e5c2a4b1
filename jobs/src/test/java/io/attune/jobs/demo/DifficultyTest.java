package io.attune.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.IDF;
import org.apache.spark.ml.feature.Normalizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/**
 * Measures a linear model of words and bigrams on the first night: TF-IDF and logistic regression
 * of spark-mllib, a Chinese character counting as a word, every seventh text held out.
 */
final class DifficultyTest {
  private static final Pattern WORD = Pattern.compile("\\p{IsHan}|[\\p{L}\\p{N}&&[^\\p{IsHan}]]+");
  private static final StructType COLUMNS =
      new StructType()
          .add("terms", DataTypes.createArrayType(DataTypes.StringType))
          .add("topic", DataTypes.DoubleType)
          .add("sentiment", DataTypes.DoubleType)
          .add("held", DataTypes.BooleanType);

  @Test
  void aLinearModelKnowsTheTopicButNotTheSentiment() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();

    Dataset<Row> features = features(spark.createDataFrame(rows(), COLUMNS)).cache();
    Scores topic = linear(features.where("topic IS NOT NULL"), "topic");
    Scores sentiment = linear(features.where("sentiment IS NOT NULL"), "sentiment");
    features.unpersist();

    assertThat(topic.accuracy()).isGreaterThan(0.9);
    assertThat(sentiment.accuracy()).isBetween(0.65, 0.8);
    assertThat(sentiment.macroF1()).isBetween(0.65, 0.8);
  }

  private record Scores(double accuracy, double macroF1) {}

  private static Dataset<Row> features(Dataset<Row> rows) {
    Dataset<Row> counted =
        new HashingTF()
            .setNumFeatures(1 << 16)
            .setInputCol("terms")
            .setOutputCol("counts")
            .transform(rows)
            .drop("terms");
    Dataset<Row> weighted =
        new IDF().setInputCol("counts").setOutputCol("weighted").fit(counted).transform(counted);
    return new Normalizer()
        .setInputCol("weighted")
        .setOutputCol("features")
        .transform(weighted)
        .drop("counts", "weighted");
  }

  private static Scores linear(Dataset<Row> features, String label) {
    Dataset<Row> predicted =
        new LogisticRegression()
            .setLabelCol(label)
            .setRegParam(1e-4)
            .setStandardization(false)
            .setMaxIter(40)
            .fit(features.where("not held"))
            .transform(features.where("held"))
            .cache();
    try {
      return new Scores(scorer(label, "accuracy").evaluate(predicted), macroF1(label, predicted));
    } finally {
      predicted.unpersist();
    }
  }

  private static MulticlassClassificationEvaluator scorer(String label, String metric) {
    return new MulticlassClassificationEvaluator().setLabelCol(label).setMetricName(metric);
  }

  private static double macroF1(String label, Dataset<Row> predicted) {
    List<Row> labels = predicted.select(label).distinct().collectAsList();
    return labels.stream()
        .mapToDouble(
            row ->
                scorer(label, "fMeasureByLabel")
                    .setMetricLabel(row.getDouble(0))
                    .evaluate(predicted))
        .average()
        .orElseThrow();
  }

  /** Returns the texts with the classes that they have; a label may be missing or unknown. */
  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    Map<String, Double> classes = classes();
    for (Channel channel : Channel.all()) {
      for (Item item : DemoFile.of(channel, Night.FIRST, 42).items()) {
        String original = item.id().replaceFirst("-(near|again)$", "");
        rows.add(
            RowFactory.create(
                terms(item.title() + " " + item.text()),
                classes.get(item.topic()),
                classes.get(item.sentiment()),
                Math.floorMod(original.hashCode(), 7) == 0));
      }
    }
    return rows;
  }

  /** Numbers the classes of both heads. */
  private static Map<String, Double> classes() {
    Map<String, Double> classes = new TreeMap<>();
    for (Sentiment sentiment : Sentiment.values()) {
      classes.put(sentiment.label(), (double) classes.size());
    }
    double topics = 0;
    for (Channel channel : List.of(Channel.NEWSWIRE_EN, Channel.SHOP_EN)) {
      for (String topic : channel.style().topics()) {
        classes.put(topic, topics++);
      }
    }
    return classes;
  }

  private static String[] terms(String text) {
    List<String> words =
        WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group).toList();
    List<String> terms = new ArrayList<>(words);
    for (int i = 1; i < words.size(); i++) {
      terms.add(words.get(i - 1) + " " + words.get(i));
    }
    return terms.toArray(new String[0]);
  }
}
