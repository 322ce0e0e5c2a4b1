package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestStudents.TEACHER;
import static io.attune.pipeline.stage.train.TestStudents.learningFrom;
import static io.attune.pipeline.stage.train.TestStudents.makeCurrent;
import static io.attune.pipeline.stage.train.TestStudents.night;
import static io.attune.pipeline.stage.train.TestStudents.student;
import static io.attune.pipeline.stage.train.TestStudents.train;
import static io.attune.pipeline.stage.train.TestTrainings.updater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.network.DistilConfig;
import io.attune.neural.network.Networks;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.pipeline.stage.train.teacher.TeacherChoice;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.report.TrainingRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which model teaches a run; networks here know nothing. */
class TeacherChoiceTest {
  @TempDir Path root;

  private static ComputationGraph network(LabelSets labels) {
    ComputationGraph network =
        new ComputationGraph(
            Networks.configuration(
                student(DistilConfig.OFF),
                updater(),
                new Networks.Task(TestTokenizer.WORDS.size(), TestDataset.MAX_TOKENS, labels, 1)));
    network.init();
    return network;
  }

  private StageContext model(int day) {
    StageContext context = night(root, day, Progress.SILENT);
    TestStudents.publish(context, network(TestDataset.LABELS), TestDataset.LABELS);
    return context;
  }

  /** Publishes a model whose provenance names a teacher. */
  private void publishStudent(int day, String teacher) {
    StageContext context = night(root, day, Progress.SILENT);
    Map<String, String> inputs =
        Map.of(
            Candidate.TOKENIZER_INPUT, Sha256.of(TestTokenizer.json()), "teacher/version", teacher);
    new Candidate(
            ModelParts.of(network(TestDataset.LABELS)),
            TestTokenizer.json(),
            TestDataset.LABELS,
            TestDataset.MAX_TOKENS,
            "",
            TrainingRecord.builder().build(),
            "")
        .publish(
            context.storage(), context.run().model(), context.recorder().record("train", inputs));
  }

  private TeacherChoice chosen(StageContext context, String from) {
    Train.chooseTeacher(context, TestStudents.student(learningFrom(from)), TestDataset.LABELS);
    return context
        .storage()
        .readJson(context.run().folder() + "/teacher.json", TeacherChoice.class);
  }

  @Test
  void theCurrentModelTeachesAndStaysTheTeacherOfTheRun() {
    makeCurrent(model(2), TEACHER);
    StageContext context = night(root, 5, Progress.SILENT);

    TeacherChoice choice = chosen(context, "current");

    assertThat(choice.teacher()).isEqualTo(TEACHER);
    assertThat(choice.seal())
        .isEqualTo(context.artefacts().manifest("models/test/" + TEACHER).seal());
    assertThat(choice.students()).isEmpty();
    makeCurrent(model(3), "2026-01-03.1");
    assertThat(chosen(context, "current")).isEqualTo(choice);
    assertThat(chosen(night(root, 6, Progress.SILENT), "current").teacher())
        .isEqualTo("2026-01-03.1");
  }

  @Test
  void aCurrentStudentIsFollowedToItsTeacherAndANamedOneTeaches() {
    model(2);
    publishStudent(3, TEACHER);
    publishStudent(4, "2026-01-03.1");
    makeCurrent(night(root, 4, Progress.SILENT), "2026-01-04.1");

    TeacherChoice followed = chosen(night(root, 5, Progress.SILENT), "current");
    TeacherChoice named = chosen(night(root, 6, Progress.SILENT), "2026-01-03.1");

    assertThat(followed.teacher()).isEqualTo(TEACHER);
    assertThat(followed.students()).containsExactly("2026-01-04.1", "2026-01-03.1");
    assertThat(named.teacher()).isEqualTo("2026-01-03.1");
    assertThat(named.students()).isEmpty();
  }

  @Test
  void withoutATeacherNothingIsChosen() {
    StageContext context = night(root, 5, Progress.SILENT);

    Train.chooseTeacher(context, student(DistilConfig.OFF), TestDataset.LABELS);

    assertThat(root.resolve(context.run().folder())).doesNotExist();
  }

  @Test
  void aFirstNightHasNoCurrentModel() {
    StageContext context = night(root, 5, Progress.SILENT);

    assertThatThrownBy(() -> chosen(context, "current"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith(
            "model.distil.from is current, and task 'test' has no current model")
        .hasMessageContaining("train a teacher first, by a night with model.distil.from: none")
        .hasMessageEndingWith("name a published model: none is published");
  }

  @Test
  void aTeacherThatIsMissingIsNamedWithThoseThatAreThere() {
    model(2);
    publishStudent(3, "2026-01-01.1");
    makeCurrent(night(root, 3, Progress.SILENT), "2026-01-03.1");
    StageContext context = night(root, 5, Progress.SILENT);

    assertThatThrownBy(() -> chosen(context, "2026-01-04.1"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("The teacher '2026-01-04.1' is missing")
        .hasMessageEndingWith("in model.distil.from: 2026-01-02.1, 2026-01-03.1");
    assertThatThrownBy(() -> chosen(context, "current"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("The teacher '2026-01-01.1' is missing")
        .hasMessageContaining("the models [2026-01-03.1] are students of it");
    assertThatThrownBy(() -> chosen(context, "../other/2026-01-02.1"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining(
            "model.distil.from must be current, none, or the version of a published model of task"
                + " 'test', such as 2026-01-02.1, got '../other/2026-01-02.1'");
  }

  @Test
  void aTeacherOfOtherClassesIsRefusedAndBothAreNamed() {
    LabelSets other =
        new LabelSets(List.of(new LabelSets.Head("topic", List.of("finance", "sports"))));
    StageContext teacher = night(root, 2, Progress.SILENT);
    TestStudents.publish(teacher, network(other), other);
    StageContext context = night(root, 5, Progress.SILENT);

    assertThatThrownBy(() -> chosen(context, TEACHER))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining(
            "The teacher '2026-01-02.1' answers {topic: [finance, sports]}, and the task has"
                + " {topic: [finance, phones], sentiment: [negative, positive]}; name a model");
    assertThat(root.resolve(context.run().folder()).resolve("teacher.json")).doesNotExist();
  }

  @Test
  void anotherModelOfTheSameVersionIsNotTheTeacher() {
    model(2);
    StageContext context = night(root, 5, Progress.SILENT);
    chosen(context, TEACHER);
    context.artefacts().retire("models/test/" + TEACHER);
    ComputationGraph other = network(TestDataset.LABELS);
    other.params().addi(0.5);
    TestStudents.publish(night(root, 2, Progress.SILENT), other, TestDataset.LABELS);

    assertThatThrownBy(() -> chosen(context, TEACHER))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("Run 2026-01-05.1 learns from the model '")
        .hasMessageContaining("restore the former from a copy, or remove '");
  }

  @Test
  void aDatasetThatWasMadeForAnEncoderIsRefused() {
    model(2);
    StageContext context = night(root, 5, Progress.SILENT);
    TestEncoder.publish(context, TestDataset.documents(20, 1), TestDataset.documents(8, 2));

    assertThatThrownBy(() -> train(context, learningFrom(TEACHER)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("was made for the encoder 'tiny', and a student (model.distil) has a")
        .hasMessageContaining("run the tokenize and shard stages again with model.encoder: none");
  }
}
