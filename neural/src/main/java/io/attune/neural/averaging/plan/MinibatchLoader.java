package io.attune.neural.averaging.plan;

import io.attune.neural.averaging.config.BatchLimits;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Reads the rows of a {@link RowRange} and cuts minibatches itself. */
public interface MinibatchLoader extends MultiDataSetLoader {

  /** Returns the mean length of a row, by which the master estimates rows of a minibatch. */
  double meanTokens();

  /**
   * Returns the rows of some ranges as minibatches, each row in exactly one. The same arguments
   * give the same minibatches in the same order.
   *
   * @param ranges what one worker trains in one round
   * @param seed of the order of the minibatches
   */
  Iterator<MultiDataSet> minibatches(List<RowRange> ranges, BatchLimits limits, long seed)
      throws IOException;
}
