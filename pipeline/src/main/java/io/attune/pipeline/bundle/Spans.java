package io.attune.pipeline.bundle;

import io.attune.pipeline.text.Encoding;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import java.util.ArrayList;
import java.util.List;

/** Turns the weights of tokens into the weights of words. */
final class Spans {
  private Spans() {}

  /**
   * Adds up the weights of the tokens of a word. Tokens belong together if their characters
   * overlap, or if they touch within a run of letters and digits that is not written in ideographs;
   * Chinese stays in tokens. Tokens that no character stands behind are left out.
   *
   * @param weights by token; more than there are tokens if the row was padded
   */
  static List<AttendedSpan> merge(String text, Encoding encoding, float[] weights) {
    List<AttendedSpan> spans = new ArrayList<>();
    for (int token = 0; token < encoding.ids().length; token++) {
      int start = encoding.starts()[token];
      int end = encoding.ends()[token];
      if (start >= end) {
        continue;
      }
      AttendedSpan last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
      if (last != null && belongTogether(text, last, start)) {
        spans.set(
            spans.size() - 1,
            new AttendedSpan(
                last.start(), Math.max(last.end(), end), last.weight() + weights[token]));
      } else {
        spans.add(new AttendedSpan(start, end, weights[token]));
      }
    }
    return List.copyOf(spans);
  }

  private static boolean belongTogether(String text, AttendedSpan last, int start) {
    if (start < last.end()) {
      return true;
    }
    return start == last.end()
        && isWithinWord(text.codePointBefore(start))
        && isWithinWord(text.codePointAt(start));
  }

  private static boolean isWithinWord(int point) {
    return Character.isLetterOrDigit(point) && !Character.isIdeographic(point);
  }
}
