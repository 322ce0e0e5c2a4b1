package io.attune.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes a small corpus with a learnable label, and the configuration of a night on it. */
final class Reviews {
  private static final String[] GOOD = {"splendid", "lovely", "excellent", "quick", "solid"};
  private static final String[] BAD = {"dreadful", "broken", "awful", "slow", "flimsy"};
  private static final String[] THINGS = {"kettle", "lamp", "chair", "phone", "jacket", "book"};

  private Reviews() {}

  /** Writes {@code <folder>/<name>}: one review per line, as JSON. */
  static void write(Path folder, String name, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      boolean good = random.nextBoolean();
      String[] words = good ? GOOD : BAD;
      lines.append(
          "{\"id\": \"%s-%d\", \"text\": \"The %s number %d came today and it is %s, really %s.\", \"mood\": \"%s\", \"seen\": \"2026-01-%02d\"}%n"
              .formatted(
                  name,
                  i,
                  THINGS[random.nextInt(THINGS.length)],
                  i,
                  words[random.nextInt(words.length)],
                  words[random.nextInt(words.length)],
                  good ? "good" : "bad",
                  1 + random.nextInt(28)));
    }
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), lines);
  }

  /** Writes the configuration of a small, quick night. */
  static Path config(Path folder, String root) throws IOException {
    return Files.writeString(
        folder.resolve("reviews.yaml"),
        """
        task: reviews
        root: %s
        heads: {mood: [bad, good]}
        corpora:
          - name: shop
            path: data/{date}/reviews.jsonl
            columns: {id: id, text: text, published-at: seen, labels: {mood: mood}}
        split: {validation: 0.2, test: 0.2}
        tokenize: {vocabulary: 400, max-tokens: 32}
        model: {encoder: none, width: 16, heads: 2, feed-forward: 32}
        train: {averaging: {workers: 2, frequency: 2}, batch: {rows: 8}, stopping: {epochs: 3}, checkpoint-every-rounds: 3}
        evaluate: {bootstrap-repetitions: 200, slices: {min-rows: 5}}
        spark: {spark.master: "local[2]", spark.sql.shuffle.partitions: "2", spark.ui.enabled: "false"}
        """
            .formatted(root));
  }
}
