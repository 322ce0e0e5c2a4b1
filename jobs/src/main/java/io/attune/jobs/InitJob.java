package io.attune.jobs;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.init.FirstConfig;
import io.attune.jobs.spark.SparkSessions;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "init",
    description = {
      "Writes a commented configuration from a sample of your own files.",
      "",
      "It reads a sample of each whole file, tells format, delimiter, header and encoding, takes"
          + " columns for what their names and values say (id, title, text, date, source, language,"
          + " split, labels), and says why, what it left out, and what you should check. Three"
          + " documents are shown as they would be read. Nothing but the configuration is written.",
    },
    footer = {
      "",
      "Examples:",
      "  attune init data/reviews.csv             writes reviews.yaml",
      "  attune init data/train.csv data/test.csv two corpora; the second tests (split: test)",
      "  attune init data/aclImdb                 a folder with one text per file",
      "  attune init --json data/news.jsonl.gz    the same findings for a program",
      "  attune nightly -c reviews.yaml",
      "",
      "Questions stand under 'Please check', and in the file beside the key that they are about.",
    })
final class InitJob implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = {
        "Files or folders: CSV, TSV, JSON, Parquet, ORC, Avro or XML, or one text per file.",
        "Names such as train, dev and test say which split a file is.",
      })
  List<String> files = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write (default: the task's name with .yaml).")
  Path output;

  @Option(names = "--task", description = "The task's name (default: from the files' names).")
  String task;

  @Option(names = "--json", description = "Print what was found as one JSON object.")
  boolean json;

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
    if (files.isEmpty()) {
      throw new Failure.BadUsage("init needs a file: attune init data/reviews.csv");
    }
    if (task != null && !RunConfig.isTask(task)) {
      throw new Failure.BadUsage(
          "--task names folders and tables: lower-case letters, digits, '_' and '-', got '%s'",
          task);
    }
    if (output != null) {
      requireFree(output);
    }
    requireFolder(output == null ? Path.of("") : output.toAbsolutePath().getParent());
    Configuration hadoop = SparkSessions.hadoop(Map.of());
    hadoop.setBoolean(SparkSessions.WAIT_FOR_NAME_NODE, false);
    FirstConfig config = FirstConfig.of(files, task, hadoop);
    Path target = output == null ? Path.of(config.task() + ".yaml") : output;
    requireFree(target);
    Files.writeString(
        target, config.yaml(target.toAbsolutePath().getParent()), StandardOpenOption.CREATE_NEW);
    if (json) {
      Terminal.console().line(config.json(target));
    } else {
      config.lines().forEach(Terminal.console()::line);
      Terminal.console().line("Wrote " + target + "; read it, then: attune nightly -c " + target);
    }
    return ExitCodes.DONE;
  }

  private static void requireFolder(Path folder) {
    if (!Files.isWritable(folder)) {
      throw new Failure.BadInput(
          "There is no folder '%s' in which this user may write; create it, or name another file with"
              + " --output",
          folder.toAbsolutePath());
    }
  }

  private static void requireFree(Path target) {
    if (Files.exists(target)) {
      throw new Failure.AlreadyPublished(
          "'%s' exists already and was not overwritten; name another with --output", target);
    }
  }
}
