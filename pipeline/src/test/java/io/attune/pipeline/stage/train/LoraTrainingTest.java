package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.MODEL;
import static io.attune.pipeline.stage.train.TestTrainings.config;
import static io.attune.pipeline.stage.train.TestTrainings.network;
import static io.attune.pipeline.stage.train.TestTrainings.night;
import static io.attune.pipeline.stage.train.TestTrainings.requireSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.LoraConfig;
import io.attune.neural.encoder.LoraConfig.Matrix;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.ModelConfig.Tune;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.neural.optim.UpdaterConfig.LayerRates;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.TrainingRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests trainings that adapt a pretrained encoder by low-rank factors. */
class LoraTrainingTest {
  private static final List<TestDataset.Document> TRAIN = TestDataset.documents(96, 1);

  @TempDir Path root;

  private static StageResult train(StageContext context, int rank) {
    ModelConfig model =
        ModelConfig.builder(ModelConfig.Kind.TRANSFORMER)
            .encoder("tiny")
            .tune(Tune.LORA)
            .lora(new LoraConfig(rank, 8, List.of(Matrix.QUERY, Matrix.VALUE)))
            .build();
    UpdaterConfig updater =
        new UpdaterConfig(
            UpdaterConfig.Kind.ADAMW, 0.004, 0.9, 0.999, 1e-8, 0.01, new LayerRates(5, 1, 1, 5));
    return TestTrainings.train(context, config(2, 6), model, updater, "");
  }

  private static void publishInputs(StageContext context) {
    TestEncoder.publish(context, TRAIN, TestDataset.documents(20, 2));
  }

  @Test
  void publishesAWholeNetworkAndAKilledTrainingEndsAsAnUnbrokenOneToTheBit(@TempDir Path other) {
    StageContext whole = night(root, Progress.SILENT);
    publishInputs(whole);
    StageResult result = train(whole, 4);

    assertThat(result.summary()).startsWith("tiny, LoRA of rank 4 in all 3 blocks; ");
    requireOnlyQueriesAndValuesChanged(network(whole));
    assertThat(accuracy(whole)).isGreaterThan(0.9);
    assertThat(new String(whole.storage().read(MODEL + "/card.md"), StandardCharsets.UTF_8))
        .contains("of whose 3 blocks all were adapted by LoRA of rank 4, and its embeddings were");

    StageContext killed = night(other, TestTrainings.killing(290));
    publishInputs(killed);
    assertThatThrownBy(() -> train(killed, 4)).hasMessage("killed");
    StageContext resumed = night(other, Progress.SILENT);
    train(resumed, 4);
    requireSame(network(resumed), network(whole));
    TrainingRecord record =
        resumed.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.resumes()).isEqualTo(1);
  }

  private static void requireOnlyQueriesAndValuesChanged(ComputationGraph network) {
    float[] before = TestEncoder.encoder().parameters();
    float[] after =
        network.getLayer(Networks.ENCODER).params().reshape(before.length).toFloatVector();
    for (Slot slot : EncoderLayout.of(TestEncoder.encoder().shape()).slots()) {
      for (int i = 0; i < slot.length(); i++) {
        int at = (int) slot.offset() + i;
        int part = i % slot.columns() / TestEncoder.WIDTH;
        boolean isAdapted = slot.name().endsWith("attention.in.weight") && part != 1;
        assertThat(after[at] != before[at]).as("%s at %d", slot.name(), i).isEqualTo(isAdapted);
      }
    }
  }

  private static double accuracy(StageContext context) {
    Classifier classifier = Classifier.shared(ModelFiles.read(context.artefacts().open(MODEL)));
    float[][][] answers =
        classifier.probabilities(TRAIN.stream().map(TestDataset.Document::text).toList());
    int right = 0;
    for (int i = 0; i < TRAIN.size(); i++) {
      right += answers[i][0][TRAIN.get(i).topic()] > 0.5 ? 1 : 0;
    }
    return (double) right / TRAIN.size();
  }

  @Test
  void refusesARankThatTheEncoderRulesOut() {
    StageContext context = night(root, Progress.SILENT);
    publishInputs(context);

    assertThatThrownBy(() -> train(context, 17))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage(
            "model.lora does not fit the encoder 'tiny': the rank of low-rank adaptation must be"
                + " at most 16, the smaller size of block0.attention.query, got 17");
  }
}
