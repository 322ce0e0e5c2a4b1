package io.attune.jobs.doctor;

import io.attune.jobs.config.RunConfig;
import io.attune.neural.network.ModelConfig;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.encoder.Encoders;
import io.attune.pipeline.encoder.KnownEncoder;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Finds out what a task's encoder will be, as far as that is known before a night. */
final class TaskEncoder {
  /** Holds the encoder that is assumed where only the texts decide: the largest of these. */
  private static final String LARGEST = "bge-small-en";

  private TaskEncoder() {}

  /**
   * Returns the encoder; with {@code auto} that of the language that the corpora declare. Empty
   * without one, and for a folder, which only the night reads.
   */
  static Optional<EncoderCard> of(Target target) {
    return target
        .task()
        .filter(task -> task.model().kind() != ModelConfig.Kind.LINEAR)
        .flatMap(
            task -> {
              EncoderChoice choice = EncoderChoice.of(task.model().encoder());
              if (choice.isNone() || EncoderChoice.isFolder(choice.value())) {
                return Optional.empty();
              }
              return choice.value().equals(EncoderChoice.AUTO)
                  ? ofLanguages(task).map(KnownEncoder::card)
                  : named(target, choice.value());
            });
  }

  private static Optional<KnownEncoder> ofLanguages(RunConfig task) {
    List<String> declared =
        task.corpora().stream()
            .map(corpus -> corpus.language())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    return switch (declared.size()) {
      case 0 -> KnownEncoder.find(LARGEST);
      case 1 -> KnownEncoder.ofLanguage(declared.get(0).split("[-_]", 2)[0]);
      default -> Optional.empty();
    };
  }

  private static Optional<EncoderCard> named(Target target, String name) {
    Optional<EncoderCard> known = KnownEncoder.find(name).map(KnownEncoder::card);
    return known.or(() -> atRoot(target, storage -> Encoders.in(storage).open(name).card()));
  }

  /** Returns the tokens of the train split of the task's newest dataset. */
  static OptionalLong tokensOfNewest(Target target) {
    String task = target.task().orElseThrow().task();
    String folder = "datasets/" + task;
    Optional<Long> tokens =
        atRoot(
            target,
            storage ->
                storage.list(folder).stream()
                    .filter(run -> storage.exists(index(folder, run)))
                    .max(Comparator.comparing(run -> Run.parse(task, run)))
                    .map(run -> storage.readJson(index(folder, run), ShardIndex.class))
                    .map(index -> index.tokens(Split.TRAIN))
                    .orElse(null));
    return tokens.isPresent() ? OptionalLong.of(tokens.get()) : OptionalLong.empty();
  }

  private static String index(String folder, String run) {
    return folder + "/" + run + "/" + ShardIndex.FILE_NAME;
  }

  /** Reads something at the root; nothing where it cannot be read, which another check says. */
  private static <T> Optional<T> atRoot(Target target, Function<Storage, T> reader) {
    try {
      return target.root().map(root -> Storage.at(root, target.hadoop())).map(reader);
    } catch (Failure e) {
      return Optional.empty();
    }
  }
}
