package io.attune.neural.averaging;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Runs before each minibatch is trained, and ignores all other events. */
interface MinibatchHook extends TrainingHook {
  @Override
  default void postUpdate(MultiDataSet batch, Model network) {}

  @Override
  default void preUpdate(DataSet batch, Model network) {}

  @Override
  default void postUpdate(DataSet batch, Model network) {}
}
