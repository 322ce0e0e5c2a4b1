package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import java.util.ArrayList;
import java.util.List;

/** Makes outcomes of two models on rows of two classes. */
final class PairedAnswers {
  private PairedAnswers() {}

  /**
   * Returns outcomes from the numbers of rows that both, one or neither model answers correctly,
   * spread evenly over the classes.
   */
  static PairedOutcomes of(long both, long candidateOnly, long otherOnly, long neither) {
    List<Cell> cells = new ArrayList<>();
    for (int actual = 0; actual < 2; actual++) {
      cells.add(new Cell(actual, actual, actual, half(both, actual)));
      cells.add(new Cell(actual, actual, 1 - actual, half(candidateOnly, actual)));
      cells.add(new Cell(actual, 1 - actual, actual, half(otherOnly, actual)));
      cells.add(new Cell(actual, 1 - actual, 1 - actual, half(neither, actual)));
    }
    return PairedOutcomes.of(2, cells);
  }

  private static long half(long rows, int actual) {
    return actual == 0 ? rows / 2 : rows - rows / 2;
  }
}
