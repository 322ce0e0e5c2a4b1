package io.attune.neural.averaging.worker;

import io.attune.neural.TaskMemory;
import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.plan.CountedMinibatch;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.plan.RoundPlan;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.plan.RowSequence;
import io.attune.neural.averaging.state.Score;
import io.attune.neural.optim.SmoothedCrossEntropy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceProfile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Scores a network on executors: compares its outputs with the labels. */
public final class ScoreTask {
  private ScoreTask() {}

  /**
   * Scores all rows, in as many tasks as there are workers.
   *
   * @param resources that the tasks request from Spark
   */
  public static Score run(
      JavaSparkContext spark,
      Broadcast<Setup> setup,
      Exchange.Snapshot state,
      RowSequence rows,
      Optional<ResourceProfile> resources) {
    int workers = setup.value().config().averaging().workers();
    RoundPlan plan = RoundPlan.even(rows.rows(), workers, Math.max(1, rows.rows()));
    List<ArrayList<RowRange>> parts = new ArrayList<>();
    for (int worker = 0; worker < plan.workers(); worker++) {
      parts.add(new ArrayList<>(rows.slice(plan.bounds().get(worker), plan.end(worker))));
    }
    JavaRDD<Score> scores =
        spark
            .parallelize(parts, parts.size())
            .flatMap(
                ranges ->
                    TaskMemory.guarded(() -> score(setup.value(), state, ranges)).stream()
                        .iterator());
    return resources.map(scores::withResources).orElse(scores).collect().stream()
        .reduce(Score::merge)
        .orElseThrow();
  }

  /** Scores some rows; empty if there are none. */
  private static Optional<Score> score(
      Setup setup, Exchange.Snapshot state, List<RowRange> ranges) {
    setup.device().attach();
    Replicas.Replica replica = Replicas.acquire(setup);
    ComputationGraph network = replica.network();
    state.open().copyTo(network);
    Score score = null;
    Iterator<MultiDataSet> batches = open(setup, ranges);
    while (batches.hasNext()) {
      MultiDataSet batch = batches.next();
      INDArray[] outputs =
          network.output(
              false,
              batch.getFeatures(),
              batch.getFeaturesMaskArrays(),
              batch.getLabelsMaskArrays());
      Score ofBatch = score(batch, outputs);
      score = score == null ? ofBatch : score.merge(ofBatch);
    }
    Replicas.release(setup, replica);
    return Optional.ofNullable(score);
  }

  private static Iterator<MultiDataSet> open(Setup setup, List<RowRange> ranges) {
    try {
      return ((MinibatchLoader) setup.loader().multiDataSets())
          .minibatches(ranges, setup.config().batch(), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + ranges, e);
    }
  }

  private static Score score(MultiDataSet batch, INDArray[] outputs) {
    List<Score.Head> heads = new ArrayList<>();
    double loss = 0;
    double rows = 0;
    for (int row = 0; row < Rebatched.rowsOf(batch); row++) {
      rows += weight(batch, row);
    }
    for (int head = 0; head < outputs.length; head++) {
      float[][] labels = batch.getLabels(head).toFloatMatrix();
      float[][] probabilities = outputs[head].toFloatMatrix();
      Score.Head counts = Score.Head.none(labels.length == 0 ? 0 : labels[0].length);
      for (int row = 0; row < labels.length; row++) {
        int label = largest(labels[row]);
        if (labels[row][label] > 0) {
          double weight = weight(batch, row);
          int answer = largest(probabilities[row]);
          counts.support()[label] += weight;
          counts.predicted()[answer] += weight;
          counts.correct()[label] += answer == label ? weight : 0;
          loss -=
              weight * Math.log(Math.max(SmoothedCrossEntropy.SMALLEST, probabilities[row][label]));
        }
      }
      heads.add(counts);
    }
    return new Score(rows, loss, heads);
  }

  private static double weight(MultiDataSet batch, int row) {
    return batch instanceof CountedMinibatch counted ? counted.weight(row) : 1;
  }

  private static int largest(float[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
