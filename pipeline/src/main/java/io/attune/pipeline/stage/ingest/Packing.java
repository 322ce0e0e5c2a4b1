package io.attune.pipeline.stage.ingest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Packs files and pieces of files into tasks of about equal work, so that a long one does not start
 * last and a million short ones are not a million tasks.
 */
final class Packing {
  /** Costs as much as opening a file does; Spark's own reader counts with 4 MiB. */
  private static final long OPENING = 1 << 20;

  /** Makes more tasks where each would read more bytes than this. */
  private static final long TASK = 256L << 20;

  private Packing() {}

  private static final class Task {
    final List<Piece> pieces = new ArrayList<>();
    long work;
  }

  /**
   * Packs the longest piece first, always into the task that has least; the same pieces give the
   * same tasks.
   *
   * @param cores that work at once
   * @return the tasks, the longest first; none is empty
   */
  static List<List<Piece>> pack(List<Piece> pieces, int cores) {
    long work = pieces.stream().mapToLong(Packing::work).sum();
    long wanted = Math.max(4L * cores, work / TASK + 1);
    int tasks = (int) Math.min(pieces.size(), wanted);
    PriorityQueue<Task> open =
        new PriorityQueue<>(Comparator.comparingLong((Task task) -> task.work));
    for (int i = 0; i < tasks; i++) {
      open.add(new Task());
    }
    List<Piece> longestFirst = new ArrayList<>(pieces);
    longestFirst.sort(
        Comparator.comparingLong(Packing::work)
            .reversed()
            .thenComparing(piece -> piece.file().path())
            .thenComparing(Piece::from));
    for (Piece piece : longestFirst) {
      Task least = open.remove();
      least.pieces.add(piece);
      least.work += work(piece);
      open.add(least);
    }
    return open.stream()
        .sorted(Comparator.<Task>comparingLong(task -> task.work).reversed())
        .map(task -> task.pieces)
        .toList();
  }

  private static long work(Piece piece) {
    return piece.bytes() + OPENING;
  }
}
