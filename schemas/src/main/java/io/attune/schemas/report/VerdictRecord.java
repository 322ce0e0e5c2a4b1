package io.attune.schemas.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Records whether tonight's model may replace the current one, and why: {@code verdict.json}.
 *
 * @param decision {@link #PROMOTE}, {@link #PROMOTE_LINEAR_PART}, {@link #CANNOT_TELL} or {@link
 *     #KEEP}
 * @param candidate version of tonight's model
 * @param current version of the model in use when the candidate was evaluated; null for none
 * @param reasons each a sentence for people; never empty
 * @param tests the statistical tests behind the decision; empty on the first night
 * @param headline what is in use from now on, and what it beats, in one sentence; null in verdicts
 *     of versions without it, as are all that follow
 * @param inUse version of the model that is in use once the verdict was acted on; null for none
 * @param baselines the comparison with the best linear model, by head
 * @param power how often an equally good model passes; null where it is not known
 * @param slices the paired tests on slices of the test split; empty in verdicts of versions without
 *     them
 * @param anchors the comparison with the anchor, by head; empty where there is none, or it is the
 *     current model
 */
public record VerdictRecord(
    String decision,
    String candidate,
    String current,
    List<String> reasons,
    List<TestRecord> tests,
    String headline,
    String inUse,
    List<BaselineRecord> baselines,
    PowerRecord power,
    List<SliceRecord> slices,
    List<AnchorRecord> anchors) {
  public static final String FILE_NAME = "verdict.json";
  public static final String PROMOTE = "promote";

  /** Says that the linear part of tonight's model replaces the current one, without its network. */
  public static final String PROMOTE_LINEAR_PART = "promote-linear-part";

  /** Says that the rows do not show whether tonight's model is good enough; the current stays. */
  public static final String CANNOT_TELL = "cannot-tell";

  public static final String KEEP = "keep";

  public VerdictRecord {
    reasons = List.copyOf(reasons);
    tests = List.copyOf(tests);
    baselines = baselines == null ? List.of() : List.copyOf(baselines);
    slices = slices == null ? List.of() : List.copyOf(slices);
    anchors = anchors == null ? List.of() : List.copyOf(anchors);
  }

  /** Records a verdict without slices and an anchor. */
  public VerdictRecord(
      String decision,
      String candidate,
      String current,
      List<String> reasons,
      List<TestRecord> tests,
      String headline,
      String inUse,
      List<BaselineRecord> baselines,
      PowerRecord power) {
    this(
        decision, candidate, current, reasons, tests, headline, inUse, baselines, power, List.of(),
        List.of());
  }

  /** Returns the same with the comparison with the anchor. */
  public VerdictRecord withAnchors(List<AnchorRecord> found) {
    return new VerdictRecord(
        decision, candidate, current, reasons, tests, headline, inUse, baselines, power, slices,
        found);
  }

  /** Records a verdict without a headline, as earlier versions wrote it. */
  public VerdictRecord(
      String decision,
      String candidate,
      String current,
      List<String> reasons,
      List<TestRecord> tests) {
    this(decision, candidate, current, reasons, tests, null, null, List.of(), null);
  }

  /** Returns the same with more sentences for people after the reasons. */
  public VerdictRecord withRemarks(List<String> remarks) {
    List<String> all = new ArrayList<>(reasons);
    all.addAll(remarks);
    return new VerdictRecord(
        decision, candidate, current, all, tests, headline, inUse, baselines, power, slices,
        anchors);
  }

  /** Returns the same with tests on slices. */
  public VerdictRecord withSlices(List<SliceRecord> tested) {
    return new VerdictRecord(
        decision, candidate, current, reasons, tests, headline, inUse, baselines, power, tested,
        anchors);
  }

  /** Returns whether another model than the current one goes into use. */
  public boolean promotes() {
    return decision.equals(PROMOTE) || promotesLinearPart();
  }

  public boolean promotesLinearPart() {
    return decision.equals(PROMOTE_LINEAR_PART);
  }

  /** Returns the version that goes into use if the verdict promotes. */
  public String promoted() {
    return inUse == null ? candidate : inUse;
  }

  /** Returns the headline, or the first reason of a verdict without one. */
  public String summary() {
    return headline == null ? reasons.get(0) : headline;
  }

  /**
   * Holds one paired test that compares the candidate with the current model on the same test rows.
   *
   * @param test the name, such as {@code mcnemar-mid-p} or {@code paired-bootstrap-macro-f1}
   * @param difference candidate minus current; positive is better
   * @param interval of the difference; null where the test gives none
   * @param pValue two-sided; null where the test gives none
   * @param smallestDetectable the smallest difference that this test set shows in 80 % of cases;
   *     null if it is not known
   * @param level of each end of the interval; null in earlier versions, where it is 0.025
   * @param margin that the candidate may be worse by; null where the test has none
   * @param leftOut labelled test rows that are not compared, since the current model has learned
   *     from them; null for none
   */
  public record TestRecord(
      String head,
      String test,
      long rows,
      double difference,
      Evaluation.Interval interval,
      Double pValue,
      Double smallestDetectable,
      Double level,
      Double margin,
      Long leftOut) {
    /** Records a test without its level and margin, as earlier versions wrote it. */
    public TestRecord(
        String head,
        String test,
        long rows,
        double difference,
        Evaluation.Interval interval,
        Double pValue,
        Double smallestDetectable) {
      this(head, test, rows, difference, interval, pValue, smallestDetectable, null, null, null);
    }
  }

  /**
   * Holds the comparison of a model with the best linear one on the same test rows.
   *
   * @param model that is compared: its version
   * @param baseline {@code linear-part} or {@code tf-idf}, whichever has the higher macro-F1 on the
   *     validation split
   * @param modelMacroF1 on these rows
   * @param baselineMacroF1 on these rows
   * @param difference model minus baseline
   * @param interval of the difference
   * @param level of each end of the interval
   * @param pValue one-sided, of the hypothesis that the model is not below the baseline
   * @param place {@code above}, {@code level} or {@code below}: where the interval lies
   */
  public record BaselineRecord(
      String head,
      String model,
      String baseline,
      long rows,
      double modelMacroF1,
      double baselineMacroF1,
      double difference,
      Evaluation.Interval interval,
      double level,
      double pValue,
      String place) {}

  /**
   * Holds one paired test of accuracy on a slice of the test split (McNemar).
   *
   * @param model that is tested: its version
   * @param slice what the split is sliced by, such as {@code source}
   * @param other the model that it is compared with: {@code current}, {@code linear-part} or {@code
   *     tf-idf}
   * @param difference in accuracy, model minus the other
   * @param interval of the difference (Tango 1998)
   * @param level of each end of the interval
   * @param pValue two-sided mid-p; with near copies in the slice that of the clustered statistic
   * @param adjusted the same after Holm's correction over all slices and heads
   * @param place {@code above}, {@code level} or {@code below}, after the correction
   */
  public record SliceRecord(
      String head,
      String model,
      String slice,
      String value,
      String other,
      long rows,
      double difference,
      Evaluation.Interval interval,
      double level,
      double pValue,
      double adjusted,
      String place) {}

  /**
   * Holds the comparison of tonight's model with the anchor on the same test rows.
   *
   * @param model that is compared: its version
   * @param anchor its version
   * @param modelMacroF1 on these rows
   * @param anchorMacroF1 on these rows
   * @param difference model minus anchor
   * @param interval of the difference
   * @param level of each end of the interval
   * @param margin that the model may be below the anchor by
   * @param place {@code above}, {@code within} (the margin), {@code unknown} (the rows do not tell)
   *     or {@code below}
   */
  public record AnchorRecord(
      String head,
      String model,
      String anchor,
      long rows,
      double modelMacroF1,
      double anchorMacroF1,
      double difference,
      Evaluation.Interval interval,
      double level,
      double margin,
      String place) {}

  /**
   * Says how often a model that is exactly as good as the current one would be promoted.
   *
   * @param rows of the test split, of the head with most
   * @param probability with these rows, in [0, 1]
   * @param rowsForFourInFive that would make it 80 %; null where no number does
   */
  public record PowerRecord(long rows, double probability, Long rowsForFourInFive) {}
}
