package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestStudents.CONFIG;
import static io.attune.pipeline.stage.train.TestStudents.TEACHER;
import static io.attune.pipeline.stage.train.TestStudents.answers;
import static io.attune.pipeline.stage.train.TestStudents.best;
import static io.attune.pipeline.stage.train.TestStudents.learningFrom;
import static io.attune.pipeline.stage.train.TestStudents.network;
import static io.attune.pipeline.stage.train.TestStudents.night;
import static io.attune.pipeline.stage.train.TestStudents.student;
import static io.attune.pipeline.stage.train.TestStudents.train;
import static io.attune.pipeline.stage.train.TestStudents.trainTeacher;
import static io.attune.pipeline.stage.train.TestStudents.withoutLabels;
import static io.attune.pipeline.stage.train.TestTrainings.flipByte;
import static io.attune.pipeline.stage.train.TestTrainings.requireSame;
import static io.attune.pipeline.stage.train.TestTrainings.updater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.network.DistilConfig;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.linear.LinearModel;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.report.TrainingRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests trainings of students; all have the same teacher. */
class StudentTrainingTest {
  private static final List<TestDataset.Document> TRAIN = TestDataset.documents(100, 3);
  private static final List<TestDataset.Document> VALIDATION = TestDataset.documents(20, 4);

  @TempDir static Path teachersRoot;
  @TempDir Path root;

  @BeforeAll
  static void trainATeacher() {
    trainTeacher(teachersRoot);
  }

  @BeforeEach
  void publishTheTeacher() throws IOException {
    FileUtils.copyDirectory(
        teachersRoot.resolve("models").toFile(), root.resolve("models").toFile());
  }

  @Test
  void learnsFromTextWithoutLabelsAndNamesItsTeacher() {
    List<String> notes = new ArrayList<>();
    StageContext context =
        night(root, 3, (done, total, note) -> notes.add(done + "/" + total + " " + note));
    TextDataset.publish(context, withoutLabels(TRAIN), VALIDATION, 0);

    StageResult result = train(context, learningFrom(TEACHER));

    assertThat(result.summary()).startsWith("student of 2026-01-02.1; ");
    assertThat(notes.get(0)).isEqualTo("0/100 2026-01-02.1 answers 100 rows");
    float[][][] student = answers(context, context.run().model(), TRAIN);
    float[][][] teacher = answers(context, "models/test/" + TEACHER, TRAIN);
    for (int i = 0; i < TRAIN.size(); i++) {
      assertThat(best(student[i][0]))
          .isEqualTo(best(teacher[i][0]))
          .isEqualTo(TRAIN.get(i).topic());
    }
    Provenance provenance = context.artefacts().open(context.run().model()).provenance();
    assertThat(provenance.inputs())
        .containsEntry("teacher/version", TEACHER)
        .containsKeys("teacher/seal", "teacher/model.zip", "documents");
    assertThat(
            new String(
                context.storage().read(context.run().model() + "/" + ModelBundle.CARD),
                StandardCharsets.UTF_8))
        .contains("kind `attention-pooling`, a student of the model `2026-01-02.1` (seal `")
        .contains("with a label is 90 % that model's probabilities and 10 % the label");
    assertThat(root.resolve(context.run().folder()).resolve("teacher")).doesNotExist();
    assertThat(root.resolve(context.run().folder()).resolve("teacher.json")).exists();
  }

  @Test
  void itsLinearPartLearnsFromTextWithoutLabelsToo() {
    StageContext context = night(root, 3, Progress.SILENT);
    TextDataset.publish(context, withoutLabels(TRAIN), VALIDATION, 0);
    ModelConfig beside =
        ModelConfig.builder(Kind.ATTENTION_POOLING)
            .heads(2)
            .width(16)
            .distil(learningFrom(TEACHER))
            .linear()
            .build();

    TestTrainings.train(context, CONFIG, beside, updater(), "");

    LinearModel linear =
        LinearModel.read(
            context.storage().read(context.run().model() + "/" + ModelBundle.LINEAR), "linear.bin");
    float[][][] found = linear.probabilities(TRAIN.stream().map(d -> d.text()).toList());
    float[][][] teacher = answers(context, "models/test/" + TEACHER, TRAIN);
    for (int i = 0; i < TRAIN.size(); i++) {
      for (int head = 0; head < 2; head++) {
        assertThat(best(found[i][head])).isEqualTo(best(teacher[i][head]));
      }
    }
  }

  @Test
  void ofACertainTeacherItLearnsWhatLabelsWouldTeach(@TempDir Path other) {
    StageContext certain = night(root, 1, Progress.SILENT);
    TestStudents.publishCertain(certain);
    float[][][] teacher = answers(certain, certain.run().model(), TRAIN);
    List<TestDataset.Document> labelled = new ArrayList<>();
    for (int i = 0; i < TRAIN.size(); i++) {
      assertThat(teacher[i][0]).containsOnly(0, 1);
      assertThat(teacher[i][1]).containsOnly(0, 1);
      labelled.add(
          new TestDataset.Document(TRAIN.get(i).text(), best(teacher[i][0]), best(teacher[i][1])));
    }
    StageContext plain = TestNight.in(other);
    TextDataset.publish(plain, labelled, VALIDATION, 0);
    ModelConfig onLabels = student(DistilConfig.OFF);
    TestTrainings.train(plain, CONFIG, onLabels, updater(), "");
    StageContext context = night(root, 3, Progress.SILENT);
    TextDataset.publish(context, TRAIN, VALIDATION, 0);

    train(context, new DistilConfig("2026-01-01.1", Kind.ATTENTION_POOLING, 1, 1));

    requireSame(network(context), network(plain));
  }

  @Test
  void scoresEpochsAgainstTrueLabelsWhateverTheTeacherSays() {
    StageContext certain = night(root, 1, Progress.SILENT);
    TestStudents.publishCertain(certain);
    List<TestDataset.Document> opposite =
        VALIDATION.stream()
            .map(d -> new TestDataset.Document(d.text(), 1 - d.topic(), -1))
            .toList();
    StageContext context = night(root, 3, Progress.SILENT);
    TextDataset.publish(context, TRAIN, opposite, 0);

    train(context, new DistilConfig("2026-01-01.1", Kind.ATTENTION_POOLING, 1, 1));

    TrainingRecord record =
        context
            .storage()
            .readJson(context.run().model() + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(record.curve().get(record.epochs() - 1).validationAccuracy()).isLessThan(0.2);
  }

  @Test
  void aKilledTrainingEndsAsAnUnbrokenOneToTheBitAndAsksItsTeacherOnce() throws Exception {
    TestStudents.makeCurrent(TestNight.in(root), TEACHER);
    StageContext unbroken = night(root, 3, Progress.SILENT);
    TextDataset.publish(unbroken, TRAIN, VALIDATION, 0);
    train(unbroken, learningFrom("current"));

    StageContext killed = night(root, 4, TestTrainings.killing(310));
    TextDataset.publish(killed, TRAIN, VALIDATION, 0);
    assertThatThrownBy(() -> train(killed, learningFrom("current"))).hasMessage("killed");
    Path index = root.resolve(killed.run().folder()).resolve("teacher/answers.json");
    assertThat(index).exists();
    assertThat(index.resolveSibling("train-00000.f32")).hasSize(100 * 4 * Float.BYTES);
    // Another model is current by now, and the run keeps its teacher.
    StageContext certain = night(root, 1, Progress.SILENT);
    TestStudents.publishCertain(certain);
    TestStudents.makeCurrent(certain, "2026-01-01.1");
    List<String> notes = new ArrayList<>();
    StageContext resumed = night(root, 4, (done, total, note) -> notes.add(note));

    train(resumed, learningFrom("current"));

    assertThat(notes).noneMatch(note -> note.contains("answers"));
    requireSame(network(resumed), network(unbroken));
    assertThat(resumed.artefacts().open(resumed.run().model()).provenance().inputs())
        .containsEntry("teacher/version", TEACHER);
    assertThat(index.getParent()).doesNotExist();
  }

  @Test
  void damagedAnswersAreAskedForAgain() throws Exception {
    StageContext killed = night(root, 3, TestTrainings.killing(310));
    TextDataset.publish(killed, TRAIN, VALIDATION, 0);
    assertThatThrownBy(() -> train(killed, learningFrom(TEACHER))).hasMessage("killed");
    Path answers = root.resolve(killed.run().folder()).resolve("teacher/train-00000.f32");
    byte[] before = Files.readAllBytes(answers);
    flipByte(answers);
    List<String> warnings = new ArrayList<>();
    List<byte[]> again = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void update(long done, long total, String note) {
            try {
              if (note.startsWith("epoch")) {
                again.add(Files.readAllBytes(answers));
              }
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }

          @Override
          public void warn(String message) {
            warnings.add(message);
          }
        };

    train(night(root, 3, progress), learningFrom(TEACHER));

    assertThat(warnings)
        .filteredOn(warning -> warning.startsWith("the teacher is asked again: '"))
        .hasSize(1);
    assertThat(again.get(0)).isEqualTo(before);
  }

  @Test
  void aRowWhoseDocumentIsGoneIsNamed() {
    StageContext context = night(root, 3, Progress.SILENT);
    TextDataset.publish(context, TRAIN, VALIDATION, 3);

    assertThatThrownBy(() -> train(context, learningFrom(TEACHER)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("The teacher has no text to answer for row 0 of 'shards/train-00000")
        .hasMessageContaining("run the night again from tokenize");
  }
}
