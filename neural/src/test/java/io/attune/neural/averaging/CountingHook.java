package io.attune.neural.averaging;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Counts how often each example was trained; executors are threads of this JVM in tests. */
final class CountingHook implements MinibatchHook {
  private static final long serialVersionUID = 1;
  static final ConcurrentMap<Integer, Integer> TRAINED = new ConcurrentHashMap<>();

  @Override
  public void preUpdate(MultiDataSet batch, Model network) {
    for (float number : batch.getFeatures(0).getColumn(0).toFloatVector()) {
      TRAINED.merge(Math.round(number * 4096), 1, Integer::sum);
    }
  }
}
