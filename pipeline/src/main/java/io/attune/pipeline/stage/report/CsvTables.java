package io.attune.pipeline.stage.report;

import io.attune.pipeline.figure.Csv;
import io.attune.schemas.report.Evaluation.Example;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.NightQuality;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.NightReport.CorpusIntake;
import io.attune.schemas.report.NightReport.RejectCount;
import io.attune.schemas.report.NightReport.StageRecord;
import io.attune.schemas.report.NightReport.TextChange;
import io.attune.schemas.report.NightReport.TimelinePoint;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import io.attune.schemas.report.VerdictRecord.BaselineRecord;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the CSV tables of a night, one row per fact, as {@code docs/formats/report.md} lists them.
 */
final class CsvTables {
  private CsvTables() {}

  /** Returns every table by its file name below {@code tables/}. */
  static Map<String, Csv> of(NightReport night) {
    Map<String, Csv> tables = new TreeMap<>();
    tables.put("intake.csv", intake(night.intake()));
    tables.put("rejects.csv", rejects(night.rejects()));
    tables.put("changes.csv", changes(night.changes()));
    tables.put("quality.csv", quality(night.findings()));
    tables.put("splits.csv", splits(night));
    tables.put("labels.csv", labels(night.labels()));
    tables.put("timeline.csv", timeline(night.timeline()));
    tables.put("evaluation.csv", evaluation(night.evaluation()));
    tables.put("classes.csv", classes(night.evaluation()));
    tables.put("confusion.csv", confusion(night.evaluation()));
    tables.put("calibration.csv", calibration(night.evaluation()));
    tables.putAll(EvidenceTables.of(night));
    tables.put("examples.csv", examples(night.examples()));
    tables.put("tests.csv", tests(night.verdict() == null ? List.of() : night.verdict().tests()));
    tables.put(
        "baselines.csv",
        baselines(night.verdict() == null ? List.of() : night.verdict().baselines()));
    tables.putAll(SinceTables.of(night));
    tables.put(
        "training.csv", training(night.training() == null ? List.of() : night.training().curve()));
    tables.put("stages.csv", stages(night.stages()));
    tables.put("warnings.csv", warnings(night.stages()));
    return tables;
  }

  private static Csv intake(List<CorpusIntake> intake) {
    return new Csv("corpus", "documents", "rejected")
        .rows(intake, i -> fields(i.corpus(), i.documents(), i.rejected()));
  }

  private static Csv rejects(List<RejectCount> rejects) {
    return new Csv("stage", "corpus", "reason", "records", "example")
        .rows(rejects, r -> fields(r.stage(), r.corpus(), r.reason(), r.records(), r.example()));
  }

  private static Csv quality(List<NightQuality.Finding> findings) {
    return new Csv("check", "level", "found", "usual")
        .rows(
            findings,
            f ->
                fields(f.check(), f.level().name().toLowerCase(Locale.ROOT), f.found(), f.usual()));
  }

  private static Csv changes(List<TextChange> changes) {
    return new Csv("corpus", "change", "documents", "amount", "example")
        .rows(changes, c -> fields(c.corpus(), c.change(), c.documents(), c.amount(), c.example()));
  }

  private static Csv splits(NightReport night) {
    Csv csv = new Csv("split", "rows", "tokens");
    new TreeMap<>(night.rows())
        .forEach((split, rows) -> csv.row(split, rows, night.tokens().get(split)));
    return csv;
  }

  private static Csv labels(Map<String, Map<String, Map<String, Long>>> labels) {
    Csv csv = new Csv("split", "head", "label", "rows");
    new TreeMap<>(labels)
        .forEach(
            (split, heads) ->
                new TreeMap<>(heads)
                    .forEach(
                        (head, classes) ->
                            new TreeMap<>(classes)
                                .forEach((label, rows) -> csv.row(split, head, label, rows))));
    return csv;
  }

  private static Csv timeline(List<TimelinePoint> timeline) {
    return new Csv("month", "head", "label", "documents")
        .rows(timeline, p -> fields(p.month(), p.head(), p.label(), p.documents()));
  }

  private static Csv evaluation(List<HeadResult> results) {
    return new Csv(
            "model",
            "version",
            "split",
            "head",
            "rows",
            "accuracy",
            "accuracy_low",
            "accuracy_high",
            "macro_f1",
            "macro_f1_low",
            "macro_f1_high",
            "log_loss",
            "calibration_error",
            "uncopied_rows",
            "uncopied_accuracy",
            "brier",
            "raw_calibration_error",
            "temperature")
        .rows(
            results,
            r ->
                fields(
                    r.model(),
                    r.version(),
                    r.split(),
                    r.head(),
                    r.rows(),
                    r.accuracy(),
                    low(r.accuracyInterval()),
                    high(r.accuracyInterval()),
                    r.macroF1(),
                    low(r.macroF1Interval()),
                    high(r.macroF1Interval()),
                    r.logLoss(),
                    r.calibrationError(),
                    r.uncopied() == null ? null : r.uncopied().rows(),
                    r.uncopied() == null ? null : r.uncopied().accuracy(),
                    r.brier(),
                    r.rawCalibrationError(),
                    r.temperature()));
  }

  private static Csv classes(List<HeadResult> results) {
    Csv csv = new Csv("model", "split", "head", "label", "support", "precision", "recall", "f1");
    for (HeadResult r : results) {
      csv.rows(
          r.perClass(),
          c ->
              fields(
                  r.model(),
                  r.split(),
                  r.head(),
                  c.label(),
                  c.support(),
                  c.precision(),
                  c.recall(),
                  c.f1()));
    }
    return csv;
  }

  private static Csv confusion(List<HeadResult> results) {
    Csv csv = new Csv("model", "split", "head", "expected", "predicted", "rows");
    for (HeadResult r : results) {
      int classes = Math.min(r.perClass().size(), r.confusion().size());
      for (int expected = 0; expected < classes; expected++) {
        List<Long> row = r.confusion().get(expected);
        for (int predicted = 0; predicted < Math.min(classes, row.size()); predicted++) {
          csv.row(
              r.model(),
              r.split(),
              r.head(),
              r.perClass().get(expected).label(),
              r.perClass().get(predicted).label(),
              row.get(predicted));
        }
      }
    }
    return csv;
  }

  private static Csv calibration(List<HeadResult> results) {
    Csv csv =
        new Csv("model", "split", "head", "low", "high", "rows", "mean_probability", "accuracy");
    for (HeadResult r : results) {
      csv.rows(
          r.calibration(),
          b ->
              fields(
                  r.model(),
                  r.split(),
                  r.head(),
                  b.low(),
                  b.high(),
                  b.rows(),
                  b.meanProbability(),
                  b.accuracy()));
    }
    return csv;
  }

  private static Csv examples(List<Example> examples) {
    return new Csv("kind", "head", "id", "expected", "predicted", "probability", "text")
        .rows(
            examples,
            e ->
                fields(
                    e.kind(),
                    e.head(),
                    e.id(),
                    e.expected(),
                    e.predicted(),
                    e.probability(),
                    e.text()));
  }

  private static Csv tests(List<TestRecord> tests) {
    return new Csv(
            "head",
            "test",
            "rows",
            "difference",
            "low",
            "high",
            "p_value",
            "smallest_detectable",
            "level",
            "margin",
            "left_out")
        .rows(
            tests,
            t ->
                fields(
                    t.head(),
                    t.test(),
                    t.rows(),
                    t.difference(),
                    low(t.interval()),
                    high(t.interval()),
                    t.pValue(),
                    t.smallestDetectable(),
                    t.level(),
                    t.margin(),
                    t.leftOut()));
  }

  private static Csv baselines(List<BaselineRecord> baselines) {
    return new Csv(
            "head",
            "model",
            "baseline",
            "rows",
            "model_macro_f1",
            "baseline_macro_f1",
            "difference",
            "low",
            "high",
            "level",
            "p_value",
            "place")
        .rows(
            baselines,
            b ->
                fields(
                    b.head(),
                    b.model(),
                    b.baseline(),
                    b.rows(),
                    b.modelMacroF1(),
                    b.baselineMacroF1(),
                    b.difference(),
                    low(b.interval()),
                    high(b.interval()),
                    b.level(),
                    b.pValue(),
                    b.place()));
  }

  private static Csv training(List<EpochRecord> curve) {
    return new Csv(
            "epoch",
            "train_loss",
            "validation_loss",
            "validation_accuracy",
            "seconds",
            "validation_macro_f1")
        .rows(
            curve,
            e ->
                fields(
                    e.epoch(),
                    e.trainLoss(),
                    e.validationLoss(),
                    e.validationAccuracy(),
                    e.seconds(),
                    e.validationMacroF1()));
  }

  private static Csv stages(List<StageRecord> stages) {
    return new Csv("stage", "seconds", "summary")
        .rows(stages, s -> fields(s.stage(), s.seconds(), s.summary()));
  }

  private static Csv warnings(List<StageRecord> stages) {
    Csv csv = new Csv("stage", "warning");
    for (StageRecord stage : stages) {
      if (stage.warnings() != null) {
        csv.rows(stage.warnings(), warning -> fields(stage.stage(), warning));
      }
    }
    return csv;
  }

  static Object[] fields(Object... fields) {
    return fields;
  }

  static Double low(Interval interval) {
    return interval == null ? null : interval.low();
  }

  static Double high(Interval interval) {
    return interval == null ? null : interval.high();
  }
}
