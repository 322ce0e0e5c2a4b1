package io.attune.schemas.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Records whether tonight's model may replace the current one, and why: {@code verdict.json}.
 *
 * @param decision {@link #PROMOTE} or {@link #KEEP}
 * @param candidate version of tonight's model
 * @param current version of the model in use; null on the first night
 * @param reasons each a sentence for people; never empty
 * @param tests the statistical tests behind the decision; empty on the first night
 */
public record VerdictRecord(
    String decision,
    String candidate,
    String current,
    List<String> reasons,
    List<TestRecord> tests) {
  public static final String FILE_NAME = "verdict.json";
  public static final String PROMOTE = "promote";
  public static final String KEEP = "keep";

  public VerdictRecord {
    reasons = List.copyOf(reasons);
    tests = List.copyOf(tests);
  }

  /** Returns the same with more sentences for people after the reasons. */
  public VerdictRecord withRemarks(List<String> remarks) {
    List<String> all = new ArrayList<>(reasons);
    all.addAll(remarks);
    return new VerdictRecord(decision, candidate, current, all, tests);
  }

  public boolean promotes() {
    return decision.equals(PROMOTE);
  }

  /**
   * Holds one paired test that compares the candidate with the current model on the same test rows.
   *
   * @param test the name, such as {@code mcnemar-mid-p} or {@code paired-bootstrap-macro-f1}
   * @param difference candidate minus current; positive is better
   * @param interval of the difference, 95 %; null where the test gives none
   * @param pValue two-sided; null where the test gives none
   * @param smallestDetectable the smallest difference that this test set shows in 80 % of cases;
   *     null if it is not known
   */
  public record TestRecord(
      String head,
      String test,
      long rows,
      double difference,
      Evaluation.Interval interval,
      Double pValue,
      Double smallestDetectable) {}
}
