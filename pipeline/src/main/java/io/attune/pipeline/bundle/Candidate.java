package io.attune.pipeline.bundle;

import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Staging;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.report.TrainingRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Holds a trained model with everything that belongs to it, not yet published.
 *
 * @param tokenizer the bytes of {@code tokenizer.json}
 * @param maxTokens the longest row that a network takes
 * @param longTexts what it reads of a longer text
 * @param configuration the resolved configuration, as YAML
 * @param card what people should know about the model, as Markdown
 */
@SuppressWarnings("ArrayRecordComponent") // A file's bytes; never compared.
public record Candidate(
    ModelParts parts,
    byte[] tokenizer,
    LabelSets labels,
    int maxTokens,
    LongTexts longTexts,
    String configuration,
    TrainingRecord training,
    String card) {
  /** Names {@link #maxTokens} among the counts of the bundle's manifest. */
  static final String MAX_TOKENS = "maxTokens";

  /** Names the hash of {@link #tokenizer} among the inputs of the bundle's provenance. */
  public static final String TOKENIZER_INPUT = "tokenizer";

  /** Makes a model that leaves out the middle of long texts. */
  public Candidate(
      ModelParts parts,
      byte[] tokenizer,
      LabelSets labels,
      int maxTokens,
      String configuration,
      TrainingRecord training,
      String card) {
    this(
        parts,
        tokenizer,
        labels,
        maxTokens,
        LongTexts.HEAD_AND_TAIL,
        configuration,
        training,
        card);
  }

  /**
   * Publishes the bundle.
   *
   * @param provenance whose inputs hold the tokenizer's SHA-256 as {@value #TOKENIZER_INPUT}
   * @throws Failure.AlreadyPublished if there is one of that name
   */
  public Manifest publish(Storage storage, String path, Provenance provenance) {
    return Artefacts.of(storage).publish(path, provenance, staging -> write(staging, provenance));
  }

  private Map<String, Long> write(Staging staging, Provenance provenance) throws IOException {
    int number = 0;
    for (byte[] network : parts.networks()) {
      number++;
      try (OutputStream out = staging.create(ModelBundle.network(number))) {
        out.write(network);
      }
    }
    if (parts.hasLinear()) {
      try (OutputStream out = staging.create(ModelBundle.LINEAR)) {
        out.write(parts.linear());
      }
    }
    if (parts.hasNetwork() && parts.hasLinear()) {
      staging.write(ModelBundle.COMBINATION, Json.pretty(parts.combination()));
    }
    if (!parts.temperatures().heads().isEmpty()) {
      staging.write(ModelBundle.TEMPERATURES, Json.pretty(parts.temperatures()));
    }
    staging.write(ModelBundle.TOKENIZER, tokenizer);
    staging.write(ModelBundle.LABELS, Json.pretty(labels));
    if (!longTexts.equals(LongTexts.HEAD_AND_TAIL)) {
      staging.write(LongTexts.FILE_NAME, Json.pretty(longTexts));
    }
    staging.write(ModelBundle.CONFIGURATION, configuration.getBytes(StandardCharsets.UTF_8));
    staging.write(ModelBundle.PROVENANCE, Json.pretty(provenance));
    staging.write(ModelBundle.TRAINING, Json.pretty(training));
    staging.write(ModelBundle.CARD, card.getBytes(StandardCharsets.UTF_8));
    return Map.of(MAX_TOKENS, (long) maxTokens, "parameters", training.parameters());
  }
}
