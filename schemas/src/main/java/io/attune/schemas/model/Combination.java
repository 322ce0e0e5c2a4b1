package io.attune.schemas.model;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.util.List;

/**
 * Says how the parts of a model are combined: {@code combination.json}.
 *
 * <p>For each head, {@code log p = w1 log p_network + w2 log p_linear - log Z}, a logarithmic
 * opinion pool.
 *
 * @param version of this format
 * @param heads in the order of the label sets
 */
public record Combination(int version, List<HeadWeights> heads) implements Serializable {
  private static final long serialVersionUID = 1;
  public static final int VERSION = 1;

  /**
   * Holds the weights of one head and how they were found.
   *
   * @param network weight of the network's log probabilities; at least 0
   * @param linear weight of the linear part's; at least 0
   * @param rows of the validation split that the weights were fitted on: those with a label
   * @param networkLoss mean negative log-likelihood of the network alone on these rows, in nats;
   *     null without rows, like the other two
   * @param linearLoss that of the linear part trained on the train split only
   * @param loss that of the combination
   * @param linearMacroF1 macro-F1 on these rows of the linear part trained on the train split only;
   *     null without rows, and in files of versions without it
   * @param linearTemperature temperature of that linear part by itself, for a model that it is
   *     alone; null likewise
   */
  public record HeadWeights(
      String head,
      double network,
      double linear,
      long rows,
      Double networkLoss,
      Double linearLoss,
      Double loss,
      Double linearMacroF1,
      Double linearTemperature)
      implements Serializable {
    private static final long serialVersionUID = 1;

    public HeadWeights {
      require(
          Double.isFinite(network) && network >= 0 && Double.isFinite(linear) && linear >= 0,
          "the weights of head '%s' must be numbers of at least 0, got %s and %s",
          head,
          network,
          linear);
    }

    /** Makes the weights of a head without figures of the linear part by itself. */
    public HeadWeights(
        String head,
        double network,
        double linear,
        long rows,
        Double networkLoss,
        Double linearLoss,
        Double loss) {
      this(head, network, linear, rows, networkLoss, linearLoss, loss, null, null);
    }

    /** Makes the weights of a head without the temperature of the linear part. */
    public HeadWeights(
        String head,
        double network,
        double linear,
        long rows,
        Double networkLoss,
        Double linearLoss,
        Double loss,
        Double linearMacroF1) {
      this(head, network, linear, rows, networkLoss, linearLoss, loss, linearMacroF1, null);
    }

    /** Returns the same with the temperature of the linear part by itself. */
    public HeadWeights withLinearTemperature(double temperature) {
      return new HeadWeights(
          head, network, linear, rows, networkLoss, linearLoss, loss, linearMacroF1, temperature);
    }

    /**
     * Returns the temperature that the weights amount to: that of the pool with weights in the same
     * proportion that add up to 1. Infinite where both are 0.
     */
    public double temperature() {
      return 1 / (network + linear);
    }
  }

  public Combination {
    require(version == VERSION, "version must be %d, got %d", VERSION, version);
    require(heads != null, "a combination must have heads");
    heads = List.copyOf(heads);
  }

  /** Returns the combination of these heads, in the present version of the format. */
  public static Combination of(List<HeadWeights> heads) {
    return new Combination(VERSION, heads);
  }
}
