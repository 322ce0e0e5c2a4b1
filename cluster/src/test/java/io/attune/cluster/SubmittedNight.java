package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Submits a small night, with its corpus on a cluster's HDFS, like an operator on an edge node.
 *
 * @param home the distribution
 * @param config the configuration of the night
 */
record SubmittedNight(DevelopmentCluster cluster, Path home, Path config) {
  static final Run RUN = new Run("reviews", LocalDate.of(2026, 2, 1), 1);

  /** Unpacks the distribution and writes the corpus. */
  static SubmittedNight on(DevelopmentCluster cluster, Path folder)
      throws IOException, InterruptedException {
    Path home = Distribution.unpack(folder);
    Reviews.write(folder, "data/2026-02-01/reviews.jsonl", 600, 1);
    cluster.dev("fs", "-mkdir", "-p", "/corpora");
    cluster.dev("fs", "-put", "-f", folder.resolve("data").toString(), "/corpora/");
    Path config = Reviews.config(folder, "/attune");
    String corpora = "path: " + cluster.files() + "/corpora/data/";
    Files.writeString(config, Files.readString(config).replace("path: data/", corpora));
    return new SubmittedNight(cluster, home, config);
  }

  /** Returns the arguments that an operator gives to {@code attune}. */
  String[] words(String engine, String root, String... more) {
    String[] nightly = {
      "nightly",
      "--cluster",
      engine,
      "-c",
      config.toString(),
      "--root",
      root,
      "--date",
      RUN.date().toString()
    };
    return Stream.concat(Stream.of(nightly), Stream.of(more)).toArray(String[]::new);
  }

  /** Runs the night to its end, which must be a success. */
  Storage run(String engine, String root) throws IOException, InterruptedException {
    return run(Map.of(), words(engine, root), root);
  }

  /** Runs the night with additional environment variables. */
  Storage run(Map<String, String> environment, String[] words, String root)
      throws IOException, InterruptedException {
    Commands.Outcome outcome = cluster.attune(home, environment, words);
    assertThat(outcome.code()).as(outcome.said()).isZero();
    return Storage.at(root, new Configuration());
  }
}
