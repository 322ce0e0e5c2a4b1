package io.attune.pipeline.stage.compare;

import static io.attune.schemas.Requirements.require;

import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.List;

/** States whether the candidate may replace the current model. */
sealed interface Verdict permits Verdict.Promote, Verdict.Keep {

  /** Returns the reasons, as sentences for people; never empty. */
  List<String> reasons();

  /** Returns the paired tests behind it. */
  List<TestRecord> tests();

  /** Lets the candidate replace the current model. */
  record Promote(List<String> reasons, List<TestRecord> tests) implements Verdict {
    public Promote {
      reasons = List.copyOf(reasons);
      tests = List.copyOf(tests);
      require(!reasons.isEmpty(), "a verdict must have a reason");
    }
  }

  /** Keeps the current model. */
  record Keep(List<String> reasons, List<TestRecord> tests) implements Verdict {
    public Keep {
      reasons = List.copyOf(reasons);
      tests = List.copyOf(tests);
      require(!reasons.isEmpty(), "a verdict must have a reason");
    }
  }

  default boolean promotes() {
    return this instanceof Promote;
  }

  /**
   * Returns the form that is published.
   *
   * @param current null on the first night
   */
  default VerdictRecord toRecord(String candidate, String current) {
    return new VerdictRecord(
        promotes() ? VerdictRecord.PROMOTE : VerdictRecord.KEEP,
        candidate,
        current,
        reasons(),
        tests());
  }
}
