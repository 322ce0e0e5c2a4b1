package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.InputFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Packs files into tasks of about equal work, so that one long file does not start last and a
 * million short ones are not a million tasks.
 */
final class Packing {
  /** Costs as much as opening a file does; Spark's own reader counts with 4 MiB. */
  private static final long OPENING = 1 << 20;

  /** Makes more tasks where each would read more bytes than this. */
  private static final long TASK = 256L << 20;

  private Packing() {}

  private static final class Task {
    final List<InputFile> files = new ArrayList<>();
    long work;
  }

  /**
   * Packs the longest file first, always into the task that has least; the same files give the same
   * tasks.
   *
   * @param cores that work at once
   * @return the tasks, the longest first; none is empty
   */
  static List<List<InputFile>> pack(List<InputFile> files, int cores) {
    long work = files.stream().mapToLong(Packing::work).sum();
    long wanted = Math.max(4L * cores, work / TASK + 1);
    int tasks = (int) Math.min(files.size(), wanted);
    PriorityQueue<Task> open =
        new PriorityQueue<>(Comparator.comparingLong((Task task) -> task.work));
    for (int i = 0; i < tasks; i++) {
      open.add(new Task());
    }
    List<InputFile> longestFirst = new ArrayList<>(files);
    longestFirst.sort(
        Comparator.comparingLong(Packing::work).reversed().thenComparing(InputFile::path));
    for (InputFile file : longestFirst) {
      Task least = open.remove();
      least.files.add(file);
      least.work += work(file);
      open.add(least);
    }
    return open.stream()
        .sorted(Comparator.<Task>comparingLong(task -> task.work).reversed())
        .map(task -> task.files)
        .toList();
  }

  private static long work(InputFile file) {
    return file.bytes() + OPENING;
  }
}
