package io.attune.neural.averaging.state;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Scores a classifying network on some rows; scores of parts merge to that of the whole.
 *
 * @param rows that were scored
 * @param lossSum negative log-likelihood of all labels of all rows, in nats
 * @param heads one for each output of the network
 */
public record Score(double rows, double lossSum, List<Head> heads) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Counts the rows that have a label for one output, and those answered correctly. */
  public record Head(double labelled, double correct) implements Serializable {
    private static final long serialVersionUID = 1;

    Head merge(Head other) {
      return new Head(labelled + other.labelled, correct + other.correct);
    }
  }

  public Score {
    heads = List.copyOf(heads);
  }

  /** Returns the score of no rows. */
  public static Score none(int outputs) {
    return new Score(0, 0, java.util.Collections.nCopies(outputs, new Head(0, 0)));
  }

  /** Returns the score of both together. */
  public Score merge(Score other) {
    require(
        heads.size() == other.heads.size(),
        "scores of one network have the same outputs, got %d and %d",
        heads.size(),
        other.heads.size());
    List<Head> merged = new ArrayList<>();
    for (int head = 0; head < heads.size(); head++) {
      merged.add(heads.get(head).merge(other.heads.get(head)));
    }
    return new Score(rows + other.rows, lossSum + other.lossSum, merged);
  }

  /** Returns the mean over the rows of the sum over their labels; lower is better. */
  public double loss() {
    return lossSum / Math.max(1, rows);
  }

  /** Returns the mean over the outputs with labelled rows of the fraction correct; in [0, 1]. */
  public double accuracy() {
    return heads.stream()
        .filter(head -> head.labelled() > 0)
        .mapToDouble(head -> head.correct() / head.labelled())
        .average()
        .orElse(0);
  }
}
