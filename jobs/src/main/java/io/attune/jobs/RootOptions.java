package io.attune.jobs;

import io.attune.jobs.config.RunConfigs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where to look, for commands that need no more of a task's configuration. */
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
