package io.attune.neural.averaging;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.worker.Rebatched;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Creates the examples of a range in memory, without a file. */
public final class ExampleLoader implements MinibatchLoader {
  private static final long serialVersionUID = 1;

  /** Returns a path that stands for all examples. */
  public static String path(int rows) {
    return new RowRange("memory:examples", 0, rows, 0).toString();
  }

  @Override
  public double meanTokens() {
    return 1;
  }

  @Override
  public Iterator<MultiDataSet> minibatches(List<RowRange> ranges, BatchLimits limits, long seed) {
    List<MultiDataSet> parts = new ArrayList<>();
    for (RowRange range : ranges) {
      parts.add(TestNetworks.examples((int) range.from(), (int) range.to()));
    }
    return new Rebatched(parts.iterator(), limits.rows());
  }

  @Override
  public MultiDataSet load(Source source) {
    throw new UnsupportedOperationException();
  }
}
