package io.attune.pipeline.stage.compare;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.Evaluation.Learned;
import io.attune.schemas.table.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Publishes evaluations of the head {@code mood} as {@code evaluate} does.
 *
 * @param rows split, label, candidate, current and baseline of each row
 * @param current version of the model that has results beside the candidate; null for none
 * @param learned rows that models have learned from
 * @param versions of the models, as the provenance names them
 */
record TestEvaluations(
    List<String[]> rows, String current, List<Learned> learned, Map<String, String> versions) {
  private static final Interval ANY = new Interval(0, 1);

  /** Makes evaluations of rows that no model has learned from, with nothing in the provenance. */
  TestEvaluations(List<String[]> rows, String current) {
    this(rows, current, List.of(), Map.of());
  }

  /** Publishes the classes that a model knows for the head. */
  static void publishClasses(StageContext night, String version, String... classes) {
    LabelSets known = new LabelSets(List.of(new LabelSets.Head("mood", List.of(classes))));
    night
        .artefacts()
        .publish(
            "models/test/" + version,
            night.recorder().record("train", Map.of()),
            staging -> {
              staging.write(ModelBundle.LABELS, Json.pretty(known));
              return Map.of();
            });
  }

  /** Makes a night up to its evaluation. */
  StageContext publish(Path root) {
    StageContext night = TestNight.in(root);
    List<HeadResult> results = new ArrayList<>();
    results.add(result("candidate", "2026-01-02.1", List.of(List.of(9L, 1L), List.of(0L, 10L))));
    results.add(result("baseline", null, List.of(List.of(1L, 1L), List.of(0L, 2L))));
    results.add(result("majority", null, List.of(List.of(0L, 10L), List.of(0L, 10L))));
    if (current != null) {
      results.add(result("current", current, List.of(List.of(2L, 0L), List.of(1L, 1L))));
    }
    List<Row> predictions =
        rows.stream()
            .map(row -> RowFactory.create(row[0], "mood", row[1], row[2], row[3], row[4]))
            .toList();
    StructType schema = new StructType();
    for (String column : List.of("split", "head", "label", "candidate", "current", "baseline")) {
      schema = schema.add(column, DataTypes.StringType);
    }
    var table = TestNight.spark().createDataFrame(predictions, schema);
    night
        .artefacts()
        .publish(
            TestNight.RUN.evaluation(),
            night.recorder().record("evaluate", versions),
            staging -> {
              table.write().parquet(staging.resolve("predictions").toString());
              Evaluation evaluation = new Evaluation(results, List.of(), List.of());
              staging.write(
                  Evaluation.FILE_NAME, Json.pretty(evaluation.withLearned(results, learned)));
              return Map.of();
            });
    return night;
  }

  private static HeadResult result(String model, String version, List<List<Long>> confusion) {
    return HeadResult.builder(model, Split.TEST.word(), "mood", 4)
        .version(version)
        .accuracyInterval(ANY)
        .macroF1Interval(ANY)
        .perClass(List.of(new ClassResult("down", 2, 0, 0, 0), new ClassResult("up", 2, 0, 0, 0)))
        .confusion(confusion)
        .build();
  }
}
