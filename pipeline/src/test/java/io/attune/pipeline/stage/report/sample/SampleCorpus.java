package io.attune.pipeline.stage.report.sample;

import io.attune.schemas.report.NightQuality;
import io.attune.schemas.report.NightReport.CorpusIntake;
import io.attune.schemas.report.NightReport.RejectCount;
import io.attune.schemas.report.NightReport.TextChange;
import io.attune.schemas.report.NightReport.TimelinePoint;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Samples what a night read: corpora, rejects, labels and months.
 *
 * @param times how many times as much of everything as an ordinary night has
 */
record SampleCorpus(int times) {
  static final List<String> SENTIMENTS = List.of("negative", "neutral", "positive");

  private static final List<String> TOPICS =
      List.of("earnings", "mergers", "central banks", "energy", "regulation", "technology");

  List<CorpusIntake> intake() {
    List<CorpusIntake> intake = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String suffix = i == 0 ? "" : "-" + i;
      intake.add(new CorpusIntake("newswire-en" + suffix, 7_204, 212));
      intake.add(new CorpusIntake("财经新闻" + suffix, 3_918, 64));
      intake.add(new CorpusIntake("shop-reviews" + suffix, 1_082, 9));
    }
    return intake;
  }

  List<RejectCount> rejects() {
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
              "ingest",
              "newswire-en" + suffix,
              "malformed",
              37,
              SampleNight.HOSTILE + ";;\t\"\"\""));
      rejects.add(
          new RejectCount(
              "ingest", "shop-reviews" + suffix, "unknown-label", 9, SampleNight.CONTROLS));
      rejects.add(
          new RejectCount("clean", "newswire-en" + suffix, "too-short", 4, SampleNight.LONG_WORD));
    }
    return rejects;
  }

  List<NightQuality.Finding> findings() {
    List<NightQuality.Finding> findings = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      findings.add(
          new NightQuality.Finding("documents", NightQuality.Level.FAIL, "3", "900 to 1,400"));
      findings.add(
          new NightQuality.Finding(
              "labels of " + SampleNight.HOSTILE,
              NightQuality.Level.WARN,
              SampleNight.HOSTILE,
              SampleNight.LONG_WORD));
      findings.add(
          new NightQuality.Finding("copies", NightQuality.Level.PASS, "2.0 %", "0.0 % to 4.0 %"));
    }
    return findings;
  }

  List<TextChange> changes() {
    List<TextChange> changes = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String suffix = i == 0 ? "" : "-" + i;
      changes.add(new TextChange("newswire-en" + suffix, "tags", 412, 1_730, SampleNight.HOSTILE));
      changes.add(
          new TextChange("newswire-en" + suffix, "boilerplate", 96, 96, SampleNight.LONG_WORD));
      changes.add(new TextChange("shop-reviews" + suffix, "email", 3, 4, null));
      changes.add(new TextChange("财经新闻" + suffix, "invisible", 2, 9, "U+200B"));
    }
    return changes;
  }

  Map<String, Map<String, Map<String, Long>>> labels() {
    Map<String, Map<String, Map<String, Long>>> labels = new LinkedHashMap<>();
    Map.of("train", 38_000L, "validation", 4_700L, "test", 6_000L)
        .forEach(
            (split, rows) ->
                labels.put(
                    split,
                    Map.of(
                        "sentiment", counts(SENTIMENTS, rows), "topic", counts(topics(), rows))));
    return labels;
  }

  private static Map<String, Long> counts(List<String> labels, long rows) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      counts.put(labels.get(i), rows * (labels.size() + 2 - i) / labels.size() / labels.size());
    }
    return counts;
  }

  List<TimelinePoint> timeline() {
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

  List<String> topics() {
    List<String> topics = new ArrayList<>(TOPICS);
    for (int i = 1; i < times; i++) {
      for (String topic : TOPICS) {
        topics.add(topic + " " + i);
      }
    }
    return topics;
  }
}
