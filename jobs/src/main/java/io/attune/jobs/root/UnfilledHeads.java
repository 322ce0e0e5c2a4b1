package io.attune.jobs.root;

import io.attune.jobs.config.RunConfig;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.shard.ShardIndex;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the label heads of a task for which there is no label anywhere. */
public final class UnfilledHeads {
  private UnfilledHeads() {}

  /**
   * Returns the heads that no corpus fills and no document of earlier nights has a label for.
   *
   * @param storage the root of the task
   */
  public static List<String> find(RunConfig config, Storage storage) {
    List<String> unfilled = config.unfilledHeads();
    if (unfilled.isEmpty()) {
      return unfilled;
    }
    Optional<ShardIndex> newest = newest(config.task(), storage);
    return unfilled.stream()
        .filter(head -> newest.map(index -> labels(index, head) == 0).orElse(true))
        .toList();
  }

  /**
   * Checks that there are none.
   *
   * @throws Failure.BadInput naming them, and what to do
   */
  public static void requireNone(RunConfig config, Storage storage) {
    List<String> unfilled = find(config, storage);
    if (!unfilled.isEmpty()) {
      throw new Failure.BadInput("%s; %s", found(unfilled), fix(unfilled));
    }
  }

  /** Returns what is wrong. */
  public static String found(List<String> heads) {
    return "No corpus names a column with the labels of %s, so that nothing can be learned of it"
        .formatted(String.join(", ", heads.stream().map("'%s'"::formatted).toList()));
  }

  /** Returns what to do. */
  public static String fix(List<String> heads) {
    return "name it in corpora.columns.labels, such as labels: {%s: COLUMN}, or remove the head from heads"
        .formatted(heads.get(0));
  }

  private static long labels(ShardIndex index, String head) {
    return index.labelCounts().values().stream()
        .map(heads -> heads.getOrDefault(head, Map.of()))
        .flatMap(classes -> classes.values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  private static Optional<ShardIndex> newest(String task, Storage storage) {
    return NewestRun.with(ShardIndex.FILE_NAME, "datasets/" + task, task, storage)
        .map(file -> storage.readJson(file, ShardIndex.class));
  }
}
