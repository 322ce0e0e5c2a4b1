package io.attune.pipeline.stage.train;

import io.attune.neural.network.Networks;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.stage.train.data.RowInputs;
import io.attune.pipeline.stage.train.data.RowTargets;
import io.attune.pipeline.stage.train.data.TokenInputs;
import io.attune.pipeline.stage.train.teacher.Teacher;
import io.attune.pipeline.stage.train.teacher.TeacherAnswers;
import io.attune.pipeline.text.SubwordTokenizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;

/**
 * Trains a network with a vocabulary of the task's own, from random parameters.
 *
 * @param answers of its teacher to the rows that it learns; empty without a teacher
 */
record OwnNetwork(TrainingData data, TrainingSpec spec, Optional<TeacherAnswers> answers)
    implements NetworkPlan {

  static OwnNetwork of(StageContext context, TrainingData data, TrainingSpec spec) {
    return new OwnNetwork(
        data, spec, data.teacher().map(teacher -> answers(context, data, spec, teacher)));
  }

  private static TeacherAnswers answers(
      StageContext context, TrainingData data, TrainingSpec spec, Teacher teacher) {
    return new TeacherAnswers(
        context,
        new TeacherAnswers.Source(
            data.folder(), data.identity(), data.index(), teacher, data.provenance()),
        spec.model().distil());
  }

  @Override
  public NetworkPlan withSeed(long seed) {
    return new OwnNetwork(data, spec.withSeed(seed), answers);
  }

  @Override
  public ComputationGraph start() {
    ComputationGraph network =
        new ComputationGraph(Networks.configuration(spec.model(), spec.updater(), spec.task(data)));
    network.init();
    return network;
  }

  @Override
  public RowInputs inputs() {
    return new TokenInputs();
  }

  @Override
  public Optional<RowInputs> trainingInputs() {
    double dropout = spec.train().wordDropout();
    return dropout == 0
        ? Optional.empty()
        : Optional.of(droppingWords(SubwordTokenizer.shared(data.tokenizer()), dropout));
  }

  private static RowInputs droppingWords(SubwordTokenizer tokenizer, double dropout) {
    int before = tokenizer.specialTokensBefore();
    return new TokenInputs(
        dropout, tokenizer.unknown(), before, tokenizer.specialTokens() - before);
  }

  @Override
  public RowTargets targets() {
    return answers.isPresent() ? answers.get().targets() : new RowTargets.Labels();
  }

  @Override
  public List<TrainingHook> hooks() {
    return List.of();
  }

  @Override
  public ComputationGraph published(ComputationGraph trained) {
    return trained;
  }

  @Override
  public String identity() {
    return data.teacher().map(Teacher::identity).orElse("");
  }

  @Override
  public String origin() {
    return "a vocabulary of its own"
        + data.languages()
            .map(
                of ->
                    ", since the texts are in several languages (%s) and an encoder is for one"
                        .formatted(of.describe()))
            .orElse("");
  }

  @Override
  public String description() {
    String kind = spec.model().kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return data.teacher()
        .map(teacher -> "kind `%s`, %s".formatted(kind, teacher.describe(spec.model().distil())))
        .orElse("kind `%s`, from %s".formatted(kind, origin()));
  }

  @Override
  public String note() {
    return data.teacher()
        .map(teacher -> "student of " + teacher.version() + "; ")
        .or(() -> data.languages().map(of -> "one network for " + of.describe() + "; "))
        .orElse("");
  }

  @Override
  public void finish() {
    answers.ifPresent(TeacherAnswers::retire);
  }
}
