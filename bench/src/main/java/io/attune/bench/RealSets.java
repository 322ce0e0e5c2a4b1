package io.attune.bench;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.Nights;
import io.attune.jobs.night.Nights.Span;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.report.NightReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs whole nights on real labelled corpora: compares the model and its parts with the linear
 * baseline of the same night on the test split, and measures the duration of the night.
 */
@Command(
    name = "sets",
    mixinStandardHelpOptions = true,
    description = {
      "Runs whole nights on real labelled corpora, with the configurations of config/, and prints"
          + " accuracy and macro-F1 of the test split for the model, each of its parts and the"
          + " linear baseline of the same night; two hours for all ten.",
      "",
      "p: whether model and baseline are equally often right on the same rows (McNemar's test,"
          + " mid-p), by itself and with Holm's correction over the corpora of this run.",
      "",
      "--set model.backend=nd4j trains on plain ND4J operations instead of the CPU backend."
    })
final class RealSets implements Callable<Integer> {
  /** Lists files of {@code config/}, without their extension. */
  private static final List<String> TASKS =
      List.of(
          "financial_phrasebank",
          "cn_fin_news",
          "chnsenticorp_hotel",
          "ag_news",
          "imdb",
          "bbc_news",
          "reuters21578",
          "20newsgroups",
          "online_shopping_10_cats",
          "thucnews_titles");

  @Parameters(
      index = "0",
      paramLabel = "NEW_ROOT",
      description = "A new folder; each night has its own root below it.")
  private Path root;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "TASK",
      description = "Files of config/, without their ending (all ten).")
  private List<String> tasks = TASKS;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configurations, such as model.backend=nd4j.")
  private List<String> overrides = List.of();

  @Option(
      names = "--out",
      description = "Folder for sets.json and sets.md (${DEFAULT-VALUE}).",
      defaultValue = "build/bench")
  private Path out;

  @Override
  public Integer call() throws IOException {
    List<SetResult> results = new ArrayList<>();
    for (String task : tasks) {
      results.addAll(night(task, root.resolve(task).toString()));
      write(results); // after each night: the next may take half an hour
    }
    SetResult.table(results).forEach(System.out::println);
    return 0;
  }

  private void write(List<SetResult> results) throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("sets.json"), SetResult.json(results));
    Files.write(out.resolve("sets.md"), SetResult.table(results));
  }

  private List<SetResult> night(String task, String root) {
    List<String> settings = new ArrayList<>(overrides);
    settings.add("root=" + root);
    RunConfig config = RunConfigs.load(Path.of("config", task + ".yaml"), settings);
    Console console =
        new Console(
            new PrintStream(System.err, true, StandardCharsets.UTF_8), false, Clock.systemUTC());
    Instant started = Instant.now();
    try (Nights nights =
        new Nights(config, SparkSessions.hadoop(config.spark()), console, Clock.systemUTC())) {
      List<Run> runs = nights.runDue(LocalDate.now(ZoneOffset.UTC), Span.ALL);
      if (runs.isEmpty()) {
        throw new IllegalStateException("'%s' is not new: no night was run".formatted(root));
      }
      Duration took = Duration.between(started, Instant.now());
      Run run = runs.get(0);
      Artefacts artefacts = Artefacts.of(nights.storage());
      NightReport report =
          artefacts.open(run.report()).json(NightReport.FILE_NAME, NightReport.class);
      SparkSession spark = SparkSessions.open("attune bench sets", config.spark());
      List<SetResult> results =
          SetResult.of(task, report, took, artefacts.open(run.evaluation()), spark);
      results.forEach(result -> System.err.println("bench sets: " + result.line()));
      return results;
    } catch (RuntimeException e) {
      throw new IllegalStateException("The night of '%s' failed".formatted(task), e);
    }
  }

  /** Returns how a duration is written in the table. */
  static String minutes(double seconds) {
    return Figures.minutes(Math.round(seconds));
  }
}
