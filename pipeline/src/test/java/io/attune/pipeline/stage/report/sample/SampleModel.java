package io.attune.pipeline.stage.report.sample;

import io.attune.schemas.model.Provenance;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.NightReport.StageRecord;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.SliceRecord;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Samples how a model of a night was made and compared. */
final class SampleModel {
  private SampleModel() {}

  static VerdictRecord verdict() {
    return new VerdictRecord(
            VerdictRecord.PROMOTE,
            "2026-01-06.1",
            "2026-01-05.1",
            List.of(
                "On sentiment it is right in 87.4% of 6,004 test rows, 1.3 points more than the current"
                    + " model; so large a difference comes by chance in 4 of 1,000 such nights.",
                "On topic it is better by 1.3 points, and no part of the test split is worse than the"
                    + " margin of 2 points allows."),
            List.of(
                new TestRecord(
                    "sentiment",
                    "mcnemar-mid-p",
                    6_004,
                    0.013,
                    new Interval(0.004, 0.022),
                    0.0041,
                    0.0128),
                new TestRecord(
                    "sentiment",
                    "paired-bootstrap-macro-f1",
                    6_004,
                    0.0131,
                    new Interval(0.003, 0.0235),
                    null,
                    null),
                new TestRecord(
                    "topic",
                    "mcnemar-mid-p",
                    6_004,
                    0.0127,
                    new Interval(0.0051, 0.0204),
                    0.0007,
                    0.011),
                new TestRecord(
                    "topic",
                    "paired-bootstrap-macro-f1",
                    6_004,
                    -0.0012,
                    new Interval(-0.004, 0.0196),
                    null,
                    null)))
        .withSlices(
            List.of(
                new SliceRecord(
                    "sentiment",
                    "2026-01-06.1",
                    "source",
                    SampleNight.HOSTILE,
                    "current",
                    725,
                    -0.02,
                    new Interval(-0.03, -0.01),
                    0.025,
                    0.0001,
                    0.002,
                    "below")));
  }

  static TrainingRecord training() {
    List<EpochRecord> curve = new ArrayList<>();
    for (int e = 1; e <= 10; e++) {
      double train = 0.18 + 0.92 * Math.exp(-e / 2.6);
      double validation = 0.36 + 0.62 * Math.exp(-e / 2.0) + 0.012 * Math.max(0, e - 7);
      double accuracy = 0.885 - 0.35 * Math.exp(-e / 1.8);
      curve.add(new EpochRecord(e, train, validation, accuracy, 19.6, accuracy - 0.013));
    }
    return TrainingRecord.builder()
        .workers(4)
        .epochs(10)
        .bestEpoch(7)
        .rounds(320)
        .seconds(196.4)
        .tokensPerSecond(71_938.2)
        .averagingShare(0.083)
        .parameters(3_412_489L)
        .rowsPlanned(381_120L)
        .rowsTrained(381_120L)
        .resumes(1)
        .curve(curve)
        .build();
  }

  static List<StageRecord> stages() {
    return List.of(
        new StageRecord("ingest", 21.4, "12,204 documents, 98 rejected"),
        new StageRecord("clean", 17.9, "12,017 documents, 187 rejected"),
        new StageRecord("tokenize", 31.2, "16,000 tokens, 48,847 rows"),
        new StageRecord("shard", 8.1, "6 shards, 1,813,997 tokens"),
        new StageRecord("train", 196.4, "epoch 7 of 10 kept, validation loss 0.379"),
        new StageRecord("evaluate", 44.6, "sentiment 87.4%, topic 90.9%"),
        new StageRecord("compare", 1.3, "promote"),
        new StageRecord("promote", 0.2, "2026-01-06.1 is the current model"));
  }

  static Map<String, Provenance> lineage() {
    Map<String, Provenance> lineage = new LinkedHashMap<>();
    List<String> names =
        List.of("tokenizer", "dataset", "model", "evaluation", "verdict", "report");
    for (int i = 0; i < names.size(); i++) {
      Map<String, String> inputs =
          i == 0
              ? Map.of("clean_documents", "snapshot 4821775094018")
              : Map.of(names.get(i - 1), "3b1f0a9c7d2e".repeat(6).substring(0, 64));
      lineage.put(
          names.get(i),
          new Provenance(
              "news",
              "2026-01-06.1",
              List.of("tokenize", "shard", "train", "evaluate", "compare", "report").get(i),
              "2026-01-06T02:%02d:11Z".formatted(4 + 3 * i),
              "attune",
              "node-17.example",
              inputs,
              "9d377ab0c41e".repeat(6).substring(0, 64),
              "a3c19e0b7f42".repeat(4).substring(0, 40),
              Map.of(
                  "attune", "0.1.0", "java", "17.0.15", "spark", "3.5.5", "nd4j", "1.0.0-M2.1")));
    }
    return lineage;
  }
}
