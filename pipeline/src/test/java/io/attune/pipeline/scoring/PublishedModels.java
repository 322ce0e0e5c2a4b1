package io.attune.pipeline.scoring;

import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.schemas.Sha256;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.report.TrainingRecord;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Publishes small models that were never trained; each version answers differently. */
public final class PublishedModels {
  public static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new Head("topic", List.of("finance", "phones")),
              new Head("mood", List.of("negative", "neutral", "positive"))));

  private static final int TOKENS = 4;

  private PublishedModels() {}

  /** Publishes a model that reads texts of more than four words in windows. */
  public static ModelFiles publish(StageContext night, String version) {
    byte[] tokenizer = TestTokenizer.json();
    ComputationGraph network =
        new ComputationGraph(
            Networks.configuration(
                ModelConfig.builder(ModelConfig.Kind.ATTENTION_POOLING).heads(2).width(8).build(),
                new UpdaterConfig(UpdaterConfig.Kind.ADAM, 1e-3, 0.9, 0.999, 1e-8, 0),
                new Networks.Task(TestTokenizer.WORDS.size(), TOKENS, LABELS, version.hashCode())));
    network.init();
    String path = path(night, version);
    new Candidate(
            ModelParts.of(network),
            tokenizer,
            LABELS,
            TOKENS,
            new LongTexts(LongTexts.Keep.WINDOWS, 0.5, 9),
            "task: test\n",
            TrainingRecord.builder().build(),
            "# A model\n")
        .publish(
            night.storage(),
            path,
            night
                .recorder()
                .record("train", Map.of(Candidate.TOKENIZER_INPUT, Sha256.of(tokenizer))));
    return ModelFiles.read(night.artefacts().open(path));
  }

  /** Publishes a model and makes it the current one. */
  public static ModelFiles promote(StageContext night, String version) {
    ModelFiles files = publish(night, version);
    pointTo(night, version);
    return files;
  }

  /** Makes a published model the current one. */
  public static void pointTo(StageContext night, String version) {
    CurrentModel.of(night.storage(), night.run().task())
        .pointTo(version, "promoted by the test", night.recorder().clock());
  }

  /** Returns the folder of a model. */
  public static String path(StageContext night, String version) {
    return "models/" + night.run().task() + "/" + version;
  }
}
