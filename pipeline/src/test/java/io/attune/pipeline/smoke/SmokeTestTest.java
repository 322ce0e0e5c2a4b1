package io.attune.pipeline.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.pipeline.linear.CountedText;
import io.attune.pipeline.linear.LinearConfig;
import io.attune.pipeline.linear.LinearModel;
import io.attune.pipeline.smoke.SmokeTest.Result;
import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.Sha256;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.KeptAnswers;
import io.attune.schemas.report.KeptAnswers.KeptAnswer;
import io.attune.schemas.report.KeptAnswers.KeptText;
import io.attune.schemas.report.TrainingRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens bundles in processes of their own. */
class SmokeTestTest {
  private static final LabelSets LABELS =
      new LabelSets(List.of(new Head("topic", List.of("finance", "phones"))));
  private static final List<String> TEXTS = List.of("the bank is bad", "a phone", "");

  @TempDir private static Path root;
  private static Artefact bundle;
  private static KeptAnswers kept;

  @BeforeAll
  static void publishAModel() {
    StageContext night = TestNight.in(root);
    publish(night);
    bundle = night.artefacts().open(TestNight.RUN.model());
    Classifier.Answers answers = Classifier.shared(ModelFiles.read(bundle)).answers(TEXTS);
    List<KeptText> texts = new ArrayList<>();
    for (int i = 0; i < TEXTS.size(); i++) {
      texts.add(
          new KeptText(
              "d" + i,
              TEXTS.get(i),
              List.of(
                  answer(Evaluation.CANDIDATE, answers.whole()[i][0]),
                  answer(
                      Evaluation.CANDIDATE_LINEAR,
                      answers.parts().get(Classifier.Part.LINEAR)[i][0]))));
    }
    kept = new KeptAnswers(KeptAnswers.VERSION, texts);
  }

  @Test
  void theWholeModelAnswersAsInTheEvaluation() {
    Result result = new SmokeTest(kept, Evaluation.CANDIDATE).run(bundle, true);

    assertThat(result.fault()).isEmpty();
    assertThat(result.milliseconds()).isPositive();
  }

  @Test
  void itsLinearPartAnswersAloneAsInTheEvaluation() {
    Result result = new SmokeTest(kept, Evaluation.CANDIDATE_LINEAR).run(bundle, false);

    assertThat(result.fault()).isEmpty();
    assertThat(result.milliseconds()).isNull();
  }

  @Test
  void anotherAnswerIsNamedWithItsDocument() {
    KeptText first = kept.texts().get(0);
    KeptAnswer answer = first.answers().get(1);
    KeptText other =
        new KeptText(
            first.id(),
            first.text(),
            List.of(new KeptAnswer(answer.model(), "topic", answer.chosen(), 0.0312)));

    Result result =
        new SmokeTest(new KeptAnswers(1, List.of(other)), Evaluation.CANDIDATE_LINEAR)
            .run(bundle, false);

    assertThat(result.fault())
        .hasValueSatisfying(
            fault ->
                assertThat(fault)
                    .startsWith(
                        "opened by a fresh process it answers otherwise than in the evaluation: '")
                    .contains("of 'topic' has the probability", "document 'd0', and had 0.0312"));
  }

  @Test
  void aBundleThatCannotBeOpenedIsAFaultWithTheReason(@TempDir Path other) {
    StageContext night = TestNight.in(other);
    night
        .artefacts()
        .publish(
            TestNight.RUN.model(),
            night.recorder().record("train", Map.of()),
            staging -> {
              staging.write("model.zip", "no model".getBytes(StandardCharsets.UTF_8));
              return Map.of();
            });

    Result result =
        new SmokeTest(kept, Evaluation.CANDIDATE)
            .run(night.artefacts().open(TestNight.RUN.model()), false);

    assertThat(result.fault())
        .hasValueSatisfying(
            fault ->
                assertThat(fault)
                    .startsWith("a fresh process that opened it ended with code 1: ")
                    .contains("provenance.json"));
  }

  private static KeptAnswer answer(String model, float[] probabilities) {
    int chosen = probabilities[0] >= probabilities[1] ? 0 : 1;
    return new KeptAnswer(
        model, "topic", LABELS.heads().get(0).classes().get(chosen), probabilities[chosen]);
  }

  private static void publish(StageContext night) {
    LinearModel linear =
        LinearModel.fit(
            JavaSparkContext.fromSparkContext(TestNight.spark().sparkContext())
                .parallelize(
                    List.of(
                        CountedText.of("a", new int[] {0}, "the bank is good"),
                        CountedText.of("b", new int[] {1}, "the phone is bad"))),
            LABELS,
            new LinearConfig(10, 1, 1000, 1000));
    byte[] tokenizer = TestTokenizer.json();
    ComputationGraph network =
        new ComputationGraph(
            Networks.configuration(
                ModelConfig.builder(ModelConfig.Kind.ATTENTION_POOLING).heads(2).width(8).build(),
                new UpdaterConfig(UpdaterConfig.Kind.ADAM, 1e-3, 0.9, 0.999, 1e-8, 0),
                new Networks.Task(TestTokenizer.WORDS.size(), 16, LABELS, 4)));
    network.init();
    new Candidate(
            ModelParts.of(network)
                .with(linear, List.of(new HeadWeights("topic", 0.5, 0.5, 9, 0.5, 0.4, 0.3))),
            tokenizer,
            LABELS,
            16,
            "task: test\n",
            TrainingRecord.builder().build(),
            "# A model\n")
        .publish(
            night.storage(),
            TestNight.RUN.model(),
            night
                .recorder()
                .record("train", Map.of(Candidate.TOKENIZER_INPUT, Sha256.of(tokenizer))));
  }
}
