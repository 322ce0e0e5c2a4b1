package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A development cluster of the tests' own, beside one that a developer may have up. */
final class DevelopmentCluster implements AutoCloseable {
  static final String FILES = "hdfs://localhost:27200";

  private static final Pattern EXPORT = Pattern.compile("export (\\w+)='?([^'\\n]*)'?");
  private static final Map<String, String> PLACE =
      Map.of(
          "ATTUNE_DEV_HOME",
          Path.of("target", "dev-cluster").toAbsolutePath().toString(),
          "ATTUNE_DEV_PORT",
          "27200");

  /** What its clients must have in their environment. */
  private final Map<String, String> environment = new HashMap<>();

  private DevelopmentCluster() {}

  static DevelopmentCluster up() throws IOException, InterruptedException {
    DevelopmentCluster cluster = new DevelopmentCluster();
    cluster.dev("up");
    Matcher export = EXPORT.matcher(cluster.dev("env"));
    while (export.find()) {
      cluster.environment.put(export.group(1), export.group(2));
    }
    return cluster;
  }

  /** Runs one command of the cluster's, which must succeed. */
  String dev(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("./dev"));
    command.addAll(List.of(words));
    Commands.Outcome outcome = Commands.run(PLACE, Path.of("").toAbsolutePath(), command);
    assertThat(outcome.code()).as(outcome.said()).isZero();
    return outcome.said();
  }

  /** Runs a launcher as an operator of this cluster would. */
  Commands.Outcome attune(Path home, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("attune").toString()));
    command.addAll(List.of(words));
    Map<String, String> all = new HashMap<>(environment);
    all.put("ATTUNE_LOG", home.resolve("attune.log").toString());
    return Commands.run(all, home, command);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    dev("down", "--wipe");
  }
}
