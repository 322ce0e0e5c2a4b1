package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Counts what two models answered to the same rows: rows by true class, candidate's and other
 * model's answer. Only cells that have rows are held.
 *
 * <p>Rows of one cluster, such as near copies of one text, are no independent evidence. Clusters
 * with the same content are held once with their number; a row without copies is a cluster of its
 * own.
 */
public final class PairedOutcomes {

  /** Counts rows with these three classes, each an index from 0. */
  public record Cell(int actual, int candidate, int other, long rows) {
    Cell withRows(long number) {
      return new Cell(actual, candidate, other, number);
    }

    /** Returns the rows that only the candidate got right, less those of the other model. */
    long surplus() {
      int mine = candidate == actual ? 1 : 0;
      int theirs = other == actual ? 1 : 0;
      return (mine - theirs) * rows;
    }
  }

  /**
   * Describes clusters of the same content.
   *
   * @param cells rows of one of them
   * @param number how many there are
   */
  public record Cluster(List<Cell> cells, long number) {
    public Cluster {
      cells = List.copyOf(cells);
    }
  }

  private final int classes;
  private final AnswerClusters clusters;
  private final IntPredicate judged; // classes whose F1 counts

  private PairedOutcomes(int classes, AnswerClusters clusters, IntPredicate judged) {
    this.classes = classes;
    this.clusters = clusters;
    this.judged = judged;
  }

  /**
   * Returns the outcomes of the given cells, whose rows have no copies; those of the same classes
   * are added up.
   */
  public static PairedOutcomes of(int classes, List<Cell> cells) {
    return ofClusters(
        classes,
        cells.stream().map(cell -> new Cluster(List.of(cell.withRows(1)), cell.rows())).toList());
  }

  /** Returns the outcomes of the given clusters; those of the same content are added up. */
  public static PairedOutcomes ofClusters(int classes, List<Cluster> clusters) {
    for (Cluster cluster : clusters) {
      for (Cell cell : cluster.cells()) {
        int highest = Math.max(cell.actual(), Math.max(cell.candidate(), cell.other()));
        int lowest = Math.min(cell.actual(), Math.min(cell.candidate(), cell.other()));
        require(
            lowest >= 0 && highest < classes, "no such class in %s of %d classes", cell, classes);
      }
    }
    return new PairedOutcomes(classes, AnswerClusters.of(clusters), any -> true);
  }

  /** Returns the rows of some true classes only. */
  public PairedOutcomes ofActual(IntPredicate actual) {
    return ofClusters(
        classes,
        clusters.map(cells -> cells.stream().filter(cell -> actual.test(cell.actual())).toList()));
  }

  /** Returns the same rows compared with a model that answers {@code answer} to each. */
  public PairedOutcomes againstConstant(int answer) {
    return ofClusters(
        classes,
        clusters.map(
            cells ->
                cells.stream()
                    .map(c -> new Cell(c.actual(), c.candidate(), answer, c.rows()))
                    .toList()));
  }

  /**
   * Returns the same rows, of which the F1 of those classes alone counts in {@link
   * #candidateMacroF1}, {@link #otherMacroF1} and the bootstrap that have a number of rows; of all
   * classes where none has so many.
   */
  public PairedOutcomes judging(long leastRows) {
    ConfusionMatrix confusion = candidate();
    boolean[] counts = new boolean[classes];
    boolean some = false;
    for (int c = 0; c < classes; c++) {
      counts[c] = confusion.support(c) >= leastRows;
      some = some || counts[c];
    }
    return some ? new PairedOutcomes(classes, clusters, c -> counts[c]) : this;
  }

  /** Adds the rows of another. */
  public PairedOutcomes merge(PairedOutcomes more) {
    require(classes == more.classes, "%d classes do not merge with %d", more.classes, classes);
    List<Cluster> both = new ArrayList<>(clusters.toList());
    both.addAll(more.clusters.toList());
    return ofClusters(classes, both);
  }

  public long rows() {
    return toList().stream().mapToLong(Cell::rows).sum();
  }

  public ConfusionMatrix candidate() {
    return candidate(cells());
  }

  public ConfusionMatrix other() {
    return other(cells());
  }

  /** Returns the number of clusters. */
  public long clusters() {
    return clusters.toList().stream().mapToLong(Cluster::number).sum();
  }

  /** Returns the mean F1 of the candidate over the classes that count and have rows. */
  public double candidateMacroF1() {
    return macroF1(candidate());
  }

  /** Returns the same of the other model. */
  public double otherMacroF1() {
    return macroF1(other());
  }

  private double macroF1(ConfusionMatrix confusion) {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      if (confusion.support(c) > 0 && judged.test(c)) {
        sum += confusion.f1(c);
        present++;
      }
    }
    return present == 0 ? 0 : sum / present;
  }

  /** Tests their right and wrong answers. */
  public McNemar mcNemar() {
    long candidateOnly = 0;
    long otherOnly = 0;
    for (Cell cell : toList()) {
      candidateOnly += Math.max(0, cell.surplus());
      otherOnly += Math.max(0, -cell.surplus());
    }
    return new McNemar(
        candidateOnly, otherOnly, rows(), clusters.designEffect(candidateOnly + otherOnly));
  }

  /** Returns the cells in the order of true class, candidate's and other model's answer. */
  List<Cell> toList() {
    return clusters.cells();
  }

  long[] cells() {
    return toList().stream().mapToLong(Cell::rows).toArray();
  }

  /** Returns what a resample draws. */
  AnswerClusters drawn() {
    return clusters;
  }

  /** Returns the confusion of the candidate if the cells had these rows. */
  ConfusionMatrix candidate(long[] rows) {
    ConfusionMatrix confusion = new ConfusionMatrix(classes);
    List<Cell> cells = toList();
    for (int i = 0; i < rows.length; i++) {
      confusion.add(cells.get(i).actual(), cells.get(i).candidate(), rows[i]);
    }
    return confusion;
  }

  /** Returns the same of the other model. */
  ConfusionMatrix other(long[] rows) {
    ConfusionMatrix confusion = new ConfusionMatrix(classes);
    List<Cell> cells = toList();
    for (int i = 0; i < rows.length; i++) {
      confusion.add(cells.get(i).actual(), cells.get(i).other(), rows[i]);
    }
    return confusion;
  }

  /**
   * Returns the candidate's macro-F1 minus the other's, over the classes that count, if the cells
   * had these rows. In one pass over the cells, because a bootstrap asks for it thousands of times.
   */
  double macroF1Difference(long[] rows) {
    List<Cell> cells = toList();
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
      if (support[c] > 0 && judged.test(c)) {
        present++;
        sum +=
            2.0 * candidateHits[c] / (support[c] + candidateAnswers[c])
                - 2.0 * otherHits[c] / (support[c] + otherAnswers[c]);
      }
    }
    return present == 0 ? 0 : sum / present;
  }

  /** Returns the candidate's F1 of a class minus the other's if the cells had these rows. */
  double f1Difference(int ofClass, long[] rows) {
    List<Cell> cells = toList();
    long support = 0;
    long candidateHits = 0;
    long candidateAnswers = 0;
    long otherHits = 0;
    long otherAnswers = 0;
    for (int i = 0; i < rows.length; i++) {
      Cell cell = cells.get(i);
      long ofActual = cell.actual() == ofClass ? rows[i] : 0;
      support += ofActual;
      candidateAnswers += cell.candidate() == ofClass ? rows[i] : 0;
      otherAnswers += cell.other() == ofClass ? rows[i] : 0;
      candidateHits += cell.candidate() == ofClass ? ofActual : 0;
      otherHits += cell.other() == ofClass ? ofActual : 0;
    }
    return 2.0 * candidateHits / Math.max(1, support + candidateAnswers)
        - 2.0 * otherHits / Math.max(1, support + otherAnswers);
  }
}
