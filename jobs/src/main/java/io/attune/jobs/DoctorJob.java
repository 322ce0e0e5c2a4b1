package io.attune.jobs;

import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.doctor.Check;
import io.attune.jobs.doctor.Doctor;
import io.attune.jobs.night.SparkSessions;
import io.attune.schemas.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = "Checks in seconds what would otherwise fail in hours.",
    footer = {"", "Ends with exit code 3 if a check failed."})
final class DoctorJob implements Callable<Integer> {
  @Mixin CommonOptions common;

  @Option(names = "--json", description = "One JSON object a line, for machines.")
  boolean json;

  @Override
  public Integer call() {
    List<Check> checks = Doctor.examine(root(), SparkSessions.hadoop(Map.of()), System.getenv());
    Console console = Terminal.console();
    for (Check check : checks) {
      console.line(json ? Json.line(check) : line(check));
      if (!json && check.advice() != null) {
        console.line("               " + check.advice());
      }
    }
    boolean failed = checks.stream().anyMatch(check -> check.status().equals(Check.FAILURE));
    return failed ? 3 : ExitCodes.DONE;
  }

  private String root() {
    boolean isDefault = common.config.equals(Path.of("attune.yaml"));
    if (common.root != null) {
      return common.root;
    }
    return isDefault && !Files.exists(common.config)
        ? null
        : RunConfigs.load(common.config, common.overrides()).root();
  }

  private static String line(Check check) {
    String mark =
        switch (check.status()) {
          case Check.OK -> "✓";
          case Check.WARNING -> "!";
          default -> "✗";
        };
    return String.format(Locale.ROOT, "  %s %-10s  %s", mark, check.name(), check.found());
  }
}
