package io.attune.pipeline.stage.report;

import io.attune.pipeline.figure.Csv;
import io.attune.schemas.report.Evaluation.PriorShiftResult;
import io.attune.schemas.report.Evaluation.SliceResult;
import io.attune.schemas.report.NightQuality;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.VerdictRecord.SliceRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the CSV tables of a night that say where its figures hold. */
final class EvidenceTables {
  private EvidenceTables() {}

  /** Returns the tables by their file names below {@code tables/}. */
  static Map<String, Csv> of(NightReport night) {
    Map<String, Csv> tables = new TreeMap<>();
    tables.put("slices.csv", slices(night.slices()));
    tables.put(
        "slice_tests.csv",
        sliceTests(night.verdict() == null ? List.of() : night.verdict().slices()));
    tables.put("drift.csv", drift(night.drift()));
    tables.put("class_shares.csv", classShares(night.priors()));
    return tables;
  }

  private static Csv drift(List<NightQuality.Drift> drift) {
    return new Csv(
            "mix",
            "tonight",
            "earlier",
            "stability_index",
            "p_value",
            "adjusted",
            "most",
            "most_tonight",
            "most_earlier",
            "drifted")
        .rows(
            drift,
            d ->
                CsvTables.fields(
                    d.mix(),
                    d.tonight(),
                    d.earlier(),
                    d.stabilityIndex(),
                    d.pValue(),
                    d.adjusted(),
                    d.most(),
                    d.mostTonight(),
                    d.mostEarlier(),
                    d.drifted()));
  }

  private static Csv classShares(List<PriorShiftResult> priors) {
    Csv csv =
        new Csv(
            "model",
            "head",
            "label",
            "rows",
            "training",
            "estimated",
            "labelled",
            "p_value",
            "accuracy",
            "corrected_accuracy");
    for (PriorShiftResult prior : priors) {
      csv.rows(
          prior.classes(),
          share ->
              CsvTables.fields(
                  prior.model(),
                  prior.head(),
                  share.label(),
                  prior.rows(),
                  share.training(),
                  share.estimated(),
                  share.labelled(),
                  prior.pValue(),
                  prior.accuracy(),
                  prior.correctedAccuracy()));
    }
    return csv;
  }

  private static Csv slices(List<SliceResult> slices) {
    return new Csv(
            "model",
            "head",
            "slice",
            "value",
            "rows",
            "accuracy",
            "macro_f1",
            "accuracy_low",
            "accuracy_high")
        .rows(
            slices,
            s ->
                CsvTables.fields(
                    s.model(),
                    s.head(),
                    s.slice(),
                    s.value(),
                    s.rows(),
                    s.accuracy(),
                    s.macroF1(),
                    CsvTables.low(s.accuracyInterval()),
                    CsvTables.high(s.accuracyInterval())));
  }

  private static Csv sliceTests(List<SliceRecord> tests) {
    return new Csv(
            "head",
            "model",
            "slice",
            "value",
            "other",
            "rows",
            "difference",
            "low",
            "high",
            "level",
            "p_value",
            "adjusted",
            "place")
        .rows(
            tests,
            t ->
                CsvTables.fields(
                    t.head(),
                    t.model(),
                    t.slice(),
                    t.value(),
                    t.other(),
                    t.rows(),
                    t.difference(),
                    CsvTables.low(t.interval()),
                    CsvTables.high(t.interval()),
                    t.level(),
                    t.pValue(),
                    t.adjusted(),
                    t.place()));
  }
}
