package io.attune.pipeline.stage.train;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.stage.train.data.ShardLoader;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Trains the networks of a model one after the other, usually a single one, and publishes them
 * together. What does not depend on the seed, such as the vectors of the rows, is made once.
 */
record EnsembleRun(StageContext context, TrainingData data, TrainingSpec spec, NetworkPlan plan) {

  StageResult run() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    try {
      return train(spark);
    } finally {
      ShardLoader.forgetShards(spark);
    }
  }

  private StageResult train(JavaSparkContext spark) {
    int slots = spark.defaultParallelism();
    WorkerCount count = WorkerCount.of(context, data, spec.train(), slots);
    if (!count.warning().isEmpty()) {
      context.progress().warn(count.warning());
    }
    Parallelism parallelism = new Parallelism(count, slots);
    ShardLoader labels = data.loader(spark, plan.inputs());
    List<TrainedNetwork> networks = new ArrayList<>();
    for (Member member : Member.of(context.run(), spec, plan)) {
      networks.add(new TrainingRun(context, data, member, labels, parallelism).run());
    }
    StageResult result =
        new CandidatePublisher(context, data, spec, plan).publish(networks, parallelism);
    plan.finish();
    return result;
  }

  /**
   * Counts the workers and core slots of a training.
   *
   * @param count networks trained in parallel
   * @param slots tasks that run at a time
   */
  record Parallelism(WorkerCount count, int slots) {
    int workers() {
      return count.workers();
    }
  }
}
