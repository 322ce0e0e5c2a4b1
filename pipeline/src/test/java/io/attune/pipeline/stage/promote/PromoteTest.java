package io.attune.pipeline.stage.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.storage.AnchorModel;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.InProcessHdfs;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.VerdictRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on an in-process HDFS, whose renames differ from those of a local file system. */
class PromoteTest {
  private static final String TONIGHT = "2026-01-02.1";

  @TempDir private static Path data;
  private static InProcessHdfs hdfs;
  private static int roots;

  @BeforeAll
  static void startHdfs() throws IOException {
    hdfs = new InProcessHdfs(data);
  }

  @AfterAll
  static void stopHdfs() {
    hdfs.close();
  }

  @Test
  void pointsToTonightsModelIfTheVerdictSaysSo() {
    StageContext night = night(promote(null));

    assertThat(Promote.run(night).summary()).isEqualTo("promoted 2026-01-02.1");

    assertThat(current(night)).contains(TONIGHT);
  }

  @Test
  void doesNothingTheSecondTime() {
    StageContext night = night(promote(null));
    Promote.run(night);

    assertThat(Promote.run(night).summary()).isEqualTo("2026-01-02.1 is the current model already");
    Promote.requirePromotable(night.storage(), TestNight.RUN);

    assertThat(CurrentModel.of(night.storage(), "test").history()).hasSize(1);
  }

  @Test
  void leavesThePointerWhereTheVerdictIsToKeep() {
    StageContext night = night(keep("2026-01-01.1"));
    makeCurrent(night, "2026-01-01.1");

    assertThat(Promote.run(night).summary()).isEqualTo("kept: It is worse. Much worse.");

    assertThat(current(night)).contains("2026-01-01.1");
  }

  @Test
  void refusesByExitCodeFiveWhereSomebodyAskedForARefusedModel() {
    StageContext night = night(keep(null));

    assertThatThrownBy(() -> Promote.requirePromotable(night.storage(), TestNight.RUN))
        .isInstanceOf(Failure.ModelRefused.class)
        .hasMessage("Model 2026-01-02.1 of task 'test' is not promoted: It is worse. Much worse.")
        .extracting(e -> ((Failure) e).exitCode())
        .isEqualTo(5);
    assertThat(current(night)).isEmpty();
  }

  @Test
  void keepsWhereAnotherModelBecameCurrentSinceTheComparison() {
    StageContext night = night(promote("2026-01-01.1"));
    makeCurrent(night, "2026-01-01.1");
    makeCurrent(night, "2026-01-01.2");

    assertThat(Promote.run(night).summary())
        .isEqualTo(
            "kept: it was compared with 2026-01-01.1, and 2026-01-01.2 is current now; run a night"
                + " that compares it again");
    assertThat(current(night)).contains("2026-01-01.2");
  }

  @Test
  void promotesNoDamagedModel() throws IOException {
    StageContext night = night(promote(null));
    org.apache.hadoop.fs.Path file = night.storage().resolve("models/test/2026-01-02.1/model.zip");
    try (var out = hdfs.files().create(file, true)) {
      out.writeBytes("other bytes");
    }

    assertThatThrownBy(() -> Promote.run(night))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is damaged");
    assertThat(current(night)).isEmpty();
  }

  @Test
  void goesBackOneModelAndThenOneMore() {
    StageContext night = night(promote("b"));
    List.of("a", "b").forEach(version -> makeCurrent(night, version));
    Promote.run(night);
    Storage storage = night.storage();
    Clock clock = night.recorder().clock();

    assertThat(Promote.rollback(storage, "test", Optional.empty(), clock).summary())
        .isEqualTo("rolled back from 2026-01-02.1 to b");
    assertThat(Promote.rollback(storage, "test", Optional.empty(), clock).summary())
        .isEqualTo("rolled back from b to a");
    assertThatThrownBy(() -> Promote.rollback(storage, "test", Optional.empty(), clock))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "There is no model of task 'test' to go back to: a is the first that was ever current;"
                + " promote one first");
    assertThat(current(night)).contains("a");
  }

  @Test
  void goesBackToANamedModelThatWasCurrentBefore() {
    StageContext night = night(promote("b"));
    List.of("a", "b").forEach(version -> makeCurrent(night, version));
    Promote.run(night);
    Clock clock = night.recorder().clock();

    Promote.rollback(night.storage(), "test", Optional.of("a"), clock);

    assertThat(current(night)).contains("a");
    assertThatThrownBy(() -> Promote.rollback(night.storage(), "test", Optional.of("z"), clock))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "Cannot go back to model z of task 'test': it never was current; these were: a, b,"
                + " 2026-01-02.1");
  }

  @Test
  void goesBackToNoModelWhoseBundleIsGone() throws IOException {
    StageContext night = night(promote("b"));
    List.of("a", "b").forEach(version -> makeCurrent(night, version));
    hdfs.files().delete(night.storage().resolve("models/test/a/model.zip"), false);

    assertThatThrownBy(
            () ->
                Promote.rollback(
                    night.storage(), "test", Optional.empty(), night.recorder().clock()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("'model.zip' is missing");
    assertThat(current(night)).contains("b");
  }

  @Test
  void theAnchorIsTheFirstModelUntilAnotherIsPinned() {
    StageContext night = night(promote("b"));
    Storage storage = night.storage();
    Clock clock = night.recorder().clock();
    AnchorModel anchor = AnchorModel.of(storage, "test");
    assertThat(anchor.version()).isEmpty();
    assertThatThrownBy(() -> Promote.pinAnchor(storage, "test", Optional.empty(), clock))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("No model of task 'test' is in use yet");
    List.of("a", "b").forEach(version -> makeCurrent(night, version));
    assertThat(anchor.version()).contains("a");

    assertThat(Promote.pinAnchor(storage, "test", Optional.empty(), clock).summary())
        .isEqualTo("b is the anchor from now on, in place of a");
    Promote.run(night);

    assertThat(anchor.version()).contains("b");
    assertThat(Promote.pinAnchor(storage, "test", Optional.of("b"), clock).summary())
        .isEqualTo("b is the anchor");
    assertThatThrownBy(() -> Promote.pinAnchor(storage, "test", Optional.of("z"), clock))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("There is no model z of task 'test'");
  }

  @Test
  void saysThatNothingWasEverPromoted() {
    StageContext night = night(keep(null));

    assertThatThrownBy(
            () ->
                Promote.rollback(
                    night.storage(), "test", Optional.empty(), night.recorder().clock()))
        .hasMessage(
            "There is no model of task 'test' to go back to: none was ever promoted; promote one"
                + " first");
  }

  private static VerdictRecord promote(String current) {
    return new VerdictRecord(
        VerdictRecord.PROMOTE, TONIGHT, current, List.of("It is better."), List.of());
  }

  private static VerdictRecord keep(String current) {
    return new VerdictRecord(
        VerdictRecord.KEEP, TONIGHT, current, List.of("It is worse.", "Much worse."), List.of());
  }

  /** Makes a night up to its verdict, below a root of its own. */
  private static StageContext night(VerdictRecord verdict) {
    StageContext night = TestNight.on(hdfs.root() + "/" + roots++, new Configuration());
    assertThat(TestNight.RUN).isEqualTo(new Run("test", LocalDate.of(2026, 1, 2), 1));
    publishModel(night, TONIGHT);
    TestVerdicts.publish(night, verdict);
    return night;
  }

  private static void publishModel(StageContext night, String version) {
    night
        .artefacts()
        .publish(
            "models/test/" + version,
            night.recorder().record("train", Map.of()),
            staging -> {
              staging.write("model.zip", version.getBytes(StandardCharsets.UTF_8));
              return Map.of();
            });
  }

  private static void makeCurrent(StageContext night, String version) {
    publishModel(night, version);
    CurrentModel.of(night.storage(), "test").pointTo(version, "test", night.recorder().clock());
  }

  private static Optional<String> current(StageContext night) {
    return CurrentModel.of(night.storage(), "test").version();
  }
}
