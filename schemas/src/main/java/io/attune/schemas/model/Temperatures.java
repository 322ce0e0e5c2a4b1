package io.attune.schemas.model;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.util.List;

/**
 * Says how the probabilities of a model of one part are scaled: {@code temperatures.json}.
 *
 * <p>For each head, {@code log p = log p_raw / temperature - log Z} (Guo et al. 2017, 4.2). The
 * scale of a {@link Combination} is free already, so that a model of two parts has none.
 *
 * @param version of this format
 * @param heads in the order of the label sets
 */
public record Temperatures(int version, List<HeadTemperature> heads) implements Serializable {
  private static final long serialVersionUID = 1;
  public static final int VERSION = 1;

  /**
   * Holds the temperature of one head and how it was found.
   *
   * @param temperature above 0; 1 changes nothing, above 1 answers are less sure
   * @param rows of the validation split that it was fitted on: those with a label
   * @param rawLoss mean negative log-likelihood on these rows before, in nats; null without rows
   * @param loss the same after
   */
  public record HeadTemperature(
      String head, double temperature, long rows, Double rawLoss, Double loss)
      implements Serializable {
    private static final long serialVersionUID = 1;

    public HeadTemperature {
      require(
          Double.isFinite(temperature) && temperature > 0,
          "the temperature of head '%s' must be a number above 0, got %s",
          head,
          temperature);
    }

    /** Leaves the probabilities of a head as they are. */
    public static HeadTemperature none(String head) {
      return new HeadTemperature(head, 1, 0, null, null);
    }
  }

  public Temperatures {
    require(version == VERSION, "version must be %d, got %d", VERSION, version);
    require(heads != null, "temperatures must have heads");
    heads = List.copyOf(heads);
  }

  /** Returns the temperatures of these heads, in the present version of the format. */
  public static Temperatures of(List<HeadTemperature> heads) {
    return new Temperatures(VERSION, heads);
  }
}
