package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.Sha256;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Manifest.FileEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests artefacts that were damaged after a stage: exit code, one message, nothing built on them.
 */
class DamagedArtefactsTest extends ReviewsTask {
  /** Holds roots as they were after a stage; tables have absolute paths, so copies go back here. */
  @TempDir static Path prepared;

  @BeforeAll
  static void trainOnce() throws IOException {
    DamagedArtefactsTest night = new DamagedArtefactsTest();
    night.folder = prepared;
    night.reviews(row -> ROW);
    assertThat(night.nightly("--until", "shard")).as(night.err.toString()).isZero();
    FileUtils.copyDirectory(prepared.resolve("root").toFile(), prepared.resolve("shard").toFile());
    assertThat(night.nightly("--until", "train")).as(night.err.toString()).isZero();
    FileUtils.moveDirectory(prepared.resolve("root").toFile(), prepared.resolve("train").toFile());
  }

  @Test
  void flippedByteInAShard() throws IOException {
    start("shard");
    flip("datasets/reviews/" + RUN + "/shards");

    requireFailure(3, nightly());
    requireMessage("train-00000.parquet", "run the shard stage again");
    requireNoModel();
  }

  @Test
  void flippedByteInAManifest() throws IOException {
    start("shard");
    flip("datasets/reviews/" + RUN + "/MANIFEST.json");

    requireFailure(3, nightly());
    requireMessage("datasets/reviews/" + RUN + "/MANIFEST.json");
    requireNoModel();
  }

  @Test
  void flippedByteInEveryCheckpoint() throws IOException {
    start("shard");
    String checkpoints = "runs/reviews/" + RUN + "/checkpoints";
    FileUtils.copyDirectory(
        prepared.resolve("train").resolve(checkpoints).toFile(), root(checkpoints).toFile());
    for (Path checkpoint : children(root(checkpoints))) {
      flip(root("").relativize(checkpoint.resolve("parameters.f32")).toString());
    }

    requireFailure(3, nightly());
    requireMessage("None of the 2 checkpoints", "remove that folder to train from the beginning");
    requireNoModel();
  }

  @Test
  void checkpointOfAnotherNetwork() throws IOException {
    start("shard");
    String checkpoints = "runs/reviews/" + RUN + "/checkpoints";
    FileUtils.copyDirectory(
        prepared.resolve("train").resolve(checkpoints).toFile(), root(checkpoints).toFile());

    requireFailure(3, command("train", "--set", "model.width=32"));
    requireMessage("belongs to another model, updater or train configuration");
    requireNoModel();
  }

  @Test
  void flippedByteInTheModel() throws IOException {
    start("train");
    flip("models/reviews/" + RUN + "/model.zip");

    requireFailure(3, nightly());
    requireMessage("model.zip", "restore it from a copy");
    assertThat(root("runs/reviews/" + RUN + "/evaluation")).doesNotExist();
  }

  @Test
  void modelWithAnotherTokenizer() throws IOException {
    start("train");
    Path model = root("models/reviews/" + RUN);
    Path tokenizer = model.resolve("tokenizer.json");
    String before = Sha256.of(Files.readAllBytes(tokenizer));
    rewrite(tokenizer, (Files.readString(tokenizer) + " ").getBytes(StandardCharsets.UTF_8));
    Path manifest = model.resolve(Manifest.FILE_NAME);
    Manifest published = Json.read(Files.readAllBytes(manifest), Manifest.class);
    List<FileEntry> files =
        published.files().stream()
            .map(file -> file.path().equals("tokenizer.json") ? entry(tokenizer) : file)
            .toList();
    rewrite(manifest, Json.pretty(Manifest.of(files, published.counts(), published.provenance())));

    requireFailure(3, nightly());
    requireMessage("was trained with the tokenizer of SHA-256 " + before, "train the model again");
    assertThat(root("runs/reviews/" + RUN + "/evaluation")).doesNotExist();
  }

  /** Continues in the prepared folder, from the root as it was after a stage. */
  private void start(String stage) throws IOException {
    folder = prepared;
    FileUtils.deleteDirectory(root("").toFile());
    FileUtils.copyDirectory(prepared.resolve(stage).toFile(), root("").toFile());
  }

  private void requireNoModel() {
    assertThat(root("models")).doesNotExist();
  }

  /** Flips one bit in the middle of a file, or of every file of a folder. */
  private void flip(String path) throws IOException {
    Path at = root(path);
    for (Path file : Files.isDirectory(at) ? children(at) : List.of(at)) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
  }

  /** Rewrites a file and removes its checksum by Hadoop's local file system. */
  private static void rewrite(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  /** Lists the files of a folder without hidden ones. */
  private static List<Path> children(Path folder) {
    try (Stream<Path> found = Files.list(folder)) {
      return found.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileEntry entry(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return new FileEntry(file.getFileName().toString(), bytes.length, Sha256.of(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
