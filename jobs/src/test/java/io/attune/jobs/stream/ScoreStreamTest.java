package io.attune.jobs.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.linear.CountedText;
import io.attune.pipeline.linear.LinearConfig;
import io.attune.pipeline.linear.LinearModel;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.RunLock;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.table.Scores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreStreamTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String FIRST = "2026-01-01.1";
  private static final String SECOND = "2026-01-02.1";

  private static SparkSession spark;

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private RunConfig config;
  private Storage storage;
  private Path incoming;

  @BeforeAll
  static void openSession() {
    spark =
        SparkSessions.open(
            "stream tests",
            Map.of("spark.master", "local[2]", "spark.sql.shuffle.partitions", "2"));
  }

  @AfterAll
  static void closeSession() {
    spark.stop();
  }

  @BeforeEach
  void configure() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("reviews.yaml"),
            """
            task: reviews
            root: root
            heads: {mood: [bad, good]}
            corpora:
              - name: feed
                path: incoming
                columns: {id: id, text: text}
            """);
    config = RunConfigs.load(file, List.of());
    storage = Storage.at(config.root(), SparkSessions.hadoop(Map.of()));
    incoming = Files.createDirectories(folder.resolve("incoming"));
  }

  @Test
  void scoresWhatArrivesOnceEvenIfABatchIsReplayed() throws Exception {
    promote(FIRST, "fine");
    arrive("a.csv", "id,text\n1,a fine thing\n2,an awful thing\n3, \n");
    compressed("b.csv.gz", "id,text\n1,a fine thing\n4,<p>a fine &amp; cheap thing</p>\n");

    stream(1);

    assertThat(rows())
        .containsExactly("feed:1 good " + FIRST, "feed:2 bad " + FIRST, "feed:4 good " + FIRST);
    assertThat(printed()).contains("Batch 0: ", "Batch 1: ", " files by model " + FIRST);
    assertThat(runs()).hasSize(2).allMatch(run -> run.matches("stream-[0-9a-f]{8}\\.[01]"));

    removeLastCommit();
    stream(1);

    assertThat(rows()).hasSize(3);
    assertThat(runs()).hasSize(2);

    promote(SECOND, "awful");
    arrive("c.csv", "id,text\n5,an awful day\n1,a fine thing\n");
    stream(100);

    assertThat(rows())
        .containsExactly(
            "feed:1 bad " + SECOND,
            "feed:1 good " + FIRST,
            "feed:2 bad " + FIRST,
            "feed:4 good " + FIRST,
            "feed:5 good " + SECOND);
    stream(100);
    assertThat(rows()).hasSize(5);
  }

  @Test
  void readsAFileThatArrivesWithAnOldTime() throws Exception {
    promote(FIRST, "fine");
    arrive("a.csv", "id,text\n1,a fine thing\n");
    stream(10);
    arrive("moved.csv", "id,text\n2,an awful thing\n");
    Files.setLastModifiedTime(
        incoming.resolve("moved.csv"), FileTime.from(CLOCK.instant().minus(Duration.ofDays(30))));

    stream(10);

    assertThat(rows()).containsExactly("feed:1 good " + FIRST, "feed:2 bad " + FIRST);
  }

  @Test
  void endsWhereANightHasTheTaskAndReadsTheFilesLater() throws Exception {
    promote(FIRST, "fine");
    arrive("a.csv", "id,text\n1,a fine thing\n");
    try (RunLock night = RunLock.acquire(storage, "reviews", "2026-01-03.1", CLOCK)) {
      assertThatThrownBy(() -> stream(10))
          .satisfies(e -> assertThat(Failure.in(e).orElseThrow()).isInstanceOf(Failure.Busy.class));
    }

    stream(10);

    assertThat(rows()).containsExactly("feed:1 good " + FIRST);
  }

  @Test
  void refusesToBeginWithoutAModelOrACorpus() {
    assertThatThrownBy(() -> stream(1))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("Task 'reviews' has no current model below");
    assertThatThrownBy(
            () ->
                ScoreStream.run(
                    config,
                    new StreamRequest("file:///x", "other", 1, Optional.empty()),
                    console(),
                    CLOCK))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageStartingWith("There is no corpus 'other'; name one of [feed]");
  }

  private void stream(int maxFiles) throws Exception {
    ScoreStream.run(
        config,
        new StreamRequest(incoming.toUri().toString(), "feed", maxFiles, Optional.empty()),
        console(),
        CLOCK);
  }

  private Console console() {
    return new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false, CLOCK);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Files must differ in their time, by which Spark orders them. */
  private void arrive(String name, String text) throws IOException {
    Files.writeString(incoming.resolve(name), text);
  }

  private void compressed(String name, String text) throws IOException {
    try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(incoming.resolve(name)))) {
      file.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void removeLastCommit() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("root/streams"))) {
      Path last =
          files
              .filter(file -> file.getParent().endsWith("commits"))
              .filter(file -> file.getFileName().toString().matches("\\d+"))
              .max(Comparator.comparing(file -> Integer.valueOf(file.getFileName().toString())))
              .orElseThrow();
      Files.delete(last);
      Files.deleteIfExists(last.resolveSibling("." + last.getFileName() + ".crc"));
    }
  }

  private List<String> rows() {
    return tables().read(Scores.SCHEMA).collectAsList().stream()
        .map(
            row ->
                "%s %s %s"
                    .formatted(
                        row.<String>getAs(Scores.DOCUMENT_ID),
                        row.<String>getAs(Scores.LABEL),
                        row.<String>getAs(Scores.MODEL)))
        .sorted()
        .toList();
  }

  private List<String> runs() {
    return List.copyOf(tables().runs(Scores.SCHEMA));
  }

  private Tables tables() {
    return Tables.of(spark, storage, "reviews");
  }

  /** Promotes a model to which texts with a word are good, and others bad. */
  private void promote(String version, String good) {
    String bad = good.equals("fine") ? "awful" : "fine";
    LinearModel linear =
        LinearModel.fit(
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(
                    List.of(
                        CountedText.of("a", new int[] {1}, "a " + good + " thing"),
                        CountedText.of("b", new int[] {0}, "an " + bad + " thing"),
                        CountedText.of("c", new int[] {1}, "so " + good),
                        CountedText.of("d", new int[] {0}, "so " + bad))),
            config.labels(),
            new LinearConfig(10, 1, 1000, 1000));
    byte[] tokenizer = "{}".getBytes(StandardCharsets.UTF_8);
    new Candidate(
            ModelParts.of(linear),
            tokenizer,
            config.labels(),
            16,
            "task: reviews\n",
            TrainingRecord.builder().build(),
            "# A model\n")
        .publish(
            storage,
            "models/reviews/" + version,
            new Recorder("reviews", version, "configuration", CLOCK)
                .record("train", Map.of(Candidate.TOKENIZER_INPUT, Sha256.of(tokenizer))));
    CurrentModel.of(storage, "reviews").pointTo(version, "promoted by the test", CLOCK);
  }
}
