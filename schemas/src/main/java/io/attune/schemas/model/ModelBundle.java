package io.attune.schemas.model;

/** Names of the files in {@code models/<task>/<version>/}; see {@code docs/formats/model.md}. */
public final class ModelBundle {
  /** The network in DL4J's own format: {@code ModelSerializer.restoreComputationGraph} opens it. */
  public static final String NETWORK = "model.zip";

  public static final String TOKENIZER = "tokenizer.json";
  public static final String LABELS = "labels.json";
  public static final String CONFIGURATION = "config.yaml";
  public static final String PROVENANCE = "provenance.json";

  /** A {@link io.attune.schemas.report.TrainingRecord}. */
  public static final String TRAINING = "training.json";

  public static final String CARD = "card.md";

  private ModelBundle() {}
}
