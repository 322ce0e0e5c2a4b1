package io.attune.pipeline.encoder;

import io.attune.pipeline.StageContext;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Says which encoder a task wants: the key {@code model.encoder}.
 *
 * @param value {@code auto} for that of the texts' language, {@code none} for a vocabulary of the
 *     task's own, the name of an encoder, or a folder or URI
 * @param repository to get known encoders from; empty for that of the user
 * @param limit by which {@code auto} chooses among the encoders of a language; empty for the
 *     default one
 */
public record EncoderChoice(
    String value, Optional<MavenRepository> repository, Optional<Limit> limit) {
  public static final String AUTO = "auto";

  private static final String NO_ENCODER = "none";

  public static final EncoderChoice NONE = of(NO_ENCODER);

  /** Returns the choice with the user's own repository. */
  public static EncoderChoice of(String value) {
    return new EncoderChoice(value, Optional.empty(), Optional.empty());
  }

  /** Says which encoders cost too much. */
  @FunctionalInterface
  public interface Limit {
    /** Returns why an encoder costs too much; empty where it does not. */
    Optional<String> tooSlow(SparkSession spark, EncoderCard encoder, Texts texts);
  }

  /**
   * Says how much there is to train on.
   *
   * @param tokens of the train split, about
   * @param longest tokens of a text
   */
  public record Texts(long tokens, int longest) {}

  /** Returns the same, with {@code auto} by what an encoder costs. */
  public EncoderChoice within(Limit other) {
    return new EncoderChoice(value, repository, Optional.of(other));
  }

  /** Returns whether the task wants a vocabulary of its own, whatever its texts are. */
  public boolean isNone() {
    return value.isEmpty() || value.equals(NO_ENCODER);
  }

  /** Returns whether a value is a folder or a URI, and not a name. */
  public static boolean isFolder(String value) {
    return value.contains("/") || value.contains("\\") || value.contains(":");
  }

  /** Returns whether a value means something else than an encoder of that name. */
  static boolean isReserved(String value) {
    return value.equals(AUTO) || value.equals(NO_ENCODER);
  }

  /**
   * Returns the chosen encoder, from the root, and brings it there first if it can: a night with
   * {@code auto} never fails for want of an encoder, it has a warning.
   *
   * @param language of the texts, by BCP 47; empty if mixed or not known
   * @param texts to train on
   * @return empty for a vocabulary of the task's own
   * @throws Failure.BadInput if an encoder that is named is not there and cannot be brought
   */
  public Optional<EncoderArtefact> resolve(
      StageContext context, Optional<String> language, Supplier<Texts> texts) {
    return switch (value) {
      case "", NO_ENCODER -> Optional.empty();
      case AUTO ->
          language
              .flatMap(spoken -> ofLanguage(context, spoken, texts))
              .flatMap(known -> ifObtainable(context, known));
      default -> Optional.of(named(context));
    };
  }

  /** Returns the default of a language, or a cheaper one where there is no time to train it. */
  private Optional<KnownEncoder> ofLanguage(
      StageContext context, String language, Supplier<Texts> texts) {
    if (limit.isEmpty()) {
      return KnownEncoder.ofLanguage(language);
    }
    List<KnownEncoder> known = KnownEncoder.everCheaper(language);
    for (int i = 0; i + 1 < known.size(); i++) {
      Optional<String> why = limit.get().tooSlow(context.spark(), known.get(i).card(), texts.get());
      if (why.isEmpty()) {
        return Optional.of(known.get(i));
      }
      String next = known.get(i + 1).name();
      context.progress().warn("%s; this night has the encoder '%s'".formatted(why.get(), next));
    }
    return known.isEmpty() ? Optional.empty() : Optional.of(known.get(known.size() - 1));
  }

  private Optional<EncoderArtefact> ifObtainable(StageContext context, KnownEncoder known) {
    try {
      return Optional.of(get(context, known));
    } catch (Failure.BadInput e) {
      context
          .progress()
          .warn(
              "the texts would gain from the encoder '%s'; this night has a vocabulary of its own: %s"
                  .formatted(known.name(), e.getMessage()));
      return Optional.empty();
    }
  }

  private EncoderArtefact named(StageContext context) {
    Encoders encoders = Encoders.in(context.storage());
    if (isFolder(value)) {
      return encoders.importUnderItsHash(
          value, context.spark().sparkContext().hadoopConfiguration(), context.recorder());
    }
    Optional<KnownEncoder> known = KnownEncoder.find(value);
    return known.isPresent() ? get(context, known.get()) : encoders.open(value);
  }

  private EncoderArtefact get(StageContext context, KnownEncoder known) {
    MavenRepository from = repository.orElseGet(MavenRepository::ofUser);
    return Encoders.in(context.storage()).get(known, from, context.progress(), context.recorder());
  }
}
