package io.attune.pipeline.storage;

import static io.attune.pipeline.storage.LocalAndHdfs.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StorageTest {
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
  void replacedFileHasTheNewBytes(Storage storage) {
    storage.replace("state/a.json", bytes("1"));
    storage.replace("state/a.json", bytes("2"));

    assertThat(storage.read("state/a.json")).isEqualTo(bytes("2"));
    assertThat(storage.list("state")).containsExactly("a.json");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void onlyOneCallCreatesAFile(Storage storage) {
    assertThat(storage.create("locks/a", bytes("1"))).isTrue();
    assertThat(storage.create("locks/a", bytes("2"))).isFalse();
    assertThat(storage.read("locks/a")).isEqualTo(bytes("1"));
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

    assertThat(Storage.diagnosisOf(new RuntimeException("write", job)))
        .hasValueSatisfying(
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(3);
              assertThat(failure).hasMessageContaining("quota is used up").hasRootCause(job);
            });
    assertThat(Storage.diagnosisOf(new IllegalStateException("Connection refused"))).isEmpty();
  }

  @Test
  void fileThatIsNotThereIsNamed() {
    Storage storage = Storage.at(folder.toUri().toString(), new Configuration());

    assertThatThrownBy(() -> storage.read("no/such.json"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("no/such.json");
  }
}
