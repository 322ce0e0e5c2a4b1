package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.Stage;
import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.AnchorRecord;
import io.attune.schemas.report.VerdictRecord.BaselineRecord;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.List;
import java.util.Map;

/**
 * Shows the verdict of the night in plain words.
 *
 * @param summary what is in use and what it beats; empty in reports of versions without it
 * @param baselines the comparison with the best linear model
 * @param anchors the comparison with the anchor
 */
record VerdictView(
    boolean promotes,
    Headline headline,
    String summary,
    List<String> reasons,
    Truncated<BaselineRow> baselines,
    Truncated<TestRow> tests,
    Truncated<AnchorRow> anchors) {
  private static final int MOST_REASONS = 24;
  private static final int VERSION_CHARACTERS = 60;
  private static final int SUMMARY_CHARACTERS = 800;
  private static final Map<String, String> TEST_NAMES =
      Map.of(
          "mcnemar-mid-p", "McNemar, mid-p",
          "mcnemar-exact", "McNemar, exact",
          "mcnemar-clustered", "McNemar, copies as one",
          "paired-bootstrap-accuracy", "paired bootstrap, accuracy",
          "paired-bootstrap-macro-f1", "paired bootstrap, macro-F1");

  private static final Map<String, String> BASELINE_NAMES =
      Map.of("linear-part", "linear part alone", "tf-idf", "TF-IDF regression");

  /**
   * Holds the headline in parts.
   *
   * @param lead the first word
   * @param first the version that the headline is about
   * @param middle the words after it
   * @param second the other version; empty if there is none
   * @param end the words after that one
   */
  record Headline(String lead, String first, String middle, String second, String end) {}

  /** Holds one statistical test, its difference in percentage points. */
  record TestRow(
      String head,
      String test,
      String rows,
      String difference,
      String interval,
      String probability,
      String smallest) {}

  /** Holds the comparison with the best linear model on one head, in percentage points. */
  record BaselineRow(
      String head,
      String model,
      String baseline,
      String rows,
      String modelMacroF1,
      String baselineMacroF1,
      String difference,
      String interval,
      String probability,
      String place) {}

  /** Holds the comparison with the anchor on one head, in percentage points. */
  record AnchorRow(
      String head,
      String model,
      String anchor,
      String rows,
      String modelMacroF1,
      String anchorMacroF1,
      String difference,
      String interval,
      String margin,
      String place) {}

  /** Returns the headline, the reasons and the tests of a night's verdict. */
  static VerdictView of(NightReport night, PageLimits limits) {
    VerdictRecord verdict = night.verdict();
    boolean moved =
        night.stages().stream().anyMatch(stage -> stage.stage().equals(Stage.PROMOTE.word()));
    List<String> reasons =
        verdict.reasons().stream()
            .limit(MOST_REASONS)
            .map(reason -> Figures.cut(reason, 400))
            .toList();
    List<TestRow> tests = verdict.tests().stream().map(VerdictView::row).toList();
    return new VerdictView(
        verdict.promotes(),
        verdict.promotes() ? promoted(verdict, moved) : kept(verdict),
        Figures.cut(verdict.headline() == null ? "" : verdict.headline(), SUMMARY_CHARACTERS),
        reasons,
        Truncated.firstOf(
            verdict.baselines().stream().map(VerdictView::row).toList(), 2 * limits.classes()),
        Truncated.firstOf(tests, 4 * limits.classes()),
        Truncated.firstOf(
            verdict.anchors().stream().map(VerdictView::row).toList(), 2 * limits.classes()));
  }

  private static Headline promoted(VerdictRecord verdict, boolean moved) {
    String current = version(verdict.current());
    String lead = moved ? "Promoted" : "Fit to promote";
    String middle =
        current.isEmpty()
            ? (moved ? "is the first model" : "would be the first model")
            : (moved ? "replaces" : "may replace");
    String end = verdict.promotesLinearPart() ? "by the linear part of tonight's model alone" : "";
    return new Headline(lead, version(verdict.promoted()), middle, current, end);
  }

  private static Headline kept(VerdictRecord verdict) {
    String candidate = version(verdict.candidate());
    String current = version(verdict.current());
    return current.isEmpty()
        ? new Headline("Not promoted", candidate, "was trained; there is no current model", "", "")
        : new Headline(
            verdict.decision().equals(VerdictRecord.CANNOT_TELL) ? "Cannot tell" : "Kept",
            current,
            "stays;",
            candidate,
            "does not replace it");
  }

  private static String version(String version) {
    return Figures.cut(version, VERSION_CHARACTERS);
  }

  private static BaselineRow row(BaselineRecord record) {
    return new BaselineRow(
        Figures.cut(record.head(), 60),
        version(record.model()),
        BASELINE_NAMES.getOrDefault(record.baseline(), Figures.cut(record.baseline(), 60)),
        Figures.count(record.rows()),
        Figures.percent(record.modelMacroF1()),
        Figures.percent(record.baselineMacroF1()),
        Figures.points(record.difference()),
        Figures.points(record.interval().low()) + " to " + Figures.points(record.interval().high()),
        Figures.probability(record.pValue()),
        Figures.cut(record.place(), 20));
  }

  private static AnchorRow row(AnchorRecord record) {
    return new AnchorRow(
        Figures.cut(record.head(), 60),
        version(record.model()),
        version(record.anchor()),
        Figures.count(record.rows()),
        Figures.percent(record.modelMacroF1()),
        Figures.percent(record.anchorMacroF1()),
        Figures.points(record.difference()),
        Figures.points(record.interval().low()) + " to " + Figures.points(record.interval().high()),
        Figures.points(-record.margin()),
        Figures.cut(record.place(), 20));
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
