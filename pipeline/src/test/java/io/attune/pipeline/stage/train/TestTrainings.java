package io.attune.pipeline.stage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Positions;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.NgramConfig;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.linear.LinearConfig;
import io.attune.schemas.model.ModelBundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs trainings on small datasets, some of which are killed. */
final class TestTrainings {
  static final String MODEL = TestNight.RUN.model();
  static final String CHECKPOINTS = TestNight.RUN.folder() + "/checkpoints";

  private static final LinearConfig LINEAR = new LinearConfig(10, 2, 1 << 20, 200_000);

  private TestTrainings() {}

  /** Trains with the usual settings of a linear part. */
  static StageResult train(
      StageContext context,
      TrainConfig config,
      ModelConfig model,
      UpdaterConfig updater,
      String yaml) {
    return Train.run(context, config, model, updater, LINEAR, yaml);
  }

  static ComputationGraph network(StageContext context) {
    return network(context, 1);
  }

  /** Returns one of the networks of the published model. */
  static ComputationGraph network(StageContext context, int number) {
    try {
      return ModelSerializer.restoreComputationGraph(
          new ByteArrayInputStream(
              context.storage().read(MODEL + "/" + ModelBundle.network(number))),
          true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<TensorBoardEvents.Event> events(StageContext context, int attempt) {
    String folder = TestNight.RUN.folder();
    List<String> files =
        context.storage().list(folder).stream()
            .filter(name -> name.startsWith(EventFile.PREFIX))
            .toList();
    return TensorBoardEvents.read(context.storage().read(folder + "/" + files.get(attempt)));
  }

  static void requireSame(ComputationGraph actual, ComputationGraph expected) {
    // Compare by the first difference: a message with thousands of floats is unreadable.
    assertThat(Arrays.mismatch(floats(actual.params()), floats(expected.params())))
        .as("first parameter that differs")
        .isEqualTo(-1);
    assertThat(Arrays.mismatch(updater(actual), updater(expected)))
        .as("first value of updater state that differs")
        .isEqualTo(-1);
    assertThat(actual.getIterationCount()).isEqualTo(expected.getIterationCount());
  }

  static float[] floats(INDArray array) {
    return array.toFloatVector();
  }

  /** Returns the optimizer's state; empty for a network that is not trained any further. */
  static float[] updater(ComputationGraph network) {
    INDArray state = network.getUpdater().getStateViewArray();
    return state == null ? new float[0] : floats(state);
  }

  static void flipByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  static StageContext night(Path root, Progress progress) {
    return with(TestNight.in(root), progress);
  }

  static StageContext with(StageContext plain, Progress progress) {
    return new StageContext(
        plain.spark(), plain.storage(), plain.tables(), plain.run(), plain.recorder(), progress);
  }

  static ModelConfig lstmWithBalancedClasses() {
    return ModelConfig.builder(ModelConfig.Kind.LSTM_ATTENTION)
        .heads(1)
        .width(8)
        .feedForward(1)
        .activation(FeedForwardActivation.RELU)
        .positions(Positions.NONE)
        .dropout(Dropout.builder().word(0.1).output(0.2).build())
        .balanceClasses()
        .build();
  }

  static ModelConfig model() {
    return ModelConfig.builder(ModelConfig.Kind.SELF_ATTENTION)
        .heads(2)
        .width(16)
        .feedForward(16)
        .activation(FeedForwardActivation.RELU)
        .build();
  }

  static ModelConfig ngrams() {
    return ModelConfig.builder(ModelConfig.Kind.NGRAM_ATTENTION)
        .heads(2)
        .width(16)
        .ngrams(new NgramConfig(3, 500))
        .dropout(Dropout.builder().word(0.2).embedding(0.3).output(0.2).build())
        .build();
  }

  static ComputationGraph trained(StageContext context, TrainConfig config) {
    return trained(context, config, model());
  }

  static ComputationGraph trained(StageContext context, TrainConfig config, ModelConfig model) {
    TestDataset.publish(context, TestDataset.documents(100, 1), TestDataset.documents(20, 2));
    train(context, config, model, updater(), "");
    return network(context);
  }

  /** Trains until a number of rows is done, and stops like a killed process. */
  static void killedAt(Path root, long rows) {
    killedAt(root, rows, config(2, 6));
  }

  static void killedAt(Path root, long rows, TrainConfig config) {
    killedAt(root, rows, config, model());
  }

  static void killedAt(Path root, long rows, TrainConfig config, ModelConfig model) {
    StageContext context = night(root, killing(rows));
    TestDataset.publish(context, TestDataset.documents(100, 1), TestDataset.documents(20, 2));
    assertThatThrownBy(() -> train(context, config, model, updater(), "")).hasMessage("killed");
  }

  /** Returns a progress that stops like a killed process when a number of rows is done. */
  static Progress killing(long rows) {
    return (done, total, note) -> {
      if (done >= rows) {
        throw new IllegalStateException("killed");
      }
    };
  }

  static UpdaterConfig updater() {
    return new UpdaterConfig(UpdaterConfig.Kind.ADAM, 0.02, 0.9, 0.999, 1e-8, 0);
  }

  /** Configures two minibatches a round and a checkpoint every other round. */
  static TrainConfig config(int workers, int epochs) {
    return config(workers, new Stopping(epochs, 0, Stopping.Metric.LOSS), 2);
  }

  /** Configures several networks of two epochs, and a checkpoint every other round. */
  static TrainConfig configOfNetworks(int seeds, long seed) {
    TrainConfig plain = config(2, 2);
    return TrainConfig.builder(plain.averaging(), plain.batch(), plain.stopping())
        .checkpointEveryRounds(2)
        .seed(seed)
        .seeds(seeds)
        .build();
  }

  /** Configures two minibatches a round. */
  static TrainConfig config(int workers, Stopping stopping, int checkpointEveryRounds) {
    AveragingConfig averaging = AveragingConfig.builder(workers, 2).build();
    return TrainConfig.builder(averaging, new BatchLimits(16, 512), stopping)
        .checkpointEveryRounds(checkpointEveryRounds)
        .seed(7)
        .build();
  }
}
