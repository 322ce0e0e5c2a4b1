package io.attune.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.neural.network.DistilConfig;
import io.attune.neural.network.ModelConfig;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.schemas.failure.Failure;
import java.util.Arrays;
import java.util.Locale;

/** Decides what follows for other keys where {@code model.distil} asks for a student. */
final class Student {
  private static final String NAME = "the defaults of a student";

  private Student() {}

  /** Returns whether values name a teacher. */
  static boolean isTrainedBy(ObjectNode values) {
    String from = distil(values).path("from").asText();
    return !from.isEmpty() && !from.equals(DistilConfig.OFF.from());
  }

  /**
   * Fails if an encoder is named, whose vocabulary would replace the student's own.
   *
   * @param file that the values are of
   * @throws Failure.BadUsage saying what to leave out
   */
  static void requireNoEncoder(ObjectNode values, YamlFile file) {
    EncoderChoice encoder = EncoderChoice.of(values.path("model").path("encoder").asText());
    if (!encoder.isNone() && !encoder.value().equals(EncoderChoice.AUTO)) {
      throw new Failure.BadUsage(
          "%s: model.encoder is '%s', and model.distil trains a student with a vocabulary of its"
              + " own; leave model.encoder out (for one night: --set model.encoder=none), or train"
              + " the encoder in a night with model.distil.from: none and let it teach a later one",
          file.at("model.encoder"), encoder.value());
    }
  }

  /** Returns the defaults of a student: its kind is that of {@code distil.to}. */
  static YamlFile defaults(ObjectNode values) {
    String kind = distil(values).path("to").asText();
    boolean isKnown =
        Arrays.stream(ModelConfig.Kind.values())
            .anyMatch(of -> of.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(kind));
    return YamlFile.parse(NAME, isKnown ? "model: {kind: %s}".formatted(kind) : "");
  }

  /** Returns what is above the task's own keys, since {@code encoder: auto} means none here. */
  static YamlFile ownVocabulary() {
    return YamlFile.parse(NAME, "model: {encoder: none}");
  }

  private static JsonNode distil(ObjectNode values) {
    return values.path("model").path("distil");
  }
}
