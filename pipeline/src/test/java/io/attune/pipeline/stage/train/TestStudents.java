package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.config;
import static io.attune.pipeline.stage.train.TestTrainings.updater;

import io.attune.neural.network.DistilConfig;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.Sha256;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.TrainingRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.factory.Nd4j;

/** Makes teachers, and nights that train their students. */
final class TestStudents {
  static final String TEACHER = "2026-01-02.1";
  static final TrainConfig CONFIG = config(2, 6);

  private TestStudents() {}

  /** Returns the first night of a root, which trains a teacher. */
  static StageContext teachersNight(Path root) {
    return TestNight.in(root);
  }

  /** Returns a later night of the same root. */
  static StageContext night(Path root, int day, Progress progress) {
    StageContext first = TestNight.in(root);
    Run run = new Run(TestNight.RUN.task(), LocalDate.of(2026, 1, day), 1);
    return new StageContext(
        first.spark(),
        first.storage(),
        first.tables(),
        run,
        new Recorder(run.task(), run.id(), "0".repeat(64), first.recorder().clock()),
        progress);
  }

  /** Trains a teacher in the first night. */
  static void trainTeacher(Path root) {
    StageContext context = teachersNight(root);
    TextDataset.publish(context, TestDataset.documents(200, 1), TestDataset.documents(20, 2), 0);
    TestTrainings.train(context, config(2, 12), TestTrainings.model(), updater(), "");
  }

  /** Publishes a model that needs no training. */
  static void publish(StageContext context, ComputationGraph network, LabelSets labels) {
    new Candidate(
            ModelParts.of(network),
            TestTokenizer.json(),
            labels,
            TestDataset.MAX_TOKENS,
            "",
            TrainingRecord.builder().build(),
            "")
        .publish(
            context.storage(),
            context.run().model(),
            context
                .recorder()
                .record(
                    "train", Map.of(Candidate.TOKENIZER_INPUT, Sha256.of(TestTokenizer.json()))));
  }

  /** Publishes the teacher's network with output layers that make every answer certain. */
  static void publishCertain(StageContext context) {
    ComputationGraph network = network(context, "models/test/" + TEACHER);
    for (LabelSets.Head head : TestDataset.LABELS.heads()) {
      network.getLayer(head.name()).params().muli(1e6);
    }
    publish(context, network, TestDataset.LABELS);
  }

  static void makeCurrent(StageContext context, String version) {
    CurrentModel.of(context.storage(), context.run().task())
        .pointTo(version, "for a test", context.recorder().clock());
  }

  static DistilConfig learningFrom(String teacher) {
    return new DistilConfig(teacher, Kind.ATTENTION_POOLING, 0.9, 1);
  }

  static ModelConfig student(DistilConfig distil) {
    return ModelConfig.builder(Kind.ATTENTION_POOLING).heads(2).width(16).distil(distil).build();
  }

  static StageResult train(StageContext context, DistilConfig distil) {
    return TestTrainings.train(context, CONFIG, student(distil), updater(), "");
  }

  static List<TestDataset.Document> withoutLabels(List<TestDataset.Document> documents) {
    return documents.stream().map(d -> new TestDataset.Document(d.text(), -1, -1)).toList();
  }

  static float[][][] answers(
      StageContext context, String path, List<TestDataset.Document> documents) {
    return Classifier.shared(ModelFiles.read(context.artefacts().open(path)))
        .probabilities(documents.stream().map(TestDataset.Document::text).toList());
  }

  static ComputationGraph network(StageContext context) {
    return network(context, context.run().model());
  }

  static ComputationGraph network(StageContext context, String path) {
    try {
      return ModelSerializer.restoreComputationGraph(
          new ByteArrayInputStream(context.storage().read(path + "/" + ModelBundle.NETWORK)), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the index of the most probable class. */
  static int best(float[] probabilities) {
    return Nd4j.createFromArray(probabilities).argMax().getInt(0);
  }
}
