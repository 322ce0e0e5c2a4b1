package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Evaluation.ClassShare;
import io.attune.schemas.report.Evaluation.PriorShiftResult;
import io.attune.schemas.report.NightQuality.Drift;
import io.attune.schemas.report.NightReport;
import java.util.List;

/** Shows what has changed: tonight's documents, and the shares of the classes in the test split. */
record DriftView(Truncated<MixRow> mixes, List<HeadShares> heads) {

  /**
   * Holds one mix of tonight's documents beside that of earlier nights.
   *
   * @param most the value whose share changed most, with both shares
   * @param note says so where it has drifted
   */
  record MixRow(
      String mix,
      String tonight,
      String earlier,
      String index,
      String probability,
      String most,
      String note) {}

  /**
   * Holds the shares of the classes of one head.
   *
   * @param summary what the estimate says, in one sentence
   */
  record HeadShares(String head, String summary, Truncated<ShareRow> rows) {}

  /** Holds the shares of one class. */
  record ShareRow(String label, String training, String estimated, String labelled) {}

  /** Returns the changes that a night shows. */
  static DriftView of(NightReport night, PageLimits limits) {
    return new DriftView(
        Truncated.firstOf(night.drift().stream().map(DriftView::row).toList(), limits.slices()),
        night.priors().stream()
            .limit(limits.classes())
            .map(prior -> shares(prior, limits))
            .toList());
  }

  boolean isEmpty() {
    return mixes.isEmpty() && heads.isEmpty();
  }

  private static MixRow row(Drift drift) {
    return new MixRow(
        Figures.cut(drift.mix(), 60),
        Figures.count(drift.tonight()),
        Figures.count(drift.earlier()),
        Figures.decimalOrNone(drift.stabilityIndex()),
        Figures.probability(drift.adjusted()),
        "%s: %s, %s before"
            .formatted(
                Figures.cut(drift.most(), 60),
                Figures.percent(drift.mostTonight()),
                Figures.percent(drift.mostEarlier())),
        drift.drifted() ? "drifted" : "");
  }

  private static HeadShares shares(PriorShiftResult prior, PageLimits limits) {
    String accuracy =
        prior.accuracy() == null
            ? ""
            : "; corrected for them, %s of the labelled ones are answered right, %s without"
                .formatted(
                    Figures.percent(prior.correctedAccuracy()), Figures.percent(prior.accuracy()));
    return new HeadShares(
        Figures.cut(prior.head(), 60),
        "Estimated from the answers to %s (p of unchanged shares %s)%s."
            .formatted(
                Figures.of(prior.rows(), "document"),
                Figures.probability(prior.pValue()),
                accuracy),
        Truncated.firstOf(prior.classes().stream().map(DriftView::row).toList(), limits.classes()));
  }

  private static ShareRow row(ClassShare share) {
    return new ShareRow(
        Figures.cut(share.label(), 60),
        Figures.percent(share.training()),
        Figures.percent(share.estimated()),
        share.labelled() == null ? Figures.NONE : Figures.percent(share.labelled()));
  }
}
