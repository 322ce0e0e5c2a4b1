package io.attune.jobs.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.Nights.Span;
import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.shard.ShardIndex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs nights without new files after the configuration was changed. */
class ReconfiguredNightTest {
  private static final LocalDate NIGHT = LocalDate.of(2026, 3, 1);
  private static final String TASK =
"""
task: reviews
root: root
heads: {mood: [bad, good]}
corpora:
  - name: shop
    path: reviews.csv
    columns: {id: id, text: text, labels: {mood: stars}}
ingest: {max-unknown-label-share: 2}
split: {validation: 0.2, test: 0.2}
tokenize: {vocabulary: 200, max-tokens: 16}
model: {kind: linear}
gate: {smoke-test: false}
spark: {spark.master: "local[2]", spark.sql.shuffle.partitions: "2", spark.ui.enabled: "false"}
""";

  @TempDir Path folder;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  @Test
  void stagesFromTheFirstThatReadsWhatHasChangedRunAgain() throws IOException {
    writeReviews();
    assertThat(nightly(TASK)).containsExactly("2026-03-01.1");

    assertThat(nightly(TASK.replace("root: root", "root: " + folder + "//root/"))).isEmpty();
    assertThat(shown.toString(StandardCharsets.UTF_8)).isEmpty();

    String gated = TASK.replace("smoke-test: false", "smoke-test: false, margin: 0.02");
    assertThat(nightly(gated, new Span(Stage.INGEST, Stage.PROMOTE)))
        .containsExactly("2026-03-01.2");
    assertThat(shown())
        .contains(
            "The configuration has changed since run 2026-03-01.1: gate.margin from auto to 0.02.",
            "So the stages evaluate, compare, promote, score, monitor, report run again; what those"
                + " before them made is taken over",
            "as in run 2026-03-01.1");
    assertThat(root("models/reviews/2026-03-01.2/linear.bin")).exists();
    assertThat(CurrentModel.of(storage(), "reviews").version()).contains("2026-03-01.2");

    // What has changed while a run waits for its last stages is due after them.
    String three = gated.replace("[bad, good]", "[bad, good, fair]");
    assertThat(nightly(three)).containsExactly("2026-03-01.2");
    assertThat(nightly(three)).containsExactly("2026-03-01.3");
    assertThat(shown())
        .contains(
            "since run 2026-03-01.2: heads.mood from [\"bad\",\"good\"] to"
                + " [\"bad\",\"good\",\"fair\"]",
            "So all files are read again, and every stage runs again.");
    assertThat(labels("2026-03-01.1")).isEqualTo(Map.of("bad", 120L, "good", 120L));
    assertThat(labels("2026-03-01.3")).isEqualTo(Map.of("bad", 120L, "good", 120L, "fair", 120L));
    assertThat(nightly(three)).isEmpty();

    String shorter = three + "report: {max-classes: 3}\n";
    assertThat(nightly(shorter)).containsExactly("2026-03-01.3");
    assertThat(shown()).contains("report.max-classes from 20 to 3. So its report is written again");
    assertThat(nightly(shorter)).isEmpty();

    // A forced night with other settings is an experiment.
    assertThat(forced(shorter.replace("margin: 0.02", "margin: 0.03")))
        .containsExactly("2026-03-01.4");
    assertThat(nightly(shorter)).isEmpty();
  }

  @Test
  void aHeadThatNoCorpusFillsIsRefusedBeforeAnyWork() throws IOException {
    writeReviews();

    assertThatThrownBy(() -> nightly(TASK.replace("heads: {mood:", "heads: {topic: [a, b], mood:")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("No corpus names a column with the labels of 'topic'")
        .hasMessageContaining("name it in corpora.columns.labels, such as labels: {topic: COLUMN}");
    assertThat(root("runs/reviews")).doesNotExist();
  }

  private void writeReviews() throws IOException {
    String[] words = {"splendid", "dreadful", "ordinary"};
    String[] stars = {"good", "bad", "fair"};
    StringBuilder text = new StringBuilder("id,text,stars\n");
    for (int i = 0; i < 360; i++) {
      text.append("%d,A %s thing number %d came.,%s%n".formatted(i, words[i % 3], i, stars[i % 3]));
    }
    Files.writeString(folder.resolve("reviews.csv"), text);
  }

  private List<String> nightly(String task) throws IOException {
    return nightly(task, Span.ALL);
  }

  private List<String> nightly(String task, Span span) throws IOException {
    return runs(task, nights -> nights.runDue(NIGHT, span));
  }

  private List<String> forced(String task) throws IOException {
    return runs(task, nights -> nights.runForced(NIGHT, Span.ALL));
  }

  private List<String> runs(String task, Function<Nights, List<Run>> work) throws IOException {
    shown.reset();
    Path file = Files.writeString(folder.resolve("reviews.yaml"), task);
    Console console =
        new Console(new PrintStream(shown, true, StandardCharsets.UTF_8), false, Clock.systemUTC());
    try (Nights nights =
        new Nights(
            RunConfigs.load(file, List.of()), new Configuration(), console, Clock.systemUTC())) {
      return work.apply(nights).stream().map(Run::id).toList();
    }
  }

  private String shown() {
    return shown.toString(StandardCharsets.UTF_8);
  }

  private Map<String, Long> labels(String run) {
    Map<String, Map<String, Map<String, Long>>> counts =
        storage()
            .readJson("datasets/reviews/" + run + "/" + ShardIndex.FILE_NAME, ShardIndex.class)
            .labelCounts();
    Map<String, Long> sums = new java.util.TreeMap<>();
    counts
        .values()
        .forEach(split -> split.get("mood").forEach((c, n) -> sums.merge(c, n, Long::sum)));
    return sums;
  }

  private Storage storage() {
    return Storage.at(folder.resolve("root").toString(), new Configuration());
  }

  private Path root(String path) {
    return folder.resolve("root").resolve(path);
  }
}
