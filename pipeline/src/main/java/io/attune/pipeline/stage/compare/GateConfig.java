package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.PromotionPower;
import io.attune.pipeline.metric.TestRows;
import io.attune.schemas.Requirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Configures what the candidate must show to replace the current model.
 *
 * @param head that must not lose; {@link #ALL_HEADS} for every one
 * @param margin of macro-F1, in [0, 1], that it may be worse by at most; {@link #FROM_ROWS} takes
 *     it from the number of test rows ({@link TestRows#margin})
 * @param otherMargin likewise on the heads that {@code head} does not name; 1 for any loss
 * @param require how good it must be
 * @param baseline what it must show against the best linear model, whether a model is in use or not
 * @param significance one-sided level: at most so often a model that is worse by the margin is
 *     promoted, one that is not better is called better, and one that is not below the linear model
 *     is called below it
 * @param veto a loss in accuracy that keeps it out on any head, whatever its macro-F1
 * @param bootstrapRepetitions resamples behind each interval; more are drawn where the level needs
 *     them
 * @param seed of the resamples
 * @param minRows below which nothing is judged
 * @param mustNotLose slices of the test split that a model is kept out by if it is shown to be less
 *     often right there than the current one: {@code source} for each of its values, or {@code
 *     source=reuters} for one
 * @param anchorMargin how many margins the model may be below the anchor; at least 1
 * @param smokeTest whether the published bundle must answer in a fresh process as it did in the
 *     evaluation
 * @param maxSizeMb of the published bundle, in 10^6 bytes; 0 for any
 * @param maxMsPerDocument milliseconds that the answer to one text may take, asked alone on the
 *     driver; 0 for any
 */
public record GateConfig(
    String head,
    String margin,
    double otherMargin,
    Demand require,
    Floor baseline,
    double significance,
    Veto veto,
    int bootstrapRepetitions,
    long seed,
    MinRows minRows,
    List<String> mustNotLose,
    double anchorMargin,
    boolean smokeTest,
    double maxSizeMb,
    double maxMsPerDocument) {
  public static final String ALL_HEADS = "all";

  private static final double ANCHOR_MARGIN = 1.5;

  /** Sets how many times stricter the comparison with the anchor is than the others. */
  private static final double ANCHOR_STRICTNESS = 10;

  /** Stands for a margin that follows from the number of test rows. */
  public static final String FROM_ROWS = "auto";

  /** Sets the resamples beyond each end of an interval, so that the end is more than chance. */
  private static final int LEAST_BEYOND = 20;

  /** Chooses how good the candidate must be. */
  public enum Demand {
    /** Requires that it is significantly better than the current model. */
    BETTER,
    /** Requires that it is worse by less than the margin, if at all. */
    NOT_WORSE;

    /** Returns the word of the configuration: {@code better}, {@code not-worse}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Chooses what the candidate must show against the best linear model. */
  public enum Floor {
    /** Keeps a candidate out whose macro-F1 is significantly below that model's. */
    NOT_BELOW,
    /** Only states how it compares. */
    IGNORE
  }

  /**
   * Configures the veto: on no head may the candidate be shown to be less often right than the
   * current model by more than the margin.
   *
   * @param significance one-sided level of the test, corrected for the number of heads: so often an
   *     equally good model is kept out by the veto alone
   * @param margin of accuracy, in [0, 1), that it may lose
   */
  public record Veto(double significance, double margin) {
    public Veto {
      requireLevel("significance", significance);
      Requirements.require(margin >= 0 && margin < 1, "margin must be in [0, 1), got %s", margin);
    }
  }

  /**
   * Configures how many test rows it takes to judge.
   *
   * @param unseen rows that the current model has not learned from, where it has learned from some
   * @param ofClass rows of a class, below which its F1 does not count and only its name is listed
   */
  public record MinRows(int unseen, int ofClass) {
    static final MinRows DEFAULT = new MinRows(100, 20);

    public MinRows {
      Requirements.require(unseen >= 1, "unseen must be at least 1, got %d", unseen);
      Requirements.require(ofClass >= 1, "of-class must be at least 1, got %d", ofClass);
    }
  }

  /** Makes a gate with the usual numbers of rows. */
  public GateConfig(
      String head,
      String margin,
      double otherMargin,
      Demand require,
      Floor baseline,
      double significance,
      Veto veto,
      int bootstrapRepetitions,
      long seed) {
    this(
        head,
        margin,
        otherMargin,
        require,
        baseline,
        significance,
        veto,
        bootstrapRepetitions,
        seed,
        MinRows.DEFAULT,
        List.of(),
        ANCHOR_MARGIN,
        true,
        0,
        0);
  }

  public GateConfig {
    Requirements.require(!head.isBlank(), "head must name a head, or be '%s'", ALL_HEADS);
    Requirements.require(
        margin.equals(FROM_ROWS) || isInRange(margin),
        "margin must be in [0, 1] or '%s', got %s",
        FROM_ROWS,
        margin);
    Requirements.require(
        otherMargin >= 0 && otherMargin <= 1,
        "other-margin must be in [0, 1], got %s",
        otherMargin);
    requireLevel("significance", significance);
    Requirements.require(
        bootstrapRepetitions >= 1000,
        "bootstrap-repetitions must be at least 1000 for the ends of an interval, got %d",
        bootstrapRepetitions);
    mustNotLose = mustNotLose == null ? List.of() : List.copyOf(mustNotLose);
    Requirements.require(
        mustNotLose.stream().noneMatch(name -> name.isBlank() || name.startsWith("=")),
        "must-not-lose must name slices, such as source or source=reuters, got %s",
        mustNotLose);
    Requirements.require(
        anchorMargin >= 1, "anchor-margin must be at least 1 margin, got %s", anchorMargin);
    Requirements.require(maxSizeMb >= 0, "max-size-mb must be 0 or above, got %s", maxSizeMb);
    Requirements.require(
        maxMsPerDocument >= 0, "max-ms-per-document must be 0 or above, got %s", maxMsPerDocument);
  }

  private static void requireLevel(String key, double level) {
    Requirements.require(
        level >= 1e-4 && level < 0.5,
        "%s must be at least 0.0001 and below 0.5, got %s",
        key,
        level);
  }

  private static boolean isInRange(String margin) {
    try {
      double value = Double.parseDouble(margin);
      return value >= 0 && value <= 1;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Returns the margin that is named; empty where it is taken from the rows. */
  OptionalDouble namedMargin() {
    return margin.equals(FROM_ROWS)
        ? OptionalDouble.empty()
        : OptionalDouble.of(Double.parseDouble(margin));
  }

  /** Returns the resamples that the level needs. */
  int resamples() {
    return resamples(significance);
  }

  /** Returns the resamples that a level needs. */
  int resamples(double level) {
    return Math.max(bootstrapRepetitions, (int) Math.ceil(LEAST_BEYOND / level));
  }

  /**
   * Returns the one-sided level of the comparison with the anchor. It is a tenth of the usual one:
   * the same anchor is compared night after night, and one model that passes by chance stays.
   */
  double anchorLevel() {
    return significance / ANCHOR_STRICTNESS;
  }

  /**
   * Returns whether a head must not lose; a head with the name {@code all} goes before the word for
   * all heads.
   *
   * @param heads of the task
   */
  boolean counts(String name, List<String> heads) {
    return (head.equals(ALL_HEADS) && !heads.contains(ALL_HEADS)) || head.equals(name);
  }

  /**
   * Returns the loss that a head may have.
   *
   * @param heads of the task
   * @param rows of the test split with a label of the head
   */
  public double marginOf(String name, List<String> heads, TestRows rows) {
    if (!counts(name, heads)) {
      return otherMargin;
    }
    int counting = (int) heads.stream().filter(each -> counts(each, heads)).count();
    return namedMargin().orElseGet(() -> judged(rows).margin(counting, significance));
  }

  /**
   * Returns how often a model that is as good as the current one would be promoted, before any two
   * models have answered the test rows.
   *
   * @param rows of the test split, by head
   */
  public PromotionPower expectedPower(Map<String, TestRows> rows) {
    List<String> names = List.copyOf(rows.keySet());
    List<PromotionPower.Head> heads = new ArrayList<>();
    rows.forEach(
        (name, ofHead) ->
            heads.add(
                new PromotionPower.Head(
                    ofHead.rows(), judged(ofHead).standardError(), marginOf(name, names, ofHead))));
    return power(heads);
  }

  /** Returns the rows of the classes whose F1 counts. */
  TestRows judged(TestRows rows) {
    return rows.atLeast(minRows.ofClass());
  }

  /** Returns the same of heads whose standard errors are known. */
  PromotionPower power(List<PromotionPower.Head> heads) {
    return new PromotionPower(
        heads, significance, new PromotionPower.Veto(veto.significance(), veto.margin()));
  }
}
