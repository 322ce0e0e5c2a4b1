package io.attune.neural.averaging.plan;

import io.attune.neural.averaging.config.BatchLimits;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A loader that reads rows where a {@link RowRange} says and cuts minibatches itself. */
public interface MinibatchLoader extends MultiDataSetLoader {

  /** Mean length of a row: how many rows the master may expect in a minibatch. */
  double meanTokens();

  /**
   * The rows of some ranges as minibatches, each row in exactly one. The same arguments give the
   * same minibatches in the same order.
   *
   * @param ranges what one worker trains in one round
   * @param seed of the order of the minibatches
   */
  Iterator<MultiDataSet> minibatches(List<RowRange> ranges, BatchLimits limits, long seed)
      throws IOException;
}
