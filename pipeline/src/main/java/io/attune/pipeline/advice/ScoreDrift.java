package io.attune.pipeline.advice;

import io.attune.pipeline.metric.BenjaminiHochberg;
import io.attune.pipeline.metric.Divergence;
import io.attune.pipeline.metric.TwoMixes;
import io.attune.schemas.report.Advice.HeadDrift;
import io.attune.schemas.report.Advice.Shift;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;

/**
 * Compares what a model answers now with what it answered on its test split, by head: the shares of
 * the classes, and the probability of the answer in tenths of the test split.
 *
 * <p>A change counts if it is more than chance (chi-square, corrected over all heads) and large:
 * the stability index less what chance gives samples of this size, since the index of small samples
 * is far above 0 without any change.
 */
final class ScoreDrift {
  /** Sets the documents of a sample below which nothing is said. */
  static final long LEAST_DOCUMENTS = 100;

  /** Is small, since it is asked each night. */
  private static final double LEVEL = 0.01;

  /** Sets the index from which on a change is worth looking at, and is large (Siddiqi 2006, 8). */
  private static final double CHANGED = 0.1;

  private static final double MUCH_CHANGED = 0.25;

  private ScoreDrift() {}

  /**
   * Holds the answers of one head.
   *
   * @param isComparable whether the probabilities of both are of the same scale
   */
  record Head(String name, AnswerCounts now, AnswerCounts test, boolean isComparable) {
    private boolean isLarge() {
      return now.documents() >= LEAST_DOCUMENTS && test.documents() >= LEAST_DOCUMENTS;
    }

    private TwoMixes classes() {
      return TwoMixes.of(now.classes(), test.classes());
    }

    private TwoMixes confidence() {
      List<Integer> bounds = test.tenths();
      return TwoMixes.of(now.parts(bounds), test.parts(bounds));
    }
  }

  /** Compares the heads for which both samples have answers, in their order. */
  static List<HeadDrift> of(List<Head> heads) {
    List<Head> answered =
        heads.stream()
            .filter(head -> head.now().documents() > 0 && head.test().documents() > 0)
            .toList();
    List<Double> pValues = new ArrayList<>();
    for (Head head : answered) {
      add(pValues, head, head.classes());
      if (head.isComparable()) {
        add(pValues, head, head.confidence());
      }
    }
    Iterator<Double> adjusted = BenjaminiHochberg.adjust(pValues).iterator();
    List<HeadDrift> drifts = new ArrayList<>();
    for (Head head : answered) {
      Shift classes = shift(head, head.classes(), adjusted);
      Shift confidence = head.isComparable() ? shift(head, head.confidence(), adjusted) : null;
      drifts.add(drift(head, classes, confidence));
    }
    return drifts;
  }

  private static void add(List<Double> pValues, Head head, TwoMixes mixes) {
    if (head.isLarge() && mixes.canDiffer()) {
      pValues.add(mixes.pValue());
    }
  }

  private static Shift shift(Head head, TwoMixes mixes, Iterator<Double> adjusted) {
    return head.isLarge() && mixes.canDiffer()
        ? new Shift(mixes.stabilityIndex(), mixes.expectedIndex(), mixes.pValue(), adjusted.next())
        : null;
  }

  private static HeadDrift drift(Head head, Shift classes, Shift confidence) {
    AnswerCounts now = head.now();
    AnswerCounts test = head.test();
    TreeSet<String> answers = new TreeSet<>(now.classes().keySet());
    answers.addAll(test.classes().keySet());
    String most = answers.first();
    for (String answer : answers) {
      most = change(head, answer) > change(head, most) ? answer : most;
    }
    return new HeadDrift(
        head.name(),
        now.documents(),
        test.documents(),
        level(head, classes, confidence),
        classes,
        Divergence.between(now.classes(), test.classes()),
        most,
        now.share(most),
        test.share(most),
        confidence,
        now.meanConfidence(),
        head.isComparable() ? test.meanConfidence() : null);
  }

  private static double change(Head head, String answer) {
    return Math.abs(head.now().share(answer) - head.test().share(answer));
  }

  private static String level(Head head, Shift classes, Shift confidence) {
    if (!head.isLarge()) {
      return HeadDrift.TOO_FEW;
    }
    double excess = Math.max(excess(classes), excess(confidence));
    return excess >= MUCH_CHANGED
        ? HeadDrift.MUCH_CHANGED
        : excess >= CHANGED ? HeadDrift.CHANGED : HeadDrift.SAME;
  }

  /** Returns the size of a change that is more than chance; 0 for others. */
  static double excess(Shift shift) {
    return shift != null && shift.adjusted() <= LEVEL ? shift.excess() : 0;
  }
}
