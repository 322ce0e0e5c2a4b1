package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.json.Json;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Runs whole nights that train the student of a model. */
class StudentNightTest extends ReviewsTask {
  private static final String SECOND = "2026-03-01.2";
  private static final String WITH_BACKLOG =
      "corpora=[{name: shop, path: reviews.csv, columns: {id: id, text: text, labels: {mood:"
          + " stars}}}, {name: backlog, path: backlog.csv, split: train, columns: {id: id, text:"
          + " text}}]";

  @Test
  void aFirstNightWithoutATeacherFailsBeforeItIngests() throws IOException {
    reviews(i -> ROW);

    requireFailure(3, nightly("--set", "model.distil.from=current"));

    requireMessage(
        "model.distil.from is current, and task 'reviews' has no current model",
        "train a teacher first, by a night with model.distil.from: none");
    requireNothingIngested();
  }

  @Test
  void anEncoderBesideATeacherIsRefused() throws IOException {
    reviews(i -> ROW);

    requireFailure(
        2, nightly("--set", "model.encoder=minilm-en", "--set", "model.distil.from=current"));

    requireMessage("model.encoder is 'minilm-en', and model.distil trains a student");
  }

  @Test
  void aStudentLearnsFromTheCurrentModelAndFromTextWithoutLabels() throws IOException {
    reviews(i -> ROW);
    assertThat(nightly()).as(err.toString()).isZero();
    assertThat(root("models/reviews/current")).exists();
    long before = index(RUN).rows(Split.TRAIN);
    StringBuilder backlog = new StringBuilder("id,text\n");
    for (int i = 0; i < 100; i++) {
      backlog.append(
          "u%d,One more %s thing of number %d.%n"
              .formatted(i, i % 2 == 0 ? "splendid" : "dreadful", i));
    }
    Files.writeString(folder.resolve("backlog.csv"), backlog);

    int code = nightly("--set", "model.distil.from=current", "--set", WITH_BACKLOG);

    assertThat(code).as(err.toString()).isZero();
    assertThat(index(SECOND).rows(Split.TRAIN)).isEqualTo(before + 100);
    assertThat(Files.readString(root("runs/reviews/" + SECOND + "/teacher.json")))
        .contains("\"from\" : \"current\"", "\"teacher\" : \"" + RUN + "\"");
    assertThat(root("runs/reviews/" + SECOND + "/teacher")).doesNotExist();
    byte[] provenance = Files.readAllBytes(root("models/reviews/" + SECOND + "/provenance.json"));
    assertThat(Json.read(provenance, Provenance.class).inputs())
        .containsEntry("teacher/version", RUN);
    assertThat(Files.readString(root("reports/reviews/" + SECOND + "/index.html")))
        .contains("student of " + RUN, "teacher/version");
    byte[] evaluation =
        Files.readAllBytes(root("runs/reviews/" + SECOND + "/evaluation/evaluation.json"));
    assertThat(Json.read(evaluation, Evaluation.class).results())
        .extracting(Evaluation.HeadResult::model)
        .contains("candidate", "current");
  }

  private ShardIndex index(String run) throws IOException {
    return Json.read(
        Files.readAllBytes(root("datasets/reviews/" + run + "/index.json")), ShardIndex.class);
  }
}
