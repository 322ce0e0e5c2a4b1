package io.attune.bench;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.Nights;
import io.attune.jobs.night.Nights.Span;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.Stage;
import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.NightReport;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs whole nights on real labelled corpora: compares attention with the linear baseline of the
 * same night on the test split, and measures the duration of the night.
 */
@Command(
    name = "sets",
    mixinStandardHelpOptions = true,
    description = {
      "Runs whole nights on real labelled corpora, with the configurations of config/, and prints"
          + " accuracy and macro-F1 of the test split compared with the linear baseline of the same"
          + " night; 10 minutes.",
      "",
      "--set model.backend=nd4j trains on plain ND4J operations instead of the CPU backend."
    })
final class RealSets implements Callable<Integer> {
  /** Lists files of {@code config/}, without their extension. */
  private static final List<String> TASKS =
      List.of("financial_phrasebank", "cn_fin_news", "ag_news", "imdb");

  /**
   * Holds accuracy and macro-F1 of scikit-learn's TfidfVectorizer (1-2 grams) and
   * LogisticRegression (C = 10) on the same splits, in percent: measured once, elsewhere.
   */
  private static final Map<String, String> SCIKIT =
      Map.of(
          "ag_news", "90.67 / 90.64",
          "financial_phrasebank", "76.99 / 70.99",
          "cn_fin_news", "92.21 / 92.18",
          "imdb", "90.65 / 90.65");

  private static final Map<String, String> NAMES =
      Map.of(
          Evaluation.CANDIDATE, "model",
          Evaluation.CANDIDATE_NETWORK, "network alone",
          Evaluation.CANDIDATE_LINEAR, "linear part alone",
          Evaluation.BASELINE, "baseline");

  @Parameters(
      index = "0",
      paramLabel = "NEW_ROOT",
      description = "A new folder; each night has its own root below it.")
  private Path root;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "TASK",
      description = "Files of config/, without their ending (all four).")
  private List<String> tasks = TASKS;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configurations, such as model.backend=nd4j.")
  private List<String> overrides = List.of();

  @Override
  public Integer call() {
    List<String> rows = new ArrayList<>();
    rows.add(
        "| corpus | model | rows | accuracy | macro-F1 | scikit-learn's baseline | night | train"
            + " |");
    rows.add("|---|---|---|---|---|---|---|---|");
    for (String task : tasks) {
      rows.addAll(night(task, root.resolve(task).toString()));
    }
    rows.forEach(System.out::println);
    return 0;
  }

  private List<String> night(String task, String root) {
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
      NightReport report =
          Artefacts.of(nights.storage())
              .open(runs.get(0).report())
              .json(NightReport.FILE_NAME, NightReport.class);
      return report.evaluation().stream()
          .filter(result -> result.split().equals("test"))
          .filter(result -> !result.model().equals(Evaluation.MAJORITY))
          .map(result -> row(task, result, took, trainingTime(report)))
          .toList();
    }
  }

  private static Duration trainingTime(NightReport report) {
    return report.stages().stream()
        .filter(stage -> stage.stage().equals(Stage.TRAIN.word()))
        .map(stage -> Duration.ofMillis(Math.round(1000 * stage.seconds())))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static String row(String task, HeadResult result, Duration night, Duration training) {
    boolean baseline = result.model().equals(Evaluation.BASELINE);
    boolean candidate = result.model().equals(Evaluation.CANDIDATE);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %,d | %.2f | %.2f | %s | %s | %s |",
        task,
        NAMES.getOrDefault(result.model(), result.model()),
        result.rows(),
        100 * result.accuracy(),
        100 * result.macroF1(),
        baseline ? SCIKIT.get(task) : "",
        candidate ? Figures.minutes(night.toSeconds()) : "",
        candidate ? Figures.minutes(training.toSeconds()) : "");
  }
}
