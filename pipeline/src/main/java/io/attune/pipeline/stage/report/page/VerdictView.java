package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.Stage;
import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.List;
import java.util.Map;

/**
 * Shows the verdict of the night in plain words.
 *
 * @param lead the first word of the headline
 * @param first the version that the headline is about
 * @param middle what follows it
 * @param second the other version; empty if there is none
 * @param end what follows that one
 */
record VerdictView(
    boolean promotes,
    String lead,
    String first,
    String middle,
    String second,
    String end,
    List<String> reasons,
    Truncated<TestRow> tests) {
  private static final int MOST_REASONS = 24;
  private static final int VERSION_CHARACTERS = 60;
  private static final Map<String, String> TEST_NAMES =
      Map.of(
          "mcnemar-mid-p", "McNemar, mid-p",
          "mcnemar-exact", "McNemar, exact",
          "paired-bootstrap-accuracy", "paired bootstrap, accuracy",
          "paired-bootstrap-macro-f1", "paired bootstrap, macro-F1");

  /** Holds one statistical test, its difference in percentage points. */
  record TestRow(
      String head,
      String test,
      String rows,
      String difference,
      String interval,
      String probability,
      String smallest) {}

  /** Returns the headline, the reasons and the tests of a night's verdict. */
  static VerdictView of(NightReport night, PageLimits limits) {
    VerdictRecord verdict = night.verdict();
    String candidate = Figures.cut(verdict.candidate(), VERSION_CHARACTERS);
    String current = Figures.cut(verdict.current(), VERSION_CHARACTERS);
    boolean moved =
        night.stages().stream().anyMatch(stage -> stage.stage().equals(Stage.PROMOTE.word()));
    List<String> reasons =
        verdict.reasons().stream()
            .limit(MOST_REASONS)
            .map(reason -> Figures.cut(reason, 400))
            .toList();
    Truncated<TestRow> tests =
        Truncated.firstOf(
            verdict.tests().stream().map(VerdictView::row).toList(), 4 * limits.classes());
    if (verdict.promotes()) {
      String lead = moved ? "Promoted" : "Fit to promote";
      String middle =
          current.isEmpty()
              ? (moved ? "is the first model" : "would be the first model")
              : (moved ? "replaces" : "may replace");
      return new VerdictView(true, lead, candidate, middle, current, "", reasons, tests);
    }
    return current.isEmpty()
        ? new VerdictView(
            false,
            "Not promoted",
            candidate,
            "was trained; there is no current model",
            "",
            "",
            reasons,
            tests)
        : new VerdictView(
            false, "Kept", current, "stays;", candidate, "does not replace it", reasons, tests);
  }

  private static TestRow row(TestRecord test) {
    return new TestRow(
        Figures.cut(test.head(), 60),
        Figures.cut(TEST_NAMES.getOrDefault(test.test(), test.test()), 60),
        Figures.count(test.rows()),
        Figures.points(test.difference()),
        test.interval() == null
            ? Figures.NONE
            : Figures.points(test.interval().low())
                + " to "
                + Figures.points(test.interval().high()),
        Figures.probability(test.pValue()),
        test.smallestDetectable() == null
            ? Figures.NONE
            : Figures.points(test.smallestDetectable()));
  }
}
