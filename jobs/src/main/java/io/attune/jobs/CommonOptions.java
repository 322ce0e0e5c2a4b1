package io.attune.jobs;

import io.attune.jobs.config.NightConfig;
import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Holds the options that name a task's configuration, its root and overrides. */
final class CommonOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "attune.yaml",
      description = "The task's configuration (default: ${DEFAULT-VALUE}).")
  Path config;

  @Option(
      names = "--root",
      paramLabel = "URI",
      description =
          "The folder to read from and publish to, such as hdfs://namenode/attune; overrides the"
              + " configuration's root.")
  String root;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one key, such as --set train.stopping.epochs=4; may be repeated.")
  List<String> set = new ArrayList<>();

  RunConfig load() {
    return RunConfigs.load(config, overrides());
  }

  NightConfig loadNight() {
    return NightConfig.load(config, overrides());
  }

  List<String> overrides() {
    List<String> all = new ArrayList<>(set);
    if (root != null) {
      all.add("root='" + root.replace("'", "''") + "'"); // as it is, not as YAML reads it
    }
    return all;
  }
}
