package io.attune.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.Sha256;
import io.attune.schemas.model.Provenance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageInputsTest {
  private static final String HASH = Sha256.of(bytes("one"));

  @TempDir private Path root;
  private StageContext night;

  @BeforeEach
  void publish() {
    night = TestNight.in(root);
    night
        .artefacts()
        .publish(
            "datasets/test/1",
            night.inputs(Stage.SHARD).provenance(),
            staging -> {
              staging.write("index.json", bytes("one"));
              staging.write("labels.json", bytes("two"));
              return Map.of();
            });
  }

  @Test
  void provenanceListsEveryFileThatWasRead() {
    StageInputs inputs = night.inputs(Stage.EVALUATE);
    Artefact dataset = inputs.open("dataset", "datasets/test/1");
    assertThat(dataset.bytes("index.json")).isEqualTo(bytes("one"));
    inputs.record("documents", "17");

    Provenance provenance = inputs.provenance();

    assertThat(provenance.stage()).isEqualTo("evaluate");
    assertThat(provenance.run()).isEqualTo(TestNight.RUN.id());
    assertThat(provenance.inputs())
        .containsOnly(Map.entry("dataset/index.json", HASH), Map.entry("documents", "17"));
  }

  @Test
  void fileThatStandsForAnArtefactIsRecordedWhenItIsOpened() {
    StageInputs inputs = night.inputs(Stage.TRAIN);
    Artefact dataset = inputs.open("dataset", "datasets/test/1", "index.json");
    assertThat(dataset.bytes("index.json")).isEqualTo(bytes("one"));
    assertThat(dataset.bytes("labels.json")).isEqualTo(bytes("two"));

    assertThat(inputs.provenance().inputs())
        .containsOnly(
            Map.entry("dataset", HASH), Map.entry("dataset/labels.json", Sha256.of(bytes("two"))));
  }

  @Test
  void nothingIsReadAfterTheProvenanceWasMade() {
    StageInputs inputs = night.inputs(Stage.EVALUATE);
    Artefact dataset = inputs.open("dataset", "datasets/test/1");
    assertThat(inputs.provenance().inputs()).isEmpty();

    assertThatThrownBy(() -> dataset.bytes("index.json"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "'dataset/index.json' is read after the provenance of stage 'evaluate' was made");
  }

  @Test
  void descriptionOfJobsEndsWithTheWork() {
    var spark = night.spark().sparkContext();
    String outer =
        night.describe(
            "outer",
            () -> {
              String inner =
                  night.describe("inner", () -> spark.getLocalProperty("spark.job.description"));
              return inner + " in " + spark.getLocalProperty("spark.job.description");
            });

    assertThat(outer).isEqualTo("inner in outer");
    assertThat(spark.getLocalProperty("spark.job.description")).isNull();
    assertThatThrownBy(
            () ->
                night.describe(
                    "failing",
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(spark.getLocalProperty("spark.job.description")).isNull();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
