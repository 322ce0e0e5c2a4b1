package io.attune.neural.optim;

import static io.attune.schemas.Requirements.require;

/**
 * Configures how a gradient becomes a step: the group {@code updater} of a task's configuration.
 *
 * @param learningRate of a step
 * @param beta1 decay of the mean of gradients; Adam, AdamW, and the momentum of Nesterov
 * @param beta2 decay of the mean of their squares; Adam and AdamW
 * @param epsilon added to the divisor; Adam, AdamW and AdaGrad
 * @param weightDecay fraction of every weight matrix that a step subtracts, times the learning
 *     rate; AdamW only
 * @param layerRates learning rates of parts of the network
 */
public record UpdaterConfig(
    Kind kind,
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    LayerRates layerRates) {

  /** Selects the rule of the step. */
  public enum Kind {
    SGD,
    /** Uses SGD with Nesterov's momentum (Sutskever et al. 2013, 2). */
    NESTEROV,
    /** Uses Adam (Kingma & Ba 2015). */
    ADAM,
    /** Uses Adam with decoupled weight decay (Loshchilov & Hutter 2019). */
    ADAMW,
    /** Uses AdaGrad (Duchi et al. 2011). */
    ADAGRAD
  }

  /**
   * Gives parts of the network their own learning rates, as fractions of that of the updater.
   *
   * @param heads of the output layers; above 0
   * @param full of the encoder's last block if all of its blocks are trained, in (0, 1]
   * @param decay of a block below another, as a fraction of that one's rate, in (0, 1] (Howard and
   *     Ruder 2018, 3.2)
   * @param lora of the factors of low-rank adaptation, in all blocks; above 0
   * @param embeddings of the tables of a network of hashed n-grams; above 0
   */
  public record LayerRates(
      double heads, double full, double decay, double lora, double embeddings) {
    /** Gives all parts the same rate. */
    public static final LayerRates EQUAL = new LayerRates(1, 1, 1);

    /** Gives low-rank adaptation and embeddings the rate of the updater. */
    public LayerRates(double heads, double full, double decay) {
      this(heads, full, decay, 1);
    }

    /** Gives embeddings the rate of the updater. */
    public LayerRates(double heads, double full, double decay, double lora) {
      this(heads, full, decay, lora, 1);
    }

    public LayerRates {
      require(
          embeddings > 0 && embeddings <= 1000,
          "embeddings must be in (0, 1000], got %s",
          embeddings);
      require(lora > 0 && lora <= 1000, "lora must be in (0, 1000], got %s", lora);
      require(heads > 0 && heads <= 1000, "heads must be in (0, 1000], got %s", heads);
      require(full > 0 && full <= 1, "full must be in (0, 1], got %s", full);
      require(decay > 0 && decay <= 1, "decay must be in (0, 1], got %s", decay);
    }
  }

  /** Configures the same rate for all layers. */
  public UpdaterConfig(
      Kind kind,
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay) {
    this(kind, learningRate, beta1, beta2, epsilon, weightDecay, LayerRates.EQUAL);
  }

  public UpdaterConfig {
    require(
        learningRate > 0 && learningRate <= 10,
        "learning-rate must be in (0, 10], got %s",
        learningRate);
    require(beta1 >= 0 && beta1 < 1, "beta1 must be in [0, 1), got %s", beta1);
    require(beta2 >= 0 && beta2 < 1, "beta2 must be in [0, 1), got %s", beta2);
    require(epsilon > 0 && epsilon < 1, "epsilon must be in (0, 1), got %s", epsilon);
    require(
        weightDecay >= 0 && weightDecay < 1, "weight-decay must be in [0, 1), got %s", weightDecay);
    require(
        weightDecay == 0 || kind == Kind.ADAMW,
        "weight-decay needs kind adamw, got %s with kind %s",
        weightDecay,
        kind);
  }
}
