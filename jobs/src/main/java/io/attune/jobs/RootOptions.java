package io.attune.jobs;

import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.root.RootVersion;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.storage.RootProbe;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** Holds the options of commands that need only the root of a task. */
final class RootOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "attune.yaml",
      description = "A task's configuration, for its root (default: ${DEFAULT-VALUE}).")
  Path config;

  @Option(
      names = "--root",
      paramLabel = "URI",
      description = "The root itself (default: the configuration's, else build/demo).")
  String root;

  /**
   * Opens the root, after it has answered.
   *
   * @throws Failure.BadInput if it does not answer within seconds
   */
  Storage open() {
    Configuration hadoop = SparkSessions.hadoop(Map.of());
    Storage storage = Storage.at(root(), hadoop);
    RootProbe.of(storage, hadoop).requireReachable();
    return storage;
  }

  /**
   * Opens the root for a command that publishes there, and creates it if it does not exist.
   *
   * @throws Failure.BadInput if this user cannot write there
   */
  Storage openToWrite() {
    Storage storage = Storage.at(root(), SparkSessions.hadoop(Map.of()));
    storage.requireWritable();
    RootVersion.record(storage, Clock.systemUTC());
    return storage;
  }

  /**
   * Returns the task that a command is about.
   *
   * @param given by the user; null for that of the configuration, or the only one with models
   * @throws Failure.BadUsage if it does not follow
   */
  String task(String given, Storage storage) {
    if (given != null) {
      return given;
    }
    if (root == null && Files.exists(config)) {
      return RunConfigs.load(config, List.of()).task();
    }
    List<String> tasks = storage.list("models");
    if (tasks.size() != 1) {
      throw new Failure.BadUsage(
          "'%s' has models of %s; name the task with --task, or its configuration with -c",
          storage.root(), tasks.isEmpty() ? "no task" : "the tasks " + tasks);
    }
    return tasks.get(0);
  }

  String root() {
    if (root != null) {
      return root;
    }
    boolean isDefault = config.equals(Path.of("attune.yaml"));
    return isDefault && !Files.exists(config)
        ? Path.of(DemoJob.DEFAULT_ROOT).toAbsolutePath().toString()
        : RunConfigs.load(config, List.of()).root();
  }
}
