package io.attune.pipeline.stage.compare;

import com.google.errorprone.annotations.FormatMethod;
import io.attune.pipeline.metric.Resampled;
import io.attune.schemas.report.Evaluation.Interval;
import java.util.Locale;
import java.util.OptionalDouble;

/** Writes the reasons of a verdict in plain English, with their numbers. */
final class VerdictReasons {
  private VerdictReasons() {}

  @FormatMethod
  static String of(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  static String pValue(double p) {
    return p < 0.0001 ? "below 0.0001" : of("%.4f", p);
  }

  static String ofMargin(HeadEvidence head, Resampled difference, double margin) {
    Interval interval = difference.interval();
    String numbers =
        of(
            "macro-F1 %.4f against %.4f, a difference of %+.4f (95 %% interval %+.4f to %+.4f)",
            head.outcomes().candidate().macroF1(),
            head.outcomes().other().macroF1(),
            difference.value(),
            interval.low(),
            interval.high());
    if (interval.low() > -margin) {
      return of(
          "On '%s' it is %s the current model: %s; gate.margin allows a loss of %.4f.",
          head.head(),
          interval.low() > 0 ? "better than" : "within the margin of",
          numbers,
          margin);
    }
    return of(
        "On '%s' %s: %s; gate.margin allows a loss of %.4f.",
        head.head(),
        interval.high() < 0
            ? "it is worse than the current model"
            : "it cannot be shown that it is not worse than the current model",
        numbers,
        margin);
  }

  static String ofPower(HeadEvidence head, Resampled difference) {
    long rows = head.outcomes().rows();
    OptionalDouble smallest = difference.smallestDetectable();
    return smallest.isEmpty()
        ? of(
            "On '%s' both models score the same in every resample of the %,d test rows.",
            head.head(), rows)
        : of(
            "The %,d test rows for '%s' show a difference in macro-F1 of %.4f or more in four cases"
                + " of five.",
            rows, head.head(), smallest.getAsDouble());
  }

  static String ofBaseline(HeadEvidence head, Resampled difference) {
    Interval interval = difference.interval();
    String place =
        interval.low() > 0 ? "above" : interval.high() < 0 ? "below" : "not clearly apart from";
    return of(
        "On '%s' it is %s the linear baseline: macro-F1 %.4f against %.4f, a difference of %+.4f"
            + " (95 %% interval %+.4f to %+.4f).",
        head.head(),
        place,
        head.baseline().candidate().macroF1(),
        head.baseline().other().macroF1(),
        difference.value(),
        interval.low(),
        interval.high());
  }
}
