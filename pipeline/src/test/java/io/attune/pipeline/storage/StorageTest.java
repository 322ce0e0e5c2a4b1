package io.attune.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Provenance;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On the local file system and on HDFS: their rules of renaming differ. */
class StorageTest {
  private static final Provenance PROVENANCE =
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
  private static InProcessHdfs hdfs;

  @BeforeAll
  static void startHdfs() throws IOException {
    hdfs = new InProcessHdfs(folder.resolve("hdfs"));
  }

  @AfterAll
  static void stopHdfs() {
    hdfs.close();
  }

  static Stream<Named<Storage>> storages() {
    return Stream.of(
        Named.of(
            "local", Storage.at(folder.resolve("local").toUri().toString(), new Configuration())),
        Named.of("hdfs", Storage.at(hdfs.root(), hdfs.configuration())));
  }

  @ParameterizedTest
  @MethodSource("storages")
  void publishedFolderHasItsFilesAndAManifestThatVerifies(Storage storage) {
    Manifest manifest =
        storage.publish(
            "datasets/a/1",
            PROVENANCE,
            staging -> {
              staging.write("index.json", text("{}"));
              staging.write("shards/train-00000.txt", text("one"));
              return Map.of("rows", 1L);
            });

    assertThat(storage.list("datasets/a")).containsExactly("1");
    assertThat(storage.list("datasets/a/1"))
        .containsExactly("MANIFEST.json", "index.json", "shards");
    assertThat(storage.isPublished("datasets/a/1")).isTrue();
    assertThat(storage.verify("datasets/a/1")).isEqualTo(manifest);
    assertThat(manifest.counts()).containsEntry("rows", 1L);
    assertThat(manifest.files())
        .extracting(Manifest.FileEntry::path)
        .containsExactly("index.json", "shards/train-00000.txt");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void secondPublicationIsRefusedAndChangesNothing(Storage storage) {
    storage.publish("once/a", PROVENANCE, staging -> write(staging, "first"));

    assertThatThrownBy(
            () -> storage.publish("once/a", PROVENANCE, staging -> write(staging, "second")))
        .isInstanceOf(Failure.AlreadyPublished.class)
        .hasMessageContaining("once/a");

    assertThat(storage.read("once/a/file")).isEqualTo(text("first"));
    assertThat(storage.list("once/a")).containsExactly("MANIFEST.json", "file");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void writerThatFailsLeavesNothingAReaderSees(Storage storage) throws IOException {
    assertThatThrownBy(
            () ->
                storage.publish(
                    "failed/a",
                    PROVENANCE,
                    staging -> {
                      staging.write("half", text("half"));
                      throw new IOException("the disk is full");
                    }))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("the disk is full");

    assertThat(storage.exists("failed/a")).isFalse();
    assertThat(storage.list("failed")).isEmpty();
    storage.publish("failed/a", PROVENANCE, staging -> write(staging, "whole"));
    assertThat(storage.list("failed/a")).containsExactly("MANIFEST.json", "file");
    var parent = storage.resolve("failed");
    assertThat(parent.getFileSystem(new Configuration()).listStatus(parent)).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("storages")
  void flippedByteIsFoundAndNamed(Storage storage) throws IOException {
    storage.publish("flipped/a", PROVENANCE, staging -> write(staging, "abc"));
    overwrite(storage, "flipped/a/file", text("abd"));

    assertThatThrownBy(() -> storage.verify("flipped/a"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("flipped/a/file")
        .hasMessageContaining("is damaged")
        .hasMessageContaining("run its stage again");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void missingFileIsFoundAndNamed(Storage storage) {
    storage.publish("lost/a", PROVENANCE, staging -> write(staging, "abc"));
    storage.delete("lost/a/file");

    assertThatThrownBy(() -> storage.verify("lost/a"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("'file' is missing");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void replacedFileHasTheNewBytes(Storage storage) {
    storage.replace("state/a.json", text("1"));
    storage.replace("state/a.json", text("2"));

    assertThat(storage.read("state/a.json")).isEqualTo(text("2"));
    assertThat(storage.list("state")).containsExactly("a.json");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void onlyOneCallCreatesAFile(Storage storage) {
    assertThat(storage.create("locks/a", text("1"))).isTrue();
    assertThat(storage.create("locks/a", text("2"))).isFalse();
    assertThat(storage.read("locks/a")).isEqualTo(text("1"));
  }

  @ParameterizedTest
  @MethodSource("storages")
  void sweepRemovesWhatWasNotPublishedAndNothingElse(Storage storage) {
    storage.publish("swept/whole", PROVENANCE, staging -> write(staging, "whole"));
    storage.replace("swept/.staging-file", text("cut off"));
    storage.replace("swept/.staging-folder/file", text("cut off"));
    storage.replace("swept/.lock", text("held"));

    storage.sweep("swept");
    storage.sweep("never-written");

    assertThat(storage.exists("swept/.staging-file")).isFalse();
    assertThat(storage.exists("swept/.staging-folder")).isFalse();
    assertThat(storage.exists("swept/.lock")).isTrue();
    assertThat(storage.verify("swept/whole").files()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("storages")
  void writableRootPassesAndKeepsNoTrace(Storage storage) {
    storage.requireWritable();

    assertThat(storage.list("")).noneMatch(name -> name.contains("write-test"));
  }

  @Test
  void rootBelowAFileCannotBeWritten() throws IOException {
    Path file = java.nio.file.Files.writeString(folder.resolve("a-file"), "x");
    Storage storage = Storage.at(file.resolve("root").toUri().toString(), new Configuration());

    assertThatThrownBy(storage::requireWritable)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Cannot write below the root")
        .hasMessageContaining("--set root=");
  }

  @Test
  void unknownFileSystemIsRefusedWithWhatToGive() {
    assertThatThrownBy(() -> Storage.at("nosuch://host/root", new Configuration()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("nosuch")
        .hasMessageContaining("local folder");
  }

  @Test
  void fileSystemBehindAnExceptionOfAnotherIsNamed() {
    RuntimeException job =
        new IllegalStateException(
            "Job aborted: Task 0 failed 4 times: org.apache.hadoop.ipc.RemoteException"
                + "(org.apache.hadoop.hdfs.protocol.DSQuotaExceededException): /attune");

    assertThat(Storage.troubleBehind(new RuntimeException("write", job)))
        .hasValueSatisfying(
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(3);
              assertThat(failure).hasMessageContaining("quota is used up").hasRootCause(job);
            });
    assertThat(Storage.troubleBehind(new IllegalStateException("Connection refused"))).isEmpty();
  }

  @Test
  void fileThatIsNotThereIsNamed() {
    Storage storage = Storage.at(folder.toUri().toString(), new Configuration());

    assertThatThrownBy(() -> storage.read("no/such.json"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("no/such.json");
  }

  private static Map<String, Long> write(Staging staging, String content) throws IOException {
    staging.write("file", text(content));
    return Map.of();
  }

  private static void overwrite(Storage storage, String file, byte[] bytes) throws IOException {
    var path = storage.resolve(file);
    Configuration configuration = hdfs.configuration();
    try (OutputStream out = path.getFileSystem(configuration).create(path, true)) {
      out.write(bytes);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
