package io.attune.jobs.config;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Names the keys of a configuration: the components of its records, in kebab-case. */
final class Keys {
  private static final PropertyNamingStrategies.KebabCaseStrategy KEBAB =
      new PropertyNamingStrategies.KebabCaseStrategy();

  /** Maps the old names of renamed keys to the new ones. */
  private static final Map<String, String> MOVED =
      Map.ofEntries(
          Map.entry("train.workers", "train.averaging.workers"),
          Map.entry("train.averaging-frequency", "train.averaging.frequency"),
          Map.entry("train.max-averaging-share", "train.averaging.max-averaging-share"),
          Map.entry("train.warm-up-rounds", "train.averaging.warm-up-rounds"),
          Map.entry("train.outer", "train.averaging.outer"),
          Map.entry("train.inner-state", "train.averaging.inner-state"),
          Map.entry("train.batch-rows", "train.batch.rows"),
          Map.entry("train.batch-tokens", "train.batch.tokens"),
          Map.entry("updater.warm-up-steps", "train.schedule.warm-up-steps"),
          Map.entry("train.quorum", "train.guards.quorum"),
          Map.entry("train.divergence-ratio", "train.guards.divergence-ratio"),
          Map.entry("train.rollbacks", "train.guards.rollbacks"),
          Map.entry("train.max-gradient-norm", "train.guards.max-gradient-norm"),
          Map.entry("train.epochs", "train.stopping.epochs"),
          Map.entry("train.patience", "train.stopping.patience"),
          Map.entry("train.validation-metric", "train.stopping.metric"));

  private Keys() {}

  /** Returns the present name of a key that was renamed. */
  static Optional<String> movedTo(String path) {
    return Optional.ofNullable(MOVED.get(path));
  }

  /** Returns the keys of a record, in the order of its components. */
  static List<String> of(Class<?> record) {
    return Arrays.stream(record.getRecordComponents())
        .map(component -> KEBAB.translate(component.getName()))
        .toList();
  }

  /**
   * Returns the key of a record that a rule's message opens with, such as {@code quorum} of {@code
   * quorum must be in (0, 1], got 2}.
   */
  static Optional<String> subject(String message, Class<?> record) {
    String first = message.split("[ .]", 2)[0];
    return record.isRecord() && of(record).contains(first) ? Optional.of(first) : Optional.empty();
  }

  /** Returns the known word that is fewest edits away, if it is near enough to be meant. */
  static Optional<String> nearest(String word, Collection<String> known) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance.apply(word, candidate)))
        .filter(
            candidate -> distance.apply(word, candidate) <= Math.max(2, candidate.length() / 3));
  }
}
