package io.attune.jobs;

import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.init.ConfigTemplate;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.input.Sample;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "init",
    description = "Writes a commented configuration from a sample of your own file.",
    footer = {
      "",
      "Example:",
      "  attune init data/reviews.csv        writes reviews.yaml",
      "  attune nightly -c reviews.yaml",
    })
final class InitJob implements Callable<Integer> {
  private static final int SAMPLE = 2000;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "CSV, TSV or JSON Lines, optionally gzipped.")
  String file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write (default: the sample's name with .yaml).")
  Path output;

  @Option(names = "--task", description = "The task's name (default: from the file's name).")
  String task;

  @Option(names = "--defaults", description = "Print every key with its default and exit.")
  boolean defaults;

  @Override
  public Integer call() throws IOException {
    if (defaults) {
      Terminal.out().print(RunConfigs.defaults());
      for (String more : List.of(RunConfigs.encoderDefaults(), RunConfigs.ngramDefaults())) {
        Terminal.out().println();
        more.lines().map(line -> "# " + line).forEach(Terminal.out()::println);
      }
      return ExitCodes.DONE;
    }
    if (file == null) {
      throw new Failure.BadUsage("init needs a file: attune init data/reviews.csv");
    }
    String name = task == null ? taskName(file) : task;
    Path target = output == null ? Path.of(name + ".yaml") : output;
    if (Files.exists(target)) {
      throw new Failure.AlreadyPublished(
          "'%s' exists already and was not overwritten; name another with --output", target);
    }
    String path = file.contains(":") ? file : Path.of(file).toAbsolutePath().toString();
    Configuration hadoop = SparkSessions.hadoop(Map.of());
    hadoop.setBoolean(SparkSessions.WAIT_FOR_NAME_NODE, false);
    Sample sample = Sample.of(path, hadoop, SAMPLE);
    Files.writeString(target, ConfigTemplate.of(name, path, sample), StandardOpenOption.CREATE_NEW);
    Terminal.console().line("Wrote " + target + "; read it, then: attune nightly -c " + target);
    return ExitCodes.DONE;
  }

  private static String taskName(String file) {
    String name = Path.of(file).getFileName().toString().replaceFirst("\\..*$", "");
    String task = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]+", "-");
    return task.replaceAll("^[-_]+", "").isEmpty() ? "texts" : task.replaceAll("^[-_]+", "");
  }
}
