package io.attune.neural.averaging.config;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Completes the networks of workers with what is neither in their configuration nor trained, and so
 * travels in no round, such as the parameters below low-rank adaptation. Given to an averaging
 * master with {@code addHook}.
 */
public interface ReplicaHook extends TrainingHook {
  /**
   * Receives a network that a JVM made, where it was made and before it computes anything. A
   * network serves many rounds.
   */
  void onReplica(ComputationGraph network);

  @Override
  default void preUpdate(DataSet minibatch, Model model) {}

  @Override
  default void postUpdate(DataSet minibatch, Model model) {}

  @Override
  default void preUpdate(MultiDataSet minibatch, Model model) {}

  @Override
  default void postUpdate(MultiDataSet minibatch, Model model) {}
}
