package io.attune.pipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Positions;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.ModelConfig.Tune;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.schemas.model.LabelSets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderTrialTest {
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new LabelSets.Head("topic", List.of("finance", "phones")),
              new LabelSets.Head("mood", List.of("bad", "middling", "good"))));

  @ParameterizedTest
  @EnumSource(
      value = Tune.class,
      names = {"AUTO", "LORA"})
  void measuresAnyEncoderOfBertsForm(Tune tune) {
    EncoderShape shape =
        EncoderShape.builder(Part.WHOLE, 16)
            .vocabulary(30_000)
            .maxTokens(64)
            .blocks(3)
            .heads(2)
            .feedForward(32)
            .norm(Norm.POST)
            .positions(Positions.LEARNED)
            .embeddingNorm(true)
            .build();
    ModelConfig model = ModelConfig.builder(ModelConfig.Kind.TRANSFORMER).tune(tune).build();
    UpdaterConfig adamw =
        new UpdaterConfig(UpdaterConfig.Kind.ADAMW, 0.001, 0.9, 0.999, 1e-8, 0.01);

    EncoderTrial.Cost cost =
        new EncoderTrial(shape, model, adamw, new Networks.Task(30_000, 128, LABELS, 1)).measure();

    assertThat(cost.forward()).isPositive();
    assertThat(cost.step()).isPositive();
    assertThat(cost.keptBytes()).isNotNegative().isLessThan(100_000);
  }
}
