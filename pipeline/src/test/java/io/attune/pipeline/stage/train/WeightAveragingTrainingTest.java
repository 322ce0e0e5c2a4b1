package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.CHECKPOINTS;
import static io.attune.pipeline.stage.train.TestTrainings.MODEL;
import static io.attune.pipeline.stage.train.TestTrainings.config;
import static io.attune.pipeline.stage.train.TestTrainings.floats;
import static io.attune.pipeline.stage.train.TestTrainings.model;
import static io.attune.pipeline.stage.train.TestTrainings.network;
import static io.attune.pipeline.stage.train.TestTrainings.night;
import static io.attune.pipeline.stage.train.TestTrainings.requireSame;
import static io.attune.pipeline.stage.train.TestTrainings.updater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.stage.train.checkpoint.Ledger;
import io.attune.pipeline.stage.train.checkpoint.WeightAveraging;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.TrainingRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests trainings that publish a mean of the parameters that they passed through. */
class WeightAveragingTrainingTest {
  private static final int EPOCHS = 3;
  private static final String PARAMETERS = "parameters.f32";
  private static final String BEST = "best-parameters.f32";
  private static final List<TestDataset.Document> TRAIN = TestDataset.documents(100, 1);

  /** Has labels of one head, so that the loss of a network is that of its answers there. */
  private static final List<TestDataset.Document> VALIDATION =
      TestDataset.documents(20, 2).stream()
          .map(d -> new TestDataset.Document(d.text(), d.topic(), -1))
          .toList();

  /** Holds what a training without a mean reached at the end of each epoch. */
  private static List<float[]> reached;

  @TempDir Path root;

  @BeforeAll
  static void trainWithoutAMean(@TempDir Path plain) {
    StageContext context = night(plain, Progress.SILENT);
    TestDataset.publish(context, TRAIN, VALIDATION);
    reached = reached(context, model(), EPOCHS);
    int best = record(context).bestEpoch();
    assertThat(floats(network(context).params())).isEqualTo(reached.get(best - 1));
    assertThat(record(context).weightAveraging()).isNull();
    List<String> names = context.storage().list(CHECKPOINTS);
    assertThat(context.storage().list(CHECKPOINTS + "/" + names.get(names.size() - 1)))
        .containsExactlyInAnyOrder(
            "MANIFEST.json",
            "state.json",
            "network.json",
            PARAMETERS,
            "updater.f32",
            "outer-velocity.f32",
            BEST,
            "best-updater.f32");
  }

  /** Trains on and on, by one epoch more each time. */
  private static List<float[]> reached(StageContext context, ModelConfig model, int epochs) {
    List<float[]> ends = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      if (epoch > 1) {
        context.artefacts().retire(MODEL);
      }
      TestTrainings.train(context, config(2, epoch), model, updater(), "");
      ends.add(newest(context, PARAMETERS));
    }
    return ends;
  }

  private static TrainConfig averaging(int epochs, int seeds, WeightAveraging weightAveraging) {
    TrainConfig plain = config(2, epochs);
    return TrainConfig.builder(plain.averaging(), plain.batch(), plain.stopping())
        .weightAveraging(weightAveraging)
        .seed(7)
        .seeds(seeds)
        .build();
  }

  private static float[] newest(StageContext context, String file) {
    List<String> names = context.storage().list(CHECKPOINTS);
    String path = CHECKPOINTS + "/" + names.get(names.size() - 1) + "/" + file;
    float[] values = new float[context.storage().read(path).length / Float.BYTES];
    ByteBuffer.wrap(context.storage().read(path))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  private static TrainingRecord record(StageContext context) {
    return context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
  }

  private static float[] mean(List<float[]> states) {
    float[] mean = new float[states.get(0).length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (float[] state : states) {
        sum += state[i];
      }
      mean[i] = (float) (sum / states.size());
    }
    return mean;
  }

  private StageContext averaged(int networks, WeightAveraging weightAveraging) {
    StageContext context = night(root, Progress.SILENT);
    TestDataset.publish(context, TRAIN, VALIDATION);
    TrainConfig config = averaging(EPOCHS, networks, weightAveraging);
    TestTrainings.train(context, config, model(), updater(), "");
    return context;
  }

  @Test
  void publishesTheMeanOfTheLastEpochsAndJudgesEpochsByIt() {
    StageContext context = averaged(1, new WeightAveraging(2, 0));

    TrainingRecord record = record(context);
    int best = record.bestEpoch();
    assertThat(best).isGreaterThan(1);
    assertThat(floats(network(context).params())).isEqualTo(mean(reached.subList(best - 2, best)));
    assertThat(newest(context, PARAMETERS)).isEqualTo(reached.get(EPOCHS - 1));
    float[][][] answers =
        Classifier.shared(ModelFiles.read(context.artefacts().open(MODEL)))
            .probabilities(VALIDATION.stream().map(TestDataset.Document::text).toList());
    double loss = 0;
    for (int i = 0; i < answers.length; i++) {
      loss -= Math.log(answers[i][0][VALIDATION.get(i).topic()]) / answers.length;
    }
    assertThat(record.curve().get(best - 1).validationLoss())
        .isCloseTo(loss, within(1e-4))
        .isEqualTo(record.networks().get(0).validationLoss());
    assertThat(record.weightAveraging()).isEqualTo(new TrainingRecord.WeightAveragingRecord(2, 0));
    assertThat(context.storage().read(MODEL + "/" + ModelBundle.CARD))
        .asString(StandardCharsets.UTF_8)
        .contains(
            " Each parameter of the network is the mean of its values at the end of the kept epoch"
                + " and of up to 1 before it; these figures are of the network with them.");
  }

  @Test
  void takesAsManyEpochsAsThereAreInEachOfSeveralNetworks() {
    StageContext context = averaged(2, new WeightAveraging(10, 0));

    TrainingRecord record = record(context);
    assertThat(floats(network(context).params()))
        .isEqualTo(mean(reached.subList(0, record.bestEpoch())));
    assertThat(record.networks()).hasSize(2);
    assertThat(floats(network(context, 2).params()))
        .isNotEqualTo(floats(network(context).params()));
  }

  @Test
  void theMovingAverageGoesOverAllRoundsByTheirRows() {
    Map<String, float[]> rounds = new TreeMap<>();
    StageContext plain = TestNight.in(root);
    StageContext context =
        TestTrainings.with(
            plain,
            (done, total, note) -> {
              List<String> names = plain.storage().list(CHECKPOINTS);
              if (!names.isEmpty()) {
                rounds.put(names.get(names.size() - 1), newest(plain, PARAMETERS));
              }
            });
    TestDataset.publish(context, TRAIN, VALIDATION);

    TrainConfig config = averaging(2, 1, new WeightAveraging(1, 0.5));
    TestTrainings.train(context, config, model(), updater(), "");

    List<Ledger.Entry> ledger =
        context
            .storage()
            .readJson(TestNight.RUN.folder() + "/" + Ledger.FILE_NAME, Ledger.class)
            .rounds();
    rounds.put("%06d".formatted(ledger.size()), newest(context, PARAMETERS));
    assertThat(rounds).hasSize(ledger.size()).hasSizeGreaterThan(2);
    List<float[]> states = List.copyOf(rounds.values());
    requireClose(newest(context, "moving-parameters.f32"), moving(ledger, states));
    int best = record(context).bestEpoch();
    List<Ledger.Entry> untilBest = ledger.stream().filter(e -> e.epoch() <= best).toList();
    requireClose(floats(network(context).params()), moving(untilBest, states));
  }

  /** Returns the average of what rounds reached, half of whose weight is lost over 100 rows. */
  private static double[] moving(List<Ledger.Entry> rounds, List<float[]> states) {
    double[] sum = new double[states.get(0).length];
    double since = 0;
    double weights = 0;
    for (int round = rounds.size() - 1; round >= 0; round--) {
      double epochs = rounds.get(round).trained() / 100.0;
      double weight = Math.pow(0.5, since) * (1 - Math.pow(0.5, epochs));
      weights += weight;
      since += epochs;
      for (int i = 0; i < sum.length; i++) {
        sum[i] += weight * states.get(round)[i];
      }
    }
    double all = weights;
    return Arrays.stream(sum).map(value -> value / all).toArray();
  }

  private static void requireClose(float[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 0, epoch-1-parameters.f32", "1, 0.5, moving-parameters.f32"})
  void aTrainingThatIsKilledWithinAnEpochGoesOnToTheBit(
      int averaged, double ema, String kept, @TempDir Path other) {
    TrainConfig config = averaging(EPOCHS, 1, new WeightAveraging(averaged, ema));
    StageContext whole = averaged(1, config.weightAveraging());

    StageContext killed = night(other, TestTrainings.killing(260));
    TestDataset.publish(killed, TRAIN, VALIDATION);
    assertThatThrownBy(() -> TestTrainings.train(killed, config, model(), updater(), ""))
        .hasMessage("killed");
    assertThat(newest(killed, kept)).isNotEmpty();
    StageContext resumed = night(other, Progress.SILENT);
    TestTrainings.train(resumed, config, model(), updater(), "");

    requireSame(network(resumed), network(whole));
    assertThat(record(resumed).resumes()).isEqualTo(1);
    assertThat(record(resumed).networks()).isEqualTo(record(whole).networks());
    assertThat(record(resumed).curve())
        .extracting(TrainingRecord.EpochRecord::validationLoss)
        .containsExactlyElementsOf(
            record(whole).curve().stream()
                .map(TrainingRecord.EpochRecord::validationLoss)
                .toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aCheckpointOfAnotherMeanIsNotResumed(int averaged) {
    StageContext killed = night(root, TestTrainings.killing(60));
    TestDataset.publish(killed, TRAIN, VALIDATION);
    TrainConfig before = averaging(EPOCHS, 1, new WeightAveraging(2, 0));
    assertThatThrownBy(() -> TestTrainings.train(killed, before, model(), updater(), ""))
        .hasMessage("killed");

    TrainConfig other = averaging(EPOCHS, 1, new WeightAveraging(averaged, 0));
    StageContext resumed = night(root, Progress.SILENT);
    assertThatThrownBy(() -> TestTrainings.train(resumed, other, model(), updater(), ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("belongs to another model, updater or train configuration");
  }

  @Test
  void ofAnEncoderOnlyTheTrainedBlocksAreAveraged(@TempDir Path other) {
    ModelConfig model =
        ModelConfig.builder(ModelConfig.Kind.TRANSFORMER)
            .encoder("tiny")
            .tune(ModelConfig.Tune.TOP)
            .build();
    StageContext plain = night(other, Progress.SILENT);
    TestEncoder.publish(plain, TRAIN, VALIDATION);
    List<float[]> ends = reached(plain, model, 2);

    StageContext context = night(root, Progress.SILENT);
    TestEncoder.publish(context, TRAIN, VALIDATION);
    TrainConfig config = averaging(2, 1, new WeightAveraging(2, 0));
    TestTrainings.train(context, config, model, updater(), "");

    assertThat(record(context).bestEpoch()).isEqualTo(2);
    assertThat(newest(context, BEST))
        .isEqualTo(mean(ends))
        .hasSizeLessThan((int) network(context).numParams());
    float[] before = TestEncoder.encoder().parameters();
    float[] after =
        network(context).getLayer(Networks.ENCODER).params().reshape(before.length).toFloatVector();
    for (Slot slot : EncoderLayout.of(TestEncoder.encoder().shape()).slots()) {
      int from = (int) slot.offset();
      int to = (int) slot.end();
      boolean isTrained = slot.name().startsWith("block1") || slot.name().startsWith("block2");
      assertThat(Arrays.equals(before, from, to, after, from, to))
          .as(slot.name())
          .isEqualTo(!isTrained);
    }
  }
}
