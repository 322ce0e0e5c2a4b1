package io.attune.jobs;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.console.Console;
import io.attune.jobs.doctor.Check;
import io.attune.jobs.doctor.Doctor;
import io.attune.jobs.doctor.Target;
import io.attune.jobs.spark.SparkSessions;
import io.attune.schemas.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = {
      "Checks in seconds what would otherwise fail in hours.",
      "",
      "Examines this machine; with a configuration also the task's model, hooks and root; with"
          + " --root a root alone. A failed check says what it prevents and how to fix it.",
    },
    footer = {"", "Ends with exit code 3 if a check failed; a warning is not a failure."})
final class DoctorJob implements Callable<Integer> {
  static final int FAILED = 3;

  @Mixin CommonOptions common;

  @Option(names = "--json", description = "Print one JSON object per line.")
  boolean json;

  @Override
  public Integer call() {
    List<Check> checks = Doctor.examine(target(), Clock.systemUTC());
    Console console = Terminal.console();
    checks.forEach(check -> show(check, console));
    return checks.stream().anyMatch(Check::failed) ? FAILED : ExitCodes.DONE;
  }

  private Target target() {
    boolean isDefault = common.config.equals(Path.of("attune.yaml"));
    Optional<RunConfig> task =
        isDefault && !Files.exists(common.config) ? Optional.empty() : Optional.of(common.load());
    Map<String, String> settings = task.map(RunConfig::spark).orElse(Map.of());
    return new Target(
        task.map(RunConfig::root).or(() -> Optional.ofNullable(common.root)),
        task,
        SparkSessions.settings(settings),
        SparkSessions.hadoop(settings),
        System.getenv());
  }

  private void show(Check check, Console console) {
    if (json) {
      console.line(Json.line(check));
      return;
    }
    String mark =
        switch (check.status()) {
          case Check.OK -> "✓";
          case Check.WARNING -> "!";
          default -> "✗";
        };
    console.line(String.format(Locale.ROOT, "  %s %-10s  %s", mark, check.name(), check.found()));
    if (!check.isOk()) {
      console.line("               prevents: " + check.prevents());
      console.line("               fix:      " + check.fix());
    }
  }
}
