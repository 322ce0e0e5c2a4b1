package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.NightQuality;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.NightReport.CorpusIntake;
import io.attune.schemas.report.NightReport.RejectCount;
import io.attune.schemas.report.NightReport.TextChange;
import io.attune.schemas.table.Split;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Shows the documents ingested tonight, the rejected records, what was changed in the texts, and
 * the dataset of the model.
 *
 * @param documents of all corpora
 * @param rejected of all corpora and stages
 */
record IntakeView(
    long documents,
    long rejected,
    Truncated<CorpusRow> corpora,
    Truncated<RejectRow> rejects,
    Truncated<ChangeRow> changes,
    Truncated<FindingRow> findings,
    List<SplitRow> splits,
    List<BalanceView> balances) {

  /** Holds one corpus. */
  record CorpusRow(
      String corpus, String documents, String width, String rejected, String rejectedFraction) {}

  /** Holds one reason, with an example. */
  record RejectRow(String stage, String corpus, String reason, String records, String example) {}

  /** Holds one kind of change in the texts of a corpus. */
  record ChangeRow(String change, String corpus, String documents, String amount, String example) {}

  /** Holds one comparison with earlier nights. */
  record FindingRow(String check, String mark, String level, String found, String usual) {}

  /** Holds one split of the dataset. */
  record SplitRow(String split, String rows, String tokens, String tokensPerRow) {}

  /** Shows the class balance of a head. */
  record BalanceView(String head, Truncated<BalanceRow> rows) {}

  /** Holds one class in each split. */
  record BalanceRow(
      String label, String train, String validation, String test, String fraction, String width) {}

  /** Returns what the limits allow of the documents, rejects and splits of a night. */
  static IntakeView of(NightReport night, PageLimits limits) {
    long documents = night.intake().stream().mapToLong(CorpusIntake::documents).sum();
    long rejected = night.intake().stream().mapToLong(CorpusIntake::rejected).sum();
    long most = night.intake().stream().mapToLong(CorpusIntake::documents).max().orElse(0);
    return new IntakeView(
        documents,
        rejected,
        Truncated.firstOf(
            night.intake().stream().map(i -> row(i, most)).toList(), limits.rejects()),
        Truncated.firstOf(night.rejects().stream().map(IntakeView::row).toList(), limits.rejects()),
        Truncated.firstOf(night.changes().stream().map(IntakeView::row).toList(), limits.rejects()),
        Truncated.firstOf(
            night.findings().stream().map(IntakeView::row).toList(), limits.rejects()),
        Arrays.stream(Split.values()).map(split -> row(night, split.word())).toList(),
        balances(night, limits));
  }

  private static CorpusRow row(CorpusIntake intake, long most) {
    long records = intake.documents() + intake.rejected();
    return new CorpusRow(
        Figures.cut(intake.corpus(), 80),
        Figures.count(intake.documents()),
        Figures.width(most == 0 ? 0 : (double) intake.documents() / most),
        Figures.count(intake.rejected()),
        records == 0 ? Figures.NONE : Figures.percent((double) intake.rejected() / records));
  }

  private static RejectRow row(RejectCount reject) {
    return new RejectRow(
        Figures.cut(reject.stage(), 30),
        Figures.cut(reject.corpus(), 80),
        Figures.cut(reject.reason(), 80),
        Figures.count(reject.records()),
        Figures.cut(reject.example(), 200));
  }

  private static ChangeRow row(TextChange change) {
    return new ChangeRow(
        Figures.cut(change.change(), 30),
        Figures.cut(change.corpus(), 80),
        Figures.count(change.documents()),
        Figures.count(change.amount()),
        change.example() == null ? Figures.NONE : Figures.cut(change.example(), 100));
  }

  private static FindingRow row(NightQuality.Finding finding) {
    String mark =
        switch (finding.level()) {
          case PASS -> "·";
          case WARN -> "▲";
          case FAIL -> "■";
        };
    return new FindingRow(
        Figures.cut(finding.check(), 120),
        mark,
        finding.level().name().toLowerCase(Locale.ROOT),
        Figures.cut(finding.found(), 300),
        Figures.cut(finding.usual(), 200));
  }

  private static SplitRow row(NightReport night, String split) {
    long rows = night.rows().getOrDefault(split, 0L);
    long tokens = night.tokens().getOrDefault(split, 0L);
    return new SplitRow(
        split,
        Figures.count(rows),
        Figures.count(tokens),
        rows == 0 ? Figures.NONE : Figures.rough((double) tokens / rows));
  }

  private static List<BalanceView> balances(NightReport night, PageLimits limits) {
    TreeSet<String> heads = new TreeSet<>();
    night.labels().values().forEach(byHead -> heads.addAll(byHead.keySet()));
    return heads.stream()
        .limit(limits.classes())
        .map(head -> new BalanceView(Figures.cut(head, 60), balance(night, head, limits)))
        .toList();
  }

  private static Truncated<BalanceRow> balance(NightReport night, String head, PageLimits limits) {
    TreeSet<String> labels = new TreeSet<>();
    night
        .labels()
        .values()
        .forEach(byHead -> labels.addAll(byHead.getOrDefault(head, Map.of()).keySet()));
    List<Counts> counts =
        labels.stream()
            .map(label -> Counts.of(night, head, label))
            .sorted(Comparator.comparingLong(Counts::all).reversed())
            .toList();
    long total = counts.stream().mapToLong(Counts::all).sum();
    long most = counts.stream().mapToLong(Counts::all).max().orElse(0);
    return Truncated.firstOf(
        counts.stream().map(each -> each.row(total, most)).toList(), limits.classes());
  }

  /** Counts the rows of one class by split. */
  private record Counts(String label, long train, long validation, long test) {
    static Counts of(NightReport night, String head, String label) {
      return new Counts(
          label,
          rows(night, Split.TRAIN, head, label),
          rows(night, Split.VALIDATION, head, label),
          rows(night, Split.TEST, head, label));
    }

    long all() {
      return train + validation + test;
    }

    BalanceRow row(long total, long most) {
      return new BalanceRow(
          Figures.cut(label, 60),
          Figures.count(train),
          Figures.count(validation),
          Figures.count(test),
          total == 0 ? Figures.NONE : Figures.percent((double) all() / total),
          Figures.width(most == 0 ? 0 : (double) all() / most));
    }

    private static long rows(NightReport night, Split split, String head, String label) {
      return night
          .labels()
          .getOrDefault(split.word(), Map.of())
          .getOrDefault(head, Map.of())
          .getOrDefault(label, 0L);
    }
  }
}
