package io.attune.pipeline.stage.report.sample;

import io.attune.schemas.model.Provenance;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.Evaluation.CalibrationBin;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.Example;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.Evaluation.SliceResult;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.NightReport.CorpusIntake;
import io.attune.schemas.report.NightReport.RejectCount;
import io.attune.schemas.report.NightReport.StageRecord;
import io.attune.schemas.report.NightReport.TimelinePoint;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A night of financial news as it might be, with hostile text in every place, in any size.
 *
 * @param times how many times as much of everything as an ordinary night has
 */
public record SampleNight(int times) {
  public static final String HOSTILE = "<script>alert(1)</script> \"quoted\" & 'so' on";
  public static final String CONTROLS =
      "Profit \u0000warning\u001b[31m \u202egnp.exe\u2066 \ud800 end";
  public static final String LONG_WORD = "Donaudampfschifffahrt".repeat(12);

  private static final List<String> SENTIMENTS = List.of("negative", "neutral", "positive");
  private static final List<String> TOPICS =
      List.of("earnings", "mergers", "central banks", "energy", "regulation", "technology");

  public NightReport report() {
    Map<String, Map<String, Map<String, Long>>> labels = new LinkedHashMap<>();
    Map.of("train", 38_000L, "validation", 4_700L, "test", 6_000L)
        .forEach(
            (split, rows) ->
                labels.put(
                    split,
                    Map.of(
                        "sentiment", counts(SENTIMENTS, rows), "topic", counts(topics(), rows))));
    return new NightReport(
        NightReport.VERSION,
        "news",
        "2026-01-06.1",
        "2026-01-06",
        Map.of("train", 38_112L, "validation", 4_731L, "test", 6_004L),
        Map.of("train", 1_412_906L, "validation", 176_220L, "test", 224_871L),
        intake(),
        rejects(),
        labels,
        timeline(),
        evaluation(),
        slices(),
        examples(),
        verdict(),
        training(),
        stages(),
        lineage());
  }

  /** A night that has only what every night has. */
  public static NightReport smallest() {
    return new NightReport(
        NightReport.VERSION,
        "t",
        "2026-01-01.1",
        "2026-01-01",
        Map.of(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        List.of(),
        Map.of());
  }

  private List<String> topics() {
    List<String> topics = new ArrayList<>(TOPICS);
    for (int i = 1; i < times; i++) {
      for (String topic : TOPICS) {
        topics.add(topic + " " + i);
      }
    }
    return topics;
  }

  private static Map<String, Long> counts(List<String> labels, long rows) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      counts.put(labels.get(i), rows * (labels.size() + 2 - i) / labels.size() / labels.size());
    }
    return counts;
  }

  private List<CorpusIntake> intake() {
    List<CorpusIntake> intake = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String suffix = i == 0 ? "" : "-" + i;
      intake.add(new CorpusIntake("newswire-en" + suffix, 7_204, 212));
      intake.add(new CorpusIntake("财经新闻" + suffix, 3_918, 64));
      intake.add(new CorpusIntake("shop-reviews" + suffix, 1_082, 9));
    }
    return intake;
  }

  private List<RejectCount> rejects() {
    List<RejectCount> rejects = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String suffix = i == 0 ? "" : "-" + i;
      rejects.add(
          new RejectCount(
              "clean", "newswire-en" + suffix, "duplicate", 171, "Shares of Northwind fell 4.2%"));
      rejects.add(
          new RejectCount("ingest", "财经新闻" + suffix, "broken-encoding", 52, "\ufffd\ufffd股份有限公司"));
      rejects.add(
          new RejectCount(
              "ingest", "newswire-en" + suffix, "malformed", 37, HOSTILE + ";;\t\"\"\""));
      rejects.add(new RejectCount("ingest", "shop-reviews" + suffix, "unknown-label", 9, CONTROLS));
      rejects.add(new RejectCount("clean", "newswire-en" + suffix, "too-short", 4, LONG_WORD));
    }
    return rejects;
  }

  private List<TimelinePoint> timeline() {
    SplittableRandom random = new SplittableRandom(7);
    List<TimelinePoint> points = new ArrayList<>();
    YearMonth first = YearMonth.of(2026, 1).minusMonths(24L * times - 1);
    for (int m = 0; m < 24 * times; m++) {
      String month = first.plusMonths(m).toString();
      double mood = Math.sin(m / 4.0);
      points.add(
          new TimelinePoint(
              month, "sentiment", "negative", (long) (420 + 190 * mood + random.nextInt(60))));
      points.add(new TimelinePoint(month, "sentiment", "neutral", 700 + random.nextInt(120)));
      points.add(
          new TimelinePoint(
              month, "sentiment", "positive", (long) (520 - 160 * mood + random.nextInt(60))));
      List<String> topics = topics();
      for (int t = 0; t < topics.size(); t++) {
        points.add(
            new TimelinePoint(
                month,
                "topic",
                topics.get(t),
                (long) (300 / (1 + 0.3 * t) * (1.2 + Math.sin((m + 3 * t) / 5.0)))
                    + random.nextInt(40)));
      }
    }
    return points;
  }

  private List<HeadResult> evaluation() {
    List<HeadResult> results = new ArrayList<>();
    for (String head : List.of("sentiment", "topic")) {
      List<String> labels = head.equals("sentiment") ? SENTIMENTS : topics();
      double easier = head.equals("sentiment") ? 0 : 0.035;
      results.add(result("candidate", "2026-01-06.1", head, labels, 0.874 + easier));
      results.add(result("current", "2026-01-05.1", head, labels, 0.861 + easier));
      results.add(result("baseline", null, head, labels, 0.842 + easier));
      results.add(result("majority", null, head, labels, 0.41 - 4 * easier));
    }
    return results;
  }

  private static HeadResult result(
      String model, String version, String head, List<String> labels, double accuracy) {
    boolean majority = model.equals("majority");
    double f1 = majority ? accuracy / labels.size() : accuracy - 0.013;
    return new HeadResult(
        model,
        version,
        "test",
        head,
        6_004,
        accuracy,
        new Interval(accuracy - 0.0084, accuracy + 0.008),
        f1,
        new Interval(f1 - 0.011, f1 + 0.0098),
        majority ? null : 0.36 + (0.9 - accuracy),
        majority ? null : 0.021 + (0.9 - accuracy) / 3,
        IntStream.range(0, labels.size())
            .mapToObj(
                i ->
                    new ClassResult(
                        labels.get(i),
                        2_400 - 300L * (i % 6),
                        f1 + 0.02,
                        f1 - 0.03 + 0.01 * (i % 4),
                        f1 - 0.02 * (i % 3)))
            .toList(),
        confusion(labels.size(), accuracy),
        majority ? List.of() : calibration(accuracy));
  }

  private static List<List<Long>> confusion(int classes, double accuracy) {
    List<List<Long>> confusion = new ArrayList<>();
    for (int expected = 0; expected < classes; expected++) {
      List<Long> row = new ArrayList<>(Collections.nCopies(classes, 0L));
      long support = 2_400 - 300L * (expected % 6);
      row.set(expected, Math.round(support * accuracy));
      row.set((expected + 1) % classes, Math.round(support * (1 - accuracy) * 0.8));
      row.set(
          (expected + classes - 1) % classes,
          row.get((expected + classes - 1) % classes) + Math.round(support * (1 - accuracy) * 0.2));
      confusion.add(row);
    }
    return confusion;
  }

  private static List<CalibrationBin> calibration(double accuracy) {
    List<CalibrationBin> bins = new ArrayList<>();
    for (int b = 0; b < 10; b++) {
      double middle = b / 10.0 + 0.05;
      long rows = b < 3 ? 0 : 40L * b * b;
      double right = Math.min(1, middle - 0.06 * Math.sin(middle * 3) + (accuracy - 0.87));
      bins.add(new CalibrationBin(b / 10.0, (b + 1) / 10.0, rows, middle, Math.max(0, right)));
    }
    return bins;
  }

  private List<SliceResult> slices() {
    List<SliceResult> slices = new ArrayList<>();
    for (String head : List.of("sentiment", "topic")) {
      slice(slices, head, "language", List.of("en", "zh"));
      List<String> sources = new ArrayList<>(List.of("Reuters", "新华财经", "Northwind Wire"));
      sources.add(HOSTILE);
      for (int i = 1; i < times; i++) {
        sources.add("Source " + i);
      }
      slice(slices, head, "source", sources);
      slice(slices, head, "month", List.of("2025-11", "2025-12", "2026-01"));
      slice(slices, head, "length", List.of("1–16", "17–32", "33–64", "65–128"));
    }
    return slices;
  }

  private static void slice(
      List<SliceResult> slices, String head, String slice, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      long rows = 2_900 / (i + 1);
      double accuracy = 0.89 - 0.017 * (i % 5);
      slices.add(
          new SliceResult(
              "candidate", head, slice, values.get(i), rows, accuracy, accuracy - 0.02));
      slices.add(
          new SliceResult(
              "current",
              head,
              slice,
              values.get(i),
              rows,
              accuracy - 0.012 + 0.006 * i,
              accuracy - 0.03));
    }
  }

  private List<Example> examples() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String id = "d-" + i;
      examples.add(
          new Example(
              "worst-error",
              id + 1,
              "sentiment",
              "Northwind said it does not expect the loss to narrow before spring, contrary to what"
                  + " analysts had hoped.",
              "negative",
              "positive",
              0.984,
              attend(
                  "Northwind said it does not expect the loss to narrow before spring, contrary to"
                      + " what analysts had hoped.",
                  Map.of(
                      "hoped", 0.31, "narrow", 0.22, "loss", 0.12, "not", 0.05, "spring", 0.04))));
      examples.add(
          new Example(
              "worst-error",
              id + 2,
              "sentiment",
              "公司表示，尽管营收增长，净利润并未好于预期，股价盘后下跌。",
              "negative",
              "positive",
              0.951,
              attend(
                  "公司表示，尽管营收增长，净利润并未好于预期，股价盘后下跌。",
                  Map.of("增长", 0.34, "好于", 0.2, "预期", 0.11, "并未", 0.06, "下跌", 0.09))));
      examples.add(
          new Example(
              "worst-error",
              id + 3,
              "topic",
              HOSTILE,
              "regulation",
              "technology",
              0.93,
              attend(HOSTILE, Map.of("<script>", 0.4, "quoted", 0.2))));
      examples.add(
          new Example(
              "least-certain",
              id + 4,
              "sentiment",
              CONTROLS,
              "neutral",
              "negative",
              0.351,
              attend(CONTROLS, Map.of("warning", 0.5, "end", 0.1))));
      examples.add(
          new Example(
              "least-certain",
              id + 5,
              "topic",
              "The bank said the refinery deal would close once the regulator agrees 🙂 or not.",
              null,
              "mergers",
              0.338,
              attend(
                  "The bank said the refinery deal would close once the regulator agrees 🙂 or not.",
                  Map.of("deal", 0.3, "refinery", 0.24, "regulator", 0.2, "bank", 0.1))));
      examples.add(
          new Example(
              "typical",
              id + 6,
              "sentiment",
              "Orders rose 12% and the company raised its outlook for the year; margins, it said,"
                  + " would not suffer.",
              "positive",
              "positive",
              0.962,
              attend(
                  "Orders rose 12% and the company raised its outlook for the year; margins, it"
                      + " said, would not suffer.",
                  Map.of("rose", 0.26, "raised", 0.24, "outlook", 0.1, "not suffer", 0.13))));
    }
    return examples;
  }

  private static List<AttendedSpan> attend(String text, Map<String, Double> weights) {
    return weights.entrySet().stream()
        .map(
            entry -> {
              int start = text.indexOf(entry.getKey());
              return new AttendedSpan(start, start + entry.getKey().length(), entry.getValue());
            })
        .sorted(java.util.Comparator.comparingInt(AttendedSpan::start))
        .toList();
  }

  private static VerdictRecord verdict() {
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
                null)));
  }

  private static TrainingRecord training() {
    List<EpochRecord> curve = new ArrayList<>();
    for (int e = 1; e <= 10; e++) {
      double train = 0.18 + 0.92 * Math.exp(-e / 2.6);
      double validation = 0.36 + 0.62 * Math.exp(-e / 2.0) + 0.012 * Math.max(0, e - 7);
      curve.add(new EpochRecord(e, train, validation, 0.885 - 0.35 * Math.exp(-e / 1.8), 19.6));
    }
    return new TrainingRecord(
        4, 10, 7, 320, 196.4, 71_938.2, 0.083, 3_412_489L, 381_120L, 381_120L, 1, curve);
  }

  private static List<StageRecord> stages() {
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

  private static Map<String, Provenance> lineage() {
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
