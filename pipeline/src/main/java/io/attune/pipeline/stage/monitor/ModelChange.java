package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.stage.monitor.SeriesCounts.Control;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.Method;
import io.attune.pipeline.surge.NegativeBinomial;
import io.attune.pipeline.surge.Outcome;
import io.attune.schemas.report.Mood.Explained;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * Tells news that got worse from a model that calls more of the same news negative.
 *
 * <p>Documents that the model in use and the one before it have both read are the control. If the
 * new model calls more of them negative (McNemar's exact test), a day is compared with what its
 * past would be to the new model: its expected count and limit times the ratio of the two, as far
 * as the past was read by other models. For the count of a topic a document is negative to a model
 * that also gives it the topic. A series with too small a control has that of the market.
 *
 * @param market the control of all documents
 * @param before the version before the one in use
 * @param now the version in use
 */
record ModelChange(Control market, String before, String now) {
  /** Documents of a control that is of use. */
  static final long LEAST_DOCUMENTS = 100;

  private static final long LEAST_NEGATIVE = 10;

  /** Level of the test that the models differ. */
  private static final double LEVEL = 0.05;

  /** Days that methods look back, before the judged day. */
  private static final int SHORT_DAYS = 30;

  private static final int RECENT_DAYS = 182;

  /** Holds a judgement as it counts, and what the change of model explains of it. */
  record Checked(Judgement judgement, List<Explained> explained) {}

  /** Checks a surge; other judgements are as they were. */
  Checked check(Judgement judgement, SeriesCounts series) {
    boolean isShare = judgement.method() == Method.SHARE;
    Control own = isShare ? series.controls().ofShares() : series.controls().ofCounts();
    Control control = isLarge(own) ? own : market;
    if (!judgement.isSurge() || !isLarge(control) || !isMoreNegative(control)) {
      return new Checked(judgement, List.of());
    }
    double ratio = (control.now() + 1.0) / (control.before() + 1.0);
    LocalDate yesterday = judgement.day().minusDays(1);
    double others =
        series.readByOthers(judgement.day().minusDays(days(judgement.method())), yesterday);
    double factor = 1 + (ratio - 1) * others;
    Judgement adjusted = adjusted(judgement, factor);
    List<Explained> explained = new ArrayList<>();
    if (!adjusted.isSurge()) {
      explained.add(
          new Explained(
              judgement.series(),
              judgement.day().toString(),
              judgement.seen(),
              judgement.expected(),
              ratio,
              control.documents(),
              before,
              now));
    }
    return new Checked(adjusted, explained);
  }

  private static boolean isLarge(Control control) {
    return control.documents() >= LEAST_DOCUMENTS && control.before() >= LEAST_NEGATIVE;
  }

  private static boolean isMoreNegative(Control control) {
    int differing = Math.toIntExact(control.gained() + control.lost());
    if (control.gained() <= control.lost()) {
      return false;
    }
    return 1
            - new BinomialDistribution(null, differing, 0.5)
                .cumulativeProbability(Math.toIntExact(control.gained()) - 1)
        < LEVEL;
  }

  private static int days(Method method) {
    return switch (method) {
      case SHORT -> SHORT_DAYS;
      case SEASONAL, SHARE -> 2 * RECENT_DAYS;
      default -> RECENT_DAYS;
    };
  }

  private static Judgement adjusted(Judgement judgement, double factor) {
    double expected = judgement.expected() * factor;
    double limit = judgement.limit() * factor;
    boolean isSurge = judgement.seen() > limit;
    boolean isCount = judgement.method() != Method.SHARE;
    double p = judgement.p();
    if (isCount) {
      p = new NegativeBinomial(expected, judgement.dispersion()).atLeast((double) judgement.seen());
    }
    return new Judgement(
        judgement.series(),
        judgement.day(),
        judgement.seen(),
        expected,
        limit,
        isSurge ? Math.max(p, judgement.p()) : 1,
        judgement.dispersion(),
        judgement.method(),
        isSurge ? Outcome.SURGE : Outcome.QUIET,
        "what the new model calls negative more often than the one before is allowed for");
  }
}
