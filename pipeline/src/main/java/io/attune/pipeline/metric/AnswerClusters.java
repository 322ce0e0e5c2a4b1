package io.attune.pipeline.metric;

import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.metric.PairedOutcomes.Cluster;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Holds the clusters of rows that two models answered, in a fixed order, and their cells. Where no
 * row has a copy there is one kind of cluster for each cell, in the same order.
 */
final class AnswerClusters {
  private static final Comparator<Cell> CELLS =
      Comparator.comparingInt(Cell::actual)
          .thenComparingInt(Cell::candidate)
          .thenComparingInt(Cell::other)
          .thenComparingLong(Cell::rows);

  private static final Comparator<Cluster> KINDS = AnswerClusters::compare;

  private final List<Cluster> kinds;
  private final List<Cell> cells;
  private final int[][] places; // [kind][i]: the cell of its i-th content

  private AnswerClusters(List<Cluster> kinds) {
    this.kinds = kinds;
    this.cells =
        merged(
            kinds.stream()
                .flatMap(
                    kind -> kind.cells().stream().map(c -> c.withRows(c.rows() * kind.number())))
                .toList());
    Map<Cell, Integer> index = new HashMap<>();
    cells.forEach(cell -> index.put(cell.withRows(0), index.size()));
    this.places =
        kinds.stream()
            .map(kind -> kind.cells().stream().mapToInt(c -> index.get(c.withRows(0))).toArray())
            .toArray(int[][]::new);
  }

  /** Adds up clusters of the same content, and leaves out those without rows. */
  static AnswerClusters of(List<Cluster> clusters) {
    Map<List<Cell>, Long> numbers = new HashMap<>();
    for (Cluster cluster : clusters) {
      List<Cell> content = merged(cluster.cells());
      if (cluster.number() > 0 && !content.isEmpty()) {
        numbers.merge(content, cluster.number(), Long::sum);
      }
    }
    return new AnswerClusters(
        numbers.entrySet().stream()
            .map(kind -> new Cluster(kind.getKey(), kind.getValue()))
            .sorted(KINDS)
            .toList());
  }

  /** Adds up cells of the same classes, and sorts those that have rows. */
  private static List<Cell> merged(List<Cell> cells) {
    Map<Cell, Long> rows = new HashMap<>();
    for (Cell cell : cells) {
      if (cell.rows() > 0) {
        rows.merge(cell.withRows(0), cell.rows(), Long::sum);
      }
    }
    return rows.entrySet().stream()
        .map(entry -> entry.getKey().withRows(entry.getValue()))
        .sorted(CELLS)
        .toList();
  }

  private static int compare(Cluster one, Cluster other) {
    int difference = Integer.compare(one.cells().size(), other.cells().size());
    for (int i = 0; difference == 0 && i < one.cells().size(); i++) {
      difference = CELLS.compare(one.cells().get(i), other.cells().get(i));
    }
    return difference;
  }

  List<Cluster> toList() {
    return kinds;
  }

  /** Returns the clusters with another content each. */
  List<Cluster> map(UnaryOperator<List<Cell>> content) {
    return kinds.stream()
        .map(kind -> new Cluster(content.apply(kind.cells()), kind.number()))
        .toList();
  }

  /** Returns the rows by classes, in their order. */
  List<Cell> cells() {
    return cells;
  }

  /** Returns how many clusters of each kind there are. */
  long[] numbers() {
    return kinds.stream().mapToLong(Cluster::number).toArray();
  }

  /**
   * Counts the rows of each cell.
   *
   * @param numbers of clusters of each kind
   * @param rows receives the counts
   */
  void count(long[] numbers, long[] rows) {
    Arrays.fill(rows, 0);
    for (int kind = 0; kind < numbers.length; kind++) {
      if (numbers[kind] > 0) {
        List<Cell> content = kinds.get(kind).cells();
        for (int i = 0; i < content.size(); i++) {
          rows[places[kind][i]] += numbers[kind] * content.get(i).rows();
        }
      }
    }
  }

  /**
   * Returns by how much the variance of the difference in right answers is larger than with rows
   * that are independent: the sum over clusters of squared differences, divided by the discordant
   * rows; at least 1.
   */
  double designEffect(long discordant) {
    double squares = 0;
    for (Cluster kind : kinds) {
      long surplus = kind.cells().stream().mapToLong(Cell::surplus).sum();
      squares += (double) kind.number() * surplus * surplus;
    }
    return discordant == 0 ? 1 : Math.max(1, squares / discordant);
  }
}
