package io.attune.pipeline.metric;

import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * Tells whether values of nights fall: the least-squares line through them does, at a one-sided
 * level of 0.001, and by at least a third of a margin from the first night to the last.
 */
public final class FallingLine {
  /** Bounds the nights that are looked at, the latest: a month. */
  public static final int NIGHTS = 30;

  /** Is few enough to notice in time, and enough for a line to mean something. */
  private static final int LEAST_VALUES = 10;

  /** Is small, since it is asked each night. */
  private static final double LEVEL = 0.001;

  /** Leaves out a fall that is certain and too small to matter. */
  private static final double LEAST_FALL = 1.0 / 3;

  private FallingLine() {}

  /**
   * Returns by how much the line through the latest values falls from the first of them to the
   * last; empty if it does not.
   *
   * @param all values, one a night, in order
   * @param margin that a loss is measured by
   */
  public static Optional<Double> fall(List<Double> all, double margin) {
    List<Double> values = all.subList(Math.max(0, all.size() - NIGHTS), all.size());
    if (values.size() < LEAST_VALUES) {
      return Optional.empty();
    }
    SimpleRegression line = new SimpleRegression();
    for (int night = 0; night < values.size(); night++) {
      line.addData(night, values.get(night));
    }
    double fall = -line.getSlope() * (values.size() - 1);
    boolean isCertain = fall > 0 && line.getSignificance() / 2 <= LEVEL;
    return isCertain && fall >= LEAST_FALL * margin ? Optional.of(fall) : Optional.empty();
  }
}
