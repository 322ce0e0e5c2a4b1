package io.attune.schemas.model;

/** Names the files in {@code models/<task>/<version>/}; see {@code docs/formats/model.md}. */
public final class ModelBundle {
  /**
   * Holds the network in DL4J's own format: {@code ModelSerializer.restoreComputationGraph} opens
   * it. Absent from a model of kind {@code linear}; a model of several networks has more, see
   * {@link #network}.
   */
  public static final String NETWORK = "model.zip";

  /** Holds the linear part; absent from a model that is a network alone. */
  public static final String LINEAR = "linear.bin";

  /** Holds a {@link Combination}; there are both parts then. */
  public static final String COMBINATION = "combination.json";

  /** Holds {@link Temperatures}; absent where a {@link Combination} scales the answers. */
  public static final String TEMPERATURES = "temperatures.json";

  public static final String TOKENIZER = "tokenizer.json";
  public static final String LABELS = "labels.json";
  public static final String CONFIGURATION = "config.yaml";
  public static final String PROVENANCE = "provenance.json";

  /** Holds a {@link io.attune.schemas.report.TrainingRecord}. */
  public static final String TRAINING = "training.json";

  public static final String CARD = "card.md";

  private ModelBundle() {}

  /**
   * Returns the name of a network's file: {@value #NETWORK} for the first, {@code model-2.zip} for
   * the second.
   *
   * @param number from 1
   */
  public static String network(int number) {
    return number == 1 ? NETWORK : "model-" + number + ".zip";
  }
}
