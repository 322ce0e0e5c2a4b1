package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands on a task with one small file of reviews, and checks what they print. */
abstract class ReviewsTask {
  static final String RUN = "2026-03-01.1";
  static final String ROW = "%d,A %s thing number %d came.,%s%n";

  @TempDir Path folder;
  final StringWriter err = new StringWriter();

  void reviews(IntFunction<String> format) throws IOException {
    StringBuilder text = new StringBuilder("id,text,stars\n");
    for (int i = 0; i < 400; i++) {
      boolean good = i % 2 == 0;
      text.append(
          format.apply(i).formatted(i, good ? "splendid" : "dreadful", i, good ? "good" : "bad"));
    }
    Files.writeString(folder.resolve("reviews.csv"), text);
  }

  int nightly(String... more) throws IOException {
    return command("nightly", more);
  }

  int command(String name, String... more) throws IOException {
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
model: {encoder: none, width: 16, heads: 2, feed-forward: 32}
gate: {smoke-test: false}
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

  Path root(String path) {
    return folder.resolve("root").resolve(path);
  }

  void requireFailure(int expected, int code) {
    assertThat(code).as(err.toString()).isEqualTo(expected);
  }

  void requireMessage(String... parts) {
    assertThat(err.toString().lines()).as(err.toString()).hasSize(1);
    assertThat(err.toString()).contains(parts).doesNotContain("at io.attune");
  }

  void requireNothingIngested() {
    assertThat(root("runs/reviews/" + RUN + "/intake")).doesNotExist();
    assertThat(root("datasets")).doesNotExist();
  }
}
