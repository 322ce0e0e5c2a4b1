package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what two models answered to the same rows: rows by true class, candidate's and other
 * model's answer. Only cells that have rows are held.
 */
public final class PairedOutcomes {

  /** Counts rows with these three classes, each an index from 0. */
  public record Cell(int actual, int candidate, int other, long rows) {
    private Cell key() {
      return new Cell(actual, candidate, other, 0);
    }
  }

  private final int classes;
  private final List<Cell> cells;

  private PairedOutcomes(int classes, List<Cell> cells) {
    this.classes = classes;
    this.cells = cells;
  }

  /** Returns the outcomes of the given cells; those of the same classes are added up. */
  public static PairedOutcomes of(int classes, List<Cell> cells) {
    Map<Cell, Long> rows = new LinkedHashMap<>();
    for (Cell cell : cells) {
      int highest = Math.max(cell.actual(), Math.max(cell.candidate(), cell.other()));
      int lowest = Math.min(cell.actual(), Math.min(cell.candidate(), cell.other()));
      require(lowest >= 0 && highest < classes, "no such class in %s of %d classes", cell, classes);
      if (cell.rows() > 0) {
        rows.merge(cell.key(), cell.rows(), Long::sum);
      }
    }
    return new PairedOutcomes(
        classes,
        rows.entrySet().stream()
            .map(e -> withRows(e.getKey(), e.getValue()))
            .sorted(
                Comparator.comparingInt(Cell::actual)
                    .thenComparingInt(Cell::candidate)
                    .thenComparingInt(Cell::other))
            .toList());
  }

  /** Compares the candidate with a model that answers {@code answer} to every row. */
  public static PairedOutcomes againstConstant(ConfusionMatrix candidate, int answer) {
    List<Cell> cells = new ArrayList<>();
    for (int actual = 0; actual < candidate.classes(); actual++) {
      for (int predicted = 0; predicted < candidate.classes(); predicted++) {
        cells.add(new Cell(actual, predicted, answer, candidate.rows(actual, predicted)));
      }
    }
    return of(candidate.classes(), cells);
  }

  /** Adds the rows of another. */
  public PairedOutcomes merge(PairedOutcomes more) {
    require(classes == more.classes, "%d classes do not merge with %d", more.classes, classes);
    List<Cell> both = new ArrayList<>(cells);
    both.addAll(more.cells);
    return of(classes, both);
  }

  public long rows() {
    return cells.stream().mapToLong(Cell::rows).sum();
  }

  public ConfusionMatrix candidate() {
    ConfusionMatrix confusion = new ConfusionMatrix(classes);
    cells.forEach(cell -> confusion.add(cell.actual(), cell.candidate(), cell.rows()));
    return confusion;
  }

  public ConfusionMatrix other() {
    ConfusionMatrix confusion = new ConfusionMatrix(classes);
    cells.forEach(cell -> confusion.add(cell.actual(), cell.other(), cell.rows()));
    return confusion;
  }

  /** Tests their right and wrong answers. */
  public McNemar mcNemar() {
    long candidateOnly = 0;
    long otherOnly = 0;
    for (Cell cell : cells) {
      boolean candidateRight = cell.candidate() == cell.actual();
      boolean otherRight = cell.other() == cell.actual();
      candidateOnly += candidateRight && !otherRight ? cell.rows() : 0;
      otherOnly += otherRight && !candidateRight ? cell.rows() : 0;
    }
    return new McNemar(candidateOnly, otherOnly, rows());
  }

  /** Returns the cells in the order of true class, candidate's and other model's answer. */
  List<Cell> toList() {
    return cells;
  }

  long[] cells() {
    return cells.stream().mapToLong(Cell::rows).toArray();
  }

  /**
   * Returns the candidate's macro-F1 minus the other's if the cells had these rows. In one pass
   * over the cells, because a bootstrap asks for it thousands of times.
   */
  double macroF1Difference(long[] rows) {
    long[] support = new long[classes];
    long[] candidateHits = new long[classes];
    long[] candidateAnswers = new long[classes];
    long[] otherHits = new long[classes];
    long[] otherAnswers = new long[classes];
    for (int i = 0; i < rows.length; i++) {
      Cell cell = cells.get(i);
      support[cell.actual()] += rows[i];
      candidateAnswers[cell.candidate()] += rows[i];
      otherAnswers[cell.other()] += rows[i];
      candidateHits[cell.actual()] += cell.candidate() == cell.actual() ? rows[i] : 0;
      otherHits[cell.actual()] += cell.other() == cell.actual() ? rows[i] : 0;
    }
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      if (support[c] > 0) {
        present++;
        sum +=
            2.0 * candidateHits[c] / (support[c] + candidateAnswers[c])
                - 2.0 * otherHits[c] / (support[c] + otherAnswers[c]);
      }
    }
    return present == 0 ? 0 : sum / present;
  }

  private static Cell withRows(Cell key, long rows) {
    return new Cell(key.actual(), key.candidate(), key.other(), rows);
  }
}
