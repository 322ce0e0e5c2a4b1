package io.attune.pipeline.storage;

import static io.attune.pipeline.storage.LocalAndHdfs.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArtefactsTest {
  static final Provenance PROVENANCE =
      new Provenance(
          "task",
          "2026-01-02.1",
          "shard",
          "2026-01-02T03:04:05Z",
          "me",
          "here",
          Map.of("a", "b"),
          "0".repeat(64),
          "unknown",
          Map.of("java", "17"));

  @TempDir static Path folder;
  private static LocalAndHdfs both;

  @BeforeAll
  static void start() throws IOException {
    both = new LocalAndHdfs(folder);
  }

  @AfterAll
  static void stop() {
    both.close();
  }

  static Stream<Named<Storage>> storages() {
    return both.storages();
  }

  @ParameterizedTest
  @MethodSource("storages")
  void publishedFolderHasItsFilesAndAManifestThatVerifies(Storage storage) {
    Manifest manifest =
        Artefacts.of(storage)
            .publish(
                "datasets/a/1",
                PROVENANCE,
                staging -> {
                  staging.write("index.json", bytes("{}"));
                  staging.write("shards/train-00000.txt", bytes("one"));
                  return Map.of("rows", 1L);
                });

    assertThat(storage.list("datasets/a")).containsExactly("1");
    assertThat(storage.list("datasets/a/1"))
        .containsExactly("MANIFEST.json", "index.json", "shards");
    assertThat(Artefacts.of(storage).isPublished("datasets/a/1")).isTrue();
    assertThat(Artefacts.of(storage).verify("datasets/a/1")).isEqualTo(manifest);
    assertThat(manifest.counts()).containsEntry("rows", 1L);
    assertThat(manifest.files())
        .extracting(Manifest.FileEntry::path)
        .containsExactly("index.json", "shards/train-00000.txt");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void secondPublicationIsRefusedAndChangesNothing(Storage storage) {
    Artefacts.of(storage).publish("once/a", PROVENANCE, staging -> write(staging, "first"));

    assertThatThrownBy(
            () ->
                Artefacts.of(storage)
                    .publish("once/a", PROVENANCE, staging -> write(staging, "second")))
        .isInstanceOf(Failure.AlreadyPublished.class)
        .hasMessageContaining("once/a");

    assertThat(storage.read("once/a/file")).isEqualTo(bytes("first"));
    assertThat(storage.list("once/a")).containsExactly("MANIFEST.json", "file");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void writerThatFailsLeavesNothingAReaderSees(Storage storage) throws IOException {
    assertThatThrownBy(
            () ->
                Artefacts.of(storage)
                    .publish(
                        "failed/a",
                        PROVENANCE,
                        staging -> {
                          staging.write("half", bytes("half"));
                          throw new IOException("the disk is full");
                        }))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("the disk is full");

    assertThat(storage.exists("failed/a")).isFalse();
    assertThat(storage.list("failed")).isEmpty();
    Artefacts.of(storage).publish("failed/a", PROVENANCE, staging -> write(staging, "whole"));
    assertThat(storage.list("failed/a")).containsExactly("MANIFEST.json", "file");
    var parent = storage.resolve("failed");
    assertThat(parent.getFileSystem(new Configuration()).listStatus(parent)).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("storages")
  void flippedByteIsFoundAndNamed(Storage storage) throws IOException {
    Artefacts.of(storage).publish("flipped/a", PROVENANCE, staging -> write(staging, "abc"));
    both.overwrite(storage, "flipped/a/file", "abd");

    assertThatThrownBy(() -> Artefacts.of(storage).verify("flipped/a"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("flipped/a/file")
        .hasMessageContaining("is damaged")
        .hasMessageContaining("run its stage again");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void missingFileIsFoundAndNamed(Storage storage) {
    Artefacts.of(storage).publish("lost/a", PROVENANCE, staging -> write(staging, "abc"));
    storage.delete("lost/a/file");

    assertThatThrownBy(() -> Artefacts.of(storage).verify("lost/a"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("'file' is missing");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void sweepRemovesWhatWasNotPublishedAndNothingElse(Storage storage) {
    Artefacts.of(storage).publish("swept/whole", PROVENANCE, staging -> write(staging, "whole"));
    storage.replace("swept/.staging-file", bytes("cut off"));
    storage.replace("swept/.staging-folder/file", bytes("cut off"));
    storage.replace("swept/.lock", bytes("held"));

    Artefacts.of(storage).removeAbandoned("swept");
    Artefacts.of(storage).removeAbandoned("never-written");

    assertThat(storage.exists("swept/.staging-file")).isFalse();
    assertThat(storage.exists("swept/.staging-folder")).isFalse();
    assertThat(storage.exists("swept/.lock")).isTrue();
    assertThat(Artefacts.of(storage).verify("swept/whole").files()).hasSize(1);
  }

  private static Map<String, Long> write(Staging staging, String content) throws IOException {
    staging.write("file", bytes(content));
    return Map.of();
  }
}
