package io.attune.jobs.encoder;

import io.attune.pipeline.encoder.EncoderArtefact;
import io.attune.pipeline.encoder.Encoders;
import io.attune.pipeline.encoder.KnownEncoder;
import io.attune.schemas.model.EncoderCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Describes an encoder in a list.
 *
 * @param languages by BCP 47; empty if not known
 * @param megabytes of its weights as floats
 * @param atRoot whether a night finds it without a network
 * @param tokensPerSecond that this machine computes, forward; null if not measured
 */
public record EncoderLine(
    String name,
    List<String> languages,
    int layers,
    int width,
    int maxTokens,
    long megabytes,
    String licence,
    String source,
    List<String> trainedOn,
    boolean atRoot,
    Double tokensPerSecond) {
  private static final double BYTES_PER_PARAMETER = 4e-6;

  /**
   * Returns the known encoders and then the user's own at the root.
   *
   * @param speed measures one that is at the root; gives null where it is not asked for
   */
  public static List<EncoderLine> all(Encoders encoders, Function<EncoderArtefact, Double> speed) {
    List<EncoderLine> lines = new ArrayList<>();
    for (KnownEncoder known : KnownEncoder.all()) {
      boolean atRoot = encoders.isPublished(known.name());
      lines.add(
          atRoot
              ? of(encoders.open(known.name()), speed)
              : of(known.card(), false, Optional.empty()));
    }
    for (EncoderCard card : encoders.published()) {
      if (KnownEncoder.find(card.name()).isEmpty()) {
        lines.add(of(encoders.open(card.name()), speed));
      }
    }
    return lines;
  }

  private static EncoderLine of(EncoderArtefact encoder, Function<EncoderArtefact, Double> speed) {
    return of(encoder.card(), true, Optional.ofNullable(speed.apply(encoder)));
  }

  private static EncoderLine of(EncoderCard card, boolean atRoot, Optional<Double> speed) {
    return new EncoderLine(
        card.name(),
        card.languages(),
        card.layers(),
        card.width(),
        card.maxTokens(),
        Math.round(card.parameters() * BYTES_PER_PARAMETER),
        card.licence(),
        card.source(),
        card.trainedOn(),
        atRoot,
        speed.orElse(null));
  }

  /** Returns the lines of a table for people. */
  public static List<String> table(List<EncoderLine> encoders) {
    boolean measured = encoders.stream().anyMatch(line -> line.tokensPerSecond() != null);
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-22s %-9s %-9s %7s  %-11s %-8s%s"
            .formatted(
                "name",
                "language",
                "layers",
                "MB",
                "licence",
                "at root",
                measured ? "  tokens/s" : ""));
    for (EncoderLine line : encoders) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-22s %-9s %-9s %,7d  %-11s %-8s%s",
              line.name(),
              line.languages().isEmpty() ? "?" : String.join(",", line.languages()),
              line.layers() + " × " + line.width(),
              line.megabytes(),
              line.licence(),
              line.atRoot() ? "yes" : "no",
              line.tokensPerSecond() == null
                  ? ""
                  : String.format(Locale.ROOT, "%,10.0f", line.tokensPerSecond())));
      lines.add("    from " + line.source());
      if (!line.trainedOn().isEmpty()) {
        lines.add("    trained on " + String.join(", ", line.trainedOn()));
      }
    }
    return lines;
  }
}
