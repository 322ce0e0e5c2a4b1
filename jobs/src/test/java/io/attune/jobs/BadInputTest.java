package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.Sha256;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Manifest.FileEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input through the whole command line: exit code, one message, nothing half published. */
class BadInputTest {
  private static final String RUN = "2026-03-01.1";
  private static final String ROW = "%d,A %s thing number %d came.,%s%n";

  /** Tables name their files whole: a copy of a root must lie where the root was. */
  @TempDir static Path prepared;

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void trainOnce() throws IOException {
    BadInputTest night = new BadInputTest();
    night.folder = prepared;
    night.reviews(row -> ROW);
    assertThat(night.nightly("--until", "shard")).as(night.err.toString()).isZero();
    FileUtils.copyDirectory(prepared.resolve("root").toFile(), prepared.resolve("shard").toFile());
    assertThat(night.nightly("--until", "train")).as(night.err.toString()).isZero();
    FileUtils.moveDirectory(prepared.resolve("root").toFile(), prepared.resolve("train").toFile());
  }

  @Test
  void emptyFile() throws IOException {
    Files.createFile(folder.resolve("reviews.csv"));

    requireFailure(3, nightly());
    requireMessage("attune nightly: '", "reviews.csv' of corpus 'shop' is empty", "remove it");
    requireNothingIngested();
  }

  @Test
  void fileWithNothingButAHeader() throws IOException {
    Files.writeString(folder.resolve("reviews.csv"), "id,text,stars\n");

    requireFailure(3, nightly());
    requireMessage("holds no record, only a header");
    requireNothingIngested();
  }

  @Test
  void wrongDelimiter() throws IOException {
    reviews(row -> "%d;A %s thing number %d came.;%s%n");
    Path file = folder.resolve("reviews.csv");
    Files.writeString(file, Files.readString(file).replace("id,text,stars", "id;text;stars"));

    requireFailure(3, nightly());
    requireMessage(
        "reviews.csv' of corpus 'shop' is not separated by ','", "set corpora.delimiter to ';'");
    requireNothingIngested();
  }

  @Test
  void mappedColumnThatDoesNotExist() throws IOException {
    reviews(row -> ROW);
    Path file = folder.resolve("reviews.csv");
    Files.writeString(file, Files.readString(file).replace("stars", "rating"));

    requireFailure(3, nightly());
    requireMessage(
        "has no column 'stars'", "it has 'id', 'rating', 'text'", "mend corpora.columns");
    requireNothingIngested();
  }

  @Test
  void wrongTypeInTheConfiguration() throws IOException {
    reviews(row -> ROW);

    assertThat(nightly("--set", "train.stopping.epochs=many")).isEqualTo(2);
    requireMessage("train.stopping.epochs", "many");
    requireNothingIngested();
  }

  @Test
  void valueOutsideItsRange() throws IOException {
    reviews(row -> ROW);

    assertThat(nightly("--set", "model.heads=3")).isEqualTo(2);
    requireMessage("reviews.yaml", "model.heads must divide model.width, got 3 heads and width 16");
    requireNothingIngested();
  }

  @Test
  void labelOutsideTheSetInEveryRecord() throws IOException {
    reviews(row -> "%d,A %s thing number %d came.,so-%s%n");

    requireFailure(3, nightly());
    requireMessage(
        "Corpus 'shop'",
        "400 of 400 records were rejected",
        "'so-good' is no class of head 'mood': [bad, good]");
    requireNothingIngested();
  }

  @Test
  void labelOutsideTheSetInOneRecordIsRejectedAndTheRunGoesOn() throws IOException {
    reviews(row -> row == 7 ? "%d,A %s thing number %d came.,so-%s%n" : ROW);

    assertThat(nightly("--until", "ingest")).as(err.toString()).isZero();
    assertThat(Files.readString(root("runs/reviews/" + RUN + "/state.json")))
        .contains("399 documents from 1 files, 1 records rejected");
  }

  @Test
  void splitThatLeavesAClassWithoutRows() throws IOException {
    Path text = folder.resolve("reviews.csv");
    reviews(row -> ROW);
    Files.writeString(text, Files.readString(text).replaceAll(",bad\r?\n", ",good\n"));

    requireFailure(3, nightly());
    requireMessage("The train split", "holds no row of", "'bad'", "take the class out");
    assertThat(folder.resolve("root/tokenizers")).doesNotExist();
    assertThat(folder.resolve("root/datasets")).doesNotExist();
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
    requireMessage("is of another model, updater or train configuration");
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

  @Test
  void lockThatAnotherProcessTookOverMeanwhile() throws Exception {
    reviews(row -> ROW);
    CompletableFuture<Void> other = CompletableFuture.runAsync(this::takeOverTheLock);

    requireFailure(7, nightly());
    other.join();
    requireMessage("This process lost its lock on the task", "on host 'elsewhere'");
    requireNothingIngested();
    assertThat(root("runs/reviews/.lock")).content().contains("elsewhere");
  }

  /** As soon as the run has begun. */
  private void takeOverTheLock() {
    Path lock = root("runs/reviews/.lock");
    try {
      while (Files.notExists(root("runs/reviews/" + RUN + "/state.json"))) {
        Thread.onSpinWait();
      }
      String taken =
          Files.readString(lock)
              .replaceAll("\"(token|host)\" : \"[^\"]*\"", "\"$1\" : \"elsewhere\"");
      Path staged = Files.writeString(folder.resolve("taken"), taken);
      Files.deleteIfExists(lock.resolveSibling("..lock.crc"));
      Files.move(staged, lock, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void reviews(IntFunction<String> format) throws IOException {
    StringBuilder text = new StringBuilder("id,text,stars\n");
    for (int i = 0; i < 400; i++) {
      boolean good = i % 2 == 0;
      text.append(
          format.apply(i).formatted(i, good ? "splendid" : "dreadful", i, good ? "good" : "bad"));
    }
    Files.writeString(folder.resolve("reviews.csv"), text);
  }

  private int nightly(String... more) throws IOException {
    return command("nightly", more);
  }

  private int command(String name, String... more) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("reviews.yaml"),
            """
            task: reviews
            root: root
            heads: {mood: [bad, good]}
            corpora:
              - name: shop
                path: reviews.csv
                columns: {id: id, text: text, labels: {mood: stars}}
            split: {validation: 0.2, test: 0.2}
            tokenize: {vocabulary: 200, max-tokens: 16}
            model: {width: 16, heads: 2, feed-forward: 32}
            train: {averaging: {workers: 2, frequency: 2}, batch: {rows: 8}, stopping: {epochs: 1}, checkpoint-every-rounds: 3}
            spark: {spark.master: "local[2]", spark.sql.shuffle.partitions: "2", spark.ui.enabled: "false"}
            """);
    return Attune.run(
        Stream.concat(
                Stream.of(name, "-c", config.toString(), "--date", "2026-03-01"), Stream.of(more))
            .toArray(String[]::new),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintWriter(err, true));
  }

  /** Goes on in the prepared folder, from the root as it was after a stage. */
  private void start(String stage) throws IOException {
    folder = prepared;
    FileUtils.deleteDirectory(root("").toFile());
    FileUtils.copyDirectory(prepared.resolve(stage).toFile(), root("").toFile());
  }

  private Path root(String path) {
    return folder.resolve("root").resolve(path);
  }

  private void requireFailure(int expected, int code) {
    assertThat(code).as(err.toString()).isEqualTo(expected);
  }

  private void requireMessage(String... parts) {
    assertThat(err.toString().lines()).as(err.toString()).hasSize(1);
    assertThat(err.toString()).contains(parts).doesNotContain("at io.attune");
  }

  private void requireNothingIngested() {
    assertThat(root("runs/reviews/" + RUN + "/intake")).doesNotExist();
    assertThat(root("datasets")).doesNotExist();
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

  /** Changes a file as a person would, its checksum by Hadoop's local file system included. */
  private static void rewrite(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  /** Without hidden ones. */
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
