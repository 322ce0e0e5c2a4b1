package io.attune.pipeline.stage.report;

import io.attune.pipeline.figure.Csv;
import io.attune.schemas.report.FreshEvidence;
import io.attune.schemas.report.FreshEvidence.FreshHead;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.VerdictRecord.AnchorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes the tables of what has become of the models over nights. */
final class SinceTables {
  private SinceTables() {}

  static Map<String, Csv> of(NightReport night) {
    return Map.of(
        "anchors.csv",
        anchors(night.verdict() == null ? List.of() : night.verdict().anchors()),
        "fresh.csv",
        fresh(night.fresh()));
  }

  private static Csv anchors(List<AnchorRecord> anchors) {
    return new Csv(
            "head",
            "model",
            "anchor",
            "rows",
            "model_macro_f1",
            "anchor_macro_f1",
            "difference",
            "low",
            "high",
            "level",
            "margin",
            "place")
        .rows(
            anchors,
            a ->
                CsvTables.fields(
                    a.head(),
                    a.model(),
                    a.anchor(),
                    a.rows(),
                    a.modelMacroF1(),
                    a.anchorMacroF1(),
                    a.difference(),
                    CsvTables.low(a.interval()),
                    CsvTables.high(a.interval()),
                    a.level(),
                    a.margin(),
                    a.place()));
  }

  /** Holds the figures of one head in one night. */
  private record Line(FreshEvidence night, FreshHead head) {}

  private static Csv fresh(List<FreshEvidence> nights) {
    List<Line> lines = new ArrayList<>();
    nights.forEach(night -> night.heads().forEach(head -> lines.add(new Line(night, head))));
    return new Csv(
            "run",
            "date",
            "model",
            "head",
            "rows",
            "accuracy",
            "accuracy_low",
            "accuracy_high",
            "macro_f1",
            "macro_f1_low",
            "macro_f1_high",
            "test_rows",
            "test_since",
            "test_uses")
        .rows(
            lines,
            line ->
                CsvTables.fields(
                    line.night().run(),
                    line.night().date(),
                    line.night().model(),
                    line.head().head(),
                    line.head().rows(),
                    line.head().accuracy(),
                    CsvTables.low(line.head().accuracyInterval()),
                    CsvTables.high(line.head().accuracyInterval()),
                    line.head().macroF1(),
                    CsvTables.low(line.head().macroF1Interval()),
                    CsvTables.high(line.head().macroF1Interval()),
                    line.night().test().rows(),
                    line.night().test().since(),
                    line.night().test().uses()));
  }
}
