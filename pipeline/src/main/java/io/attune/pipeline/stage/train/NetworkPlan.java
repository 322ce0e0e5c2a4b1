package io.attune.pipeline.stage.train;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.stage.train.data.RowInputs;
import io.attune.pipeline.stage.train.data.RowTargets;
import io.attune.pipeline.stage.train.teacher.TeacherAnswers;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;

/** Provides the network that a training trains, its input, and what is published of it. */
interface NetworkPlan {

  /** Returns the plan for a dataset: to fine-tune the encoder that its tokens are for, if any. */
  static NetworkPlan of(StageContext context, TrainingData data, TrainingSpec spec) {
    return data.encoder().isPresent()
        ? TunedEncoder.of(context, data, spec, data.encoder().get())
        : OwnNetwork.of(context, data, spec);
  }

  /** Returns the same plan for a network that starts from another seed. */
  NetworkPlan withSeed(long seed);

  /** Returns the network before its first step. */
  ComputationGraph start();

  /** Returns what makes its input of rows. */
  RowInputs inputs();

  /** Returns what makes its input of rows in training, where that differs from {@link #inputs}. */
  default Optional<RowInputs> trainingInputs() {
    return Optional.empty();
  }

  /** Returns what the network learns of rows; usually their labels. */
  default RowTargets targets() {
    return new RowTargets.Labels();
  }

  /** Returns the answers of its teacher, if it has one. */
  default Optional<TeacherAnswers> answers() {
    return Optional.empty();
  }

  /** Returns what workers do beside training; usually nothing. */
  List<TrainingHook> hooks();

  /** Returns the network that the bundle contains, which takes token ids. */
  ComputationGraph published(ComputationGraph trained);

  /** Returns what identifies the part of an encoder that is trained; empty without one. */
  String identity();

  /** Returns what the network started from and why, for people. */
  String origin();

  /** Returns what the network consists of, for people. */
  String description();

  /** Returns the start of the stage's summary; may be empty. */
  String note();

  /** Removes what only the training needed; called when the bundle is published. */
  void finish();
}
