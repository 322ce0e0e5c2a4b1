package io.attune.pipeline.advice;

import io.attune.pipeline.alert.PlainText;
import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.Advice.Reason;
import java.util.List;

/** Says the advice of a night in one line of plain text. */
public final class AdviceLine {
  private static final int LONGEST = 400;

  private AdviceLine() {}

  /**
   * Returns a line such as {@code Advice: train again. Answers of 'mood' … 50 texts to label are in
   * runs/news/2026-01-02.1/advice/label-requests.csv}.
   *
   * @param folder of the advice
   */
  public static String of(Advice advice, String folder) {
    StringBuilder line = new StringBuilder("Advice: ").append(verdict(advice)).append('.');
    List<Reason> counting = advice.reasons().stream().filter(Reason::counts).toList();
    List<Reason> shown = counting.isEmpty() ? advice.reasons().subList(0, 1) : counting;
    line.append(' ').append(PlainText.of(shown.get(0).text(), LONGEST));
    if (counting.size() > 1) {
      line.append(" And ").append(Figures.of(counting.size() - 1, "reason")).append(" more.");
    }
    if (!advice.requests().isEmpty()) {
      line.append(' ')
          .append(Figures.of(advice.requests().size(), "text"))
          .append(" to label: ")
          .append(folder)
          .append('/')
          .append(Advice.REQUESTS);
    }
    return line.toString();
  }

  /** Returns the verdict in words. */
  public static String verdict(Advice advice) {
    return switch (advice.verdict()) {
      case Advice.TRAIN_AGAIN -> "train again";
      case Advice.LOOK -> "look at what has changed";
      default -> "nothing to do";
    };
  }
}
