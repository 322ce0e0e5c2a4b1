package io.attune.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.attune.pipeline.Stage;
import io.attune.pipeline.metric.Holm;
import io.attune.pipeline.metric.McNemar;
import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.table.Split;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Holds what one model of a night reached on the test split of a real corpus.
 *
 * @param model as {@link HeadResult#model} names it
 * @param accuracy in [0, 1]
 * @param macroF1 in [0, 1]
 * @param candidateOnly rows that only the night's model got right, and not the linear baseline;
 *     null for other models
 * @param baselineOnly rows that only the linear baseline got right; null for other models
 * @param nightSeconds of the whole night; null for other models than the night's
 * @param stageSeconds by stage; null likewise
 */
record SetResult(
    String corpus,
    String head,
    String model,
    long rows,
    double accuracy,
    double macroF1,
    Long candidateOnly,
    Long baselineOnly,
    Double nightSeconds,
    Map<String, Double> stageSeconds) {

  /** Reads the results of a night. */
  static List<SetResult> of(
      String corpus, NightReport report, Duration night, Artefact evaluation, SparkSession spark) {
    List<SetResult> results = new ArrayList<>();
    for (HeadResult result : report.evaluation()) {
      if (!result.split().equals(Split.TEST.word()) || result.model().equals(Evaluation.MAJORITY)) {
        continue;
      }
      boolean whole = result.model().equals(Evaluation.CANDIDATE);
      McNemar paired = whole ? paired(result, evaluation, spark) : null;
      results.add(
          new SetResult(
              corpus,
              result.head(),
              result.model(),
              result.rows(),
              result.accuracy(),
              result.macroF1(),
              whole ? paired.candidateOnly() : null,
              whole ? paired.otherOnly() : null,
              whole ? (double) night.toMillis() / 1000 : null,
              whole ? stages(report) : null));
    }
    return results;
  }

  private static Map<String, Double> stages(NightReport report) {
    Map<String, Double> seconds = new java.util.TreeMap<>();
    report.stages().forEach(stage -> seconds.merge(stage.stage(), stage.seconds(), Double::sum));
    return seconds;
  }

  private static McNemar paired(HeadResult result, Artefact evaluation, SparkSession spark) {
    List<Row> counts =
        spark
            .read()
            .parquet(evaluation.resolve(Evaluation.PREDICTIONS).toString())
            .where(col("split").equalTo(Split.TEST.word()))
            .where(col("head").equalTo(result.head()))
            .where(col("label").isNotNull())
            .groupBy(
                col(Evaluation.CANDIDATE).equalTo(col("label")),
                col(Evaluation.BASELINE).equalTo(col("label")))
            .agg(count(lit(1)))
            .collectAsList();
    return new McNemar(counted(counts, true, false), counted(counts, false, true), result.rows());
  }

  private static long counted(List<Row> counts, boolean candidate, boolean baseline) {
    return counts.stream()
        .filter(row -> row.getBoolean(0) == candidate && row.getBoolean(1) == baseline)
        .mapToLong(row -> row.getLong(2))
        .sum();
  }

  private boolean isWhole() {
    return model.equals(Evaluation.CANDIDATE);
  }

  private double p() {
    return new McNemar(candidateOnly, baselineOnly, rows).midPValue();
  }

  /** Returns the result in one line, for a console. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%s, %s: accuracy %.2f, macro-F1 %.2f",
        corpus,
        model,
        100 * accuracy,
        100 * macroF1);
  }

  static String json(List<SetResult> results) {
    return new String(Json.pretty(results), StandardCharsets.UTF_8);
  }

  /** Returns the table as Markdown, by line. */
  static List<String> table(List<SetResult> results) {
    List<SetResult> wholes = results.stream().filter(SetResult::isWhole).toList();
    List<Double> adjusted = Holm.adjust(wholes.stream().map(SetResult::p).toList());
    List<String> lines = new ArrayList<>();
    lines.add(
        "| corpus | model | rows | accuracy | macro-F1 | p against the baseline | with Holm's"
            + " correction | night | train |");
    lines.add("|---|---|---|---|---|---|---|---|---|");
    for (SetResult result : results) {
      String measures =
          String.format(
              Locale.ROOT,
              "| %s | %s | %,d | %.2f | %.2f |",
              result.corpus,
              result.model,
              result.rows,
              100 * result.accuracy,
              100 * result.macroF1);
      lines.add(measures + result.comparison(wholes, adjusted));
    }
    return lines;
  }

  private String comparison(List<SetResult> wholes, List<Double> adjusted) {
    if (!isWhole()) {
      return "  |  |  |  |";
    }
    return String.format(
        Locale.ROOT,
        " %.2g | %.2g | %s | %s |",
        p(),
        adjusted.get(wholes.indexOf(this)),
        RealSets.minutes(nightSeconds),
        RealSets.minutes(stageSeconds.getOrDefault(Stage.TRAIN.word(), 0.0)));
  }
}
