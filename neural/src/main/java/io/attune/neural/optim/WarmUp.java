package io.attune.neural.optim;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Raises a learning rate linearly from 0 to its value, and keeps it there. */
public final class WarmUp implements ISchedule {
  private static final long serialVersionUID = 1;

  @JsonProperty private final double value;
  @JsonProperty private final int steps;

  /**
   * Makes the schedule.
   *
   * @param value the rate from step {@code steps} on, counting from 0
   */
  public WarmUp(@JsonProperty("value") double value, @JsonProperty("steps") int steps) {
    this.value = value;
    this.steps = steps;
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    return value * Math.min(1, (iteration + 1.0) / (steps + 1.0));
  }

  @Override
  public ISchedule clone() {
    return new WarmUp(value, steps);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WarmUp schedule && schedule.value == value && schedule.steps == steps;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(value) * 31 + steps;
  }
}
