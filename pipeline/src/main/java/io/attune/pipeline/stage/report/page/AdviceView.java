package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.advice.AdviceLine;
import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.Advice.Guess;
import io.attune.schemas.report.Advice.Reason;
import io.attune.schemas.report.Advice.Request;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Shows whether the model in use is to be trained again, and some of the texts to label.
 *
 * @param number of the texts to label
 */
record AdviceView(
    String verdict, List<ReasonView> reasons, String number, List<RequestView> requests) {
  private static final int MOST_REASONS = 20;
  private static final int MOST_REQUESTS = 5;
  private static final int REASON = 400;
  private static final int NAME = 60;

  /** Shows one sentence. */
  record ReasonView(boolean counts, String text) {}

  /**
   * Shows one text.
   *
   * @param about day, source and answers, in words
   */
  record RequestView(String language, String text, String about) {}

  static AdviceView of(Advice advice) {
    String verdict = AdviceLine.verdict(advice);
    return new AdviceView(
        verdict.substring(0, 1).toUpperCase(Locale.ROOT) + verdict.substring(1) + ".",
        advice.reasons().stream().limit(MOST_REASONS).map(AdviceView::reason).toList(),
        Figures.count(advice.requests().size()),
        advice.requests().stream().limit(MOST_REQUESTS).map(AdviceView::request).toList());
  }

  private static ReasonView reason(Reason reason) {
    return new ReasonView(reason.counts(), Figures.cut(reason.text(), REASON));
  }

  private static RequestView request(Request request) {
    String day = request.published() == null ? "" : request.published() + " · ";
    String source = request.source() == null ? "" : Figures.cut(request.source(), NAME) + " · ";
    return new RequestView(
        ExampleView.language(request.text()),
        request.text(),
        day
            + source
            + request.answers().stream().map(AdviceView::guess).collect(Collectors.joining(" · ")));
  }

  private static String guess(Guess guess) {
    return "%s: %s %s or %s %s"
        .formatted(
            Figures.cut(guess.head(), NAME),
            Figures.cut(guess.predicted(), NAME),
            Figures.percent(guess.probability()),
            Figures.cut(guess.runnerUp(), NAME),
            Figures.percent(guess.runnerUpProbability()));
  }
}
