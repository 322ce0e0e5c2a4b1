package io.attune.pipeline.advice;

import io.attune.pipeline.advice.LaterNights.Fall;
import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.Advice.FreshAccuracy;
import io.attune.schemas.report.Advice.HeadDrift;
import io.attune.schemas.report.Advice.Model;
import io.attune.schemas.report.Advice.Reason;
import io.attune.schemas.report.Advice.Shift;
import io.attune.schemas.report.Advice.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Concludes from what was found whether to train again.
 *
 * <p>The model in use is out of date if its answers have changed much, if it is right less often on
 * new labelled documents than on its test split, or if the models of the last nights get worse.
 * Then training helps if there are labelled documents that it has not learned from; without them a
 * person has to look and to label. Many new labelled documents are a reason by themselves.
 */
final class Reasons {
  /** Sets the labelled documents that are worth a training, besides a fraction of those learned. */
  private static final long LEAST_WAITING = 100;

  private static final double WORTH_TRAINING = 0.1;

  /** Sets the fraction of those learned that is a reason by itself. */
  private static final double MANY = 0.5;

  private final List<Reason> reasons = new ArrayList<>();
  private boolean isWorn;
  private boolean isOdd;

  private Reasons() {}

  /** Holds a verdict and what it stands on. */
  record Conclusion(String verdict, List<Reason> reasons) {}

  /**
   * Holds what was found.
   *
   * @param unknown why something could not be looked at, in sentences
   */
  record Found(
      Model model,
      Window window,
      List<HeadDrift> drift,
      List<FreshAccuracy> fresh,
      LaterNights nights,
      List<String> unknown) {}

  static Conclusion of(Found found) {
    Reasons all = new Reasons();
    found.drift().forEach(drift -> all.drift(drift, found.window()));
    found.fresh().forEach(all::fresh);
    found.nights().falls().forEach(all::fall);
    found.unknown().forEach(why -> all.add("unknown", false, why));
    Model model = found.model();
    boolean hasNew =
        model.waiting() >= LEAST_WAITING && model.waiting() >= WORTH_TRAINING * model.learned();
    boolean hasMany = hasNew && model.waiting() >= MANY * model.learned();
    boolean trains = (all.isWorn && hasNew) || hasMany;
    boolean asks = trains || all.isWorn || all.isOdd;
    all.labels(model, trains);
    all.nights(model, found.nights(), asks);
    List<Reason> sorted = new ArrayList<>(all.reasons);
    sorted.sort(Comparator.comparing(reason -> !reason.counts())); // stable
    return new Conclusion(trains ? Advice.TRAIN_AGAIN : asks ? Advice.LOOK : Advice.NONE, sorted);
  }

  private void add(String sign, boolean counts, String text) {
    reasons.add(new Reason(sign, counts, text));
  }

  private void drift(HeadDrift drift, Window window) {
    boolean isMuch = drift.level().equals(HeadDrift.MUCH_CHANGED);
    boolean counts = isMuch || drift.level().equals(HeadDrift.CHANGED);
    isWorn |= isMuch;
    isOdd |= counts;
    String days = "since " + window.since();
    if (drift.level().equals(HeadDrift.TOO_FEW)) {
      add(
          "drift",
          false,
          "On '%s' there are too few documents to compare with the test split: %s %s, %s of the test split; %d of each are needed."
              .formatted(
                  drift.head(),
                  Figures.count(drift.documents()),
                  days,
                  Figures.count(drift.testRows()),
                  ScoreDrift.LEAST_DOCUMENTS));
      return;
    }
    add(
        "drift",
        counts,
        counts
            ? "Answers of '%s' to %s %s are %sunlike those on the test split: %s."
                .formatted(
                    drift.head(),
                    Figures.of(drift.documents(), "document"),
                    days,
                    isMuch ? "very " : "",
                    changes(drift))
            : "Answers of '%s' to %s %s are like those on the test split."
                .formatted(drift.head(), Figures.of(drift.documents(), "document"), days));
  }

  private static String changes(HeadDrift drift) {
    List<String> parts = new ArrayList<>();
    if (ScoreDrift.excess(drift.classes()) > 0) {
      parts.add(
          "%s of them '%s', %s there (%s)"
              .formatted(
                  Figures.percent(drift.mostNow()),
                  drift.most(),
                  Figures.percent(drift.mostTest()),
                  index(drift.classes())));
    }
    if (ScoreDrift.excess(drift.confidence()) > 0) {
      parts.add(
          "mean probability of the answer %s, %s there (%s)"
              .formatted(
                  Figures.percent(drift.meanConfidence()),
                  Figures.percent(drift.testConfidence()),
                  index(drift.confidence())));
    }
    return String.join("; ", parts);
  }

  private static String index(Shift shift) {
    return String.format(
        Locale.ROOT, "stability index %.2f, by chance %.2f", shift.index(), shift.expected());
  }

  private void fresh(FreshAccuracy fresh) {
    isWorn |= fresh.fell();
    add(
        "fresh",
        fresh.fell(),
        "On '%s' the model was right on %s of %s that came after it (%s); on its test split on %s."
            .formatted(
                fresh.head(),
                Figures.percent(fresh.accuracy()),
                Figures.of(fresh.rows(), "labelled document"),
                Figures.percentRange(fresh.interval().low(), fresh.interval().high()),
                Figures.percent(fresh.testAccuracy())));
  }

  private void fall(Fall fall) {
    isWorn = true;
    add(
        "anchor",
        true,
        "On '%s' the models of the last %d nights get worse, by %s of macro-F1 in all, measured against the anchor %s."
            .formatted(fall.head(), fall.nights(), Figures.decimal(fall.macroF1()), fall.anchor()));
  }

  private void labels(Model model, boolean counts) {
    if (model.waiting() > 0) {
      add(
          "labels",
          counts,
          "%s came after the model was trained; it has learned from %s."
              .formatted(
                  Figures.of(model.waiting(), "labelled document"),
                  Figures.count(model.learned())));
    }
  }

  private void nights(Model model, LaterNights nights, boolean asks) {
    if (model.refused() > 0) {
      add(
          "refused",
          asks,
          "In %s since, another model was trained and the gate kept this one%s"
              .formatted(
                  Figures.of(model.refused(), "night"),
                  nights.lastVerdict().map(verdict -> "; the last: " + verdict).orElse(".")));
    }
    add(
        "age",
        false,
        "The model in use, %s, is %s old."
            .formatted(model.version(), Figures.of(model.ageDays(), "day")));
  }
}
