package io.attune.pipeline.stage.compare;

import static io.attune.schemas.Requirements.require;

import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.List;

/** Whether tonight's model may replace the current one. */
sealed interface Verdict permits Verdict.Promote, Verdict.Keep {

  /** Reasons for people; never empty. */
  List<String> reasons();

  /** The paired tests behind it. */
  List<TestRecord> tests();

  /** It may. */
  record Promote(List<String> reasons, List<TestRecord> tests) implements Verdict {
    public Promote {
      reasons = List.copyOf(reasons);
      tests = List.copyOf(tests);
      require(!reasons.isEmpty(), "a verdict must have a reason");
    }
  }

  /** It may not. */
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
   * As it is published.
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
