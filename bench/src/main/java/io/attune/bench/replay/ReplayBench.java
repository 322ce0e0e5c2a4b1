package io.attune.bench.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.Nights;
import io.attune.jobs.night.Nights.Span;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.stage.monitor.Monitor;
import io.attune.pipeline.stage.monitor.MonitorConfig;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.AlertReplay;
import io.attune.schemas.report.NightReport;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells which alerts the past of dated corpora would have raised, day by day. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Replays the surge search of the stage monitor over dated corpora, day by day as if each day"
          + " were a night: none sees a later one. Prints the strongest alerts of each corpus with"
          + " their figures and the headlines that drove them, and writes replay.json and replay.md.",
      "",
      "First it runs the nights that are due (training a model on the labelled corpora of the"
          + " configuration, which takes minutes), and the model in use reads what came in. A root"
          + " whose nights are done is replayed at once, in a minute or so.",
      "",
      "Without FILE the dated corpora of the configuration are replayed; those whose names are equal"
          + " up to the first '.' are one. With FILE these alone: files or folders, of JSON Lines or"
          + " any other form that ingest reads, each a corpus with a text and a day in every record:"
          + " {\"text\": \"Mill burns down\", \"date\": \"2026-01-31\"}"
    })
public final class ReplayBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "Dated corpora of your own.")
  private List<Path> files = List.of();

  @Option(
      names = {"-c", "--config"},
      description = "The task whose model reads (${DEFAULT-VALUE}).")
  private Path config = Path.of("config", "headlines.yaml");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configuration, such as monitor.surges.level=0.001.")
  private List<String> overrides = List.of();

  @Option(names = "--text", description = "Column of the text in FILE (${DEFAULT-VALUE}).")
  private String text = "text";

  @Option(names = "--day", description = "Column of the day in FILE (${DEFAULT-VALUE}).")
  private String day = "date";

  @Option(names = "--source", description = "Column of the source in FILE (none).")
  private String source;

  @Option(
      names = "--entities",
      split = ",",
      description = "Columns in FILE of whom a text is about (none).")
  private List<String> entities = List.of();

  @Option(
      names = "--label-until",
      paramLabel = "DAY",
      description = {
        "For headlines without any labels: those of FILE up to this day are labelled by a list of"
            + " words for violence, disasters and crises, and the model learns from them. The"
            + " configuration needs a head 'sentiment' with the classes negative and neutral."
      })
  private LocalDate labelUntil;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "CORPUS",
      description = "Of the dated corpora, those that are replayed (all).")
  private List<String> only = List.of();

  @Option(
      names = "--strongest",
      description = "Alerts of each corpus that are shown (${DEFAULT-VALUE}).")
  private int strongest = 10;

  @Option(names = "--out", description = "Folder for replay.json and replay.md (${DEFAULT-VALUE}).")
  private Path out = Path.of("build", "bench");

  @Override
  public Integer call() throws IOException {
    if (labelUntil != null) {
      labelFiles();
    }
    RunConfig task = task();
    Map<String, List<String>> corpora = dated(task);
    SparkSession spark = SparkSessions.open("attune bench replay", task.spark());
    try {
      runNights(task);
      write(replayed(task, corpora, spark));
    } finally {
      spark.stop();
    }
    return 0;
  }

  /** Replaces the files by copies with labels, below the root, where they stay. */
  private void labelFiles() throws IOException {
    RunConfig plain = RunConfigs.load(config, overrides);
    Path folder =
        Path.of(
                URI.create(
                    plain.root().startsWith("file:") ? plain.root() : "file:" + plain.root()))
            .resolve("labelled-by-words");
    WordLabels labels = new WordLabels(text, day, labelUntil);
    List<Path> labelled = new ArrayList<>();
    for (Path file : files) {
      labelled.add(labels.copy(file, folder.resolve(DatedFiles.name(file) + ".jsonl")));
    }
    files = labelled;
  }

  /** Returns the task, with a corpus more for each file. */
  private RunConfig task() {
    RunConfig task = RunConfigs.load(config, overrides);
    if (files.isEmpty()) {
      return task;
    }
    ArrayNode corpora =
        new DatedFiles(text, day, source, entities, labelUntil == null ? null : WordLabels.COLUMN)
            .addedTo(RunConfigs.resolved(task), files);
    List<String> all = new ArrayList<>(overrides);
    all.add("corpora=" + corpora);
    return RunConfigs.load(config, all);
  }

  /** Returns the corpora that are replayed, by the name under which they are one. */
  private Map<String, List<String>> dated(RunConfig task) {
    Map<String, List<String>> dated = new LinkedHashMap<>();
    List<String> given = files.stream().map(DatedFiles::name).toList();
    task.corpora().stream()
        .filter(corpus -> corpus.columns().publishedAt() != null)
        .filter(corpus -> given.isEmpty() || given.contains(corpus.name()))
        .filter(corpus -> only.isEmpty() || only.contains(DatedFiles.whole(corpus.name())))
        .forEach(
            corpus ->
                dated
                    .computeIfAbsent(DatedFiles.whole(corpus.name()), name -> new ArrayList<>())
                    .add(corpus.name()));
    if (dated.isEmpty()) {
      throw new Failure.BadUsage(
          "No corpus of '%s' names a column of dates (columns.published-at); name a dated file",
          config);
    }
    return dated;
  }

  private static void runNights(RunConfig task) {
    Console console =
        new Console(
            new PrintStream(System.err, true, StandardCharsets.UTF_8), false, Clock.systemUTC());
    try (Nights nights =
        new Nights(task, SparkSessions.hadoop(task.spark()), console, Clock.systemUTC())) {
      nights.runDue(LocalDate.now(ZoneOffset.UTC), Span.ALL);
    }
  }

  private ReplayReport replayed(
      RunConfig task, Map<String, List<String>> corpora, SparkSession spark) {
    Storage storage = Storage.at(task.root(), SparkSessions.hadoop(task.spark()));
    Run run =
        CurrentModel.of(storage, task.task())
            .version()
            .map(version -> Run.ofVersion(task.task(), version))
            .orElseThrow(
                () ->
                    new Failure.BadInput(
                        "Task '%s' has no model in use below '%s'; see the report of its night",
                        task.task(), task.root()));
    StageContext context =
        new StageContext(
            spark,
            storage,
            Tables.of(spark, storage, task.task()),
            run,
            new Recorder(task.task(), run.id(), RunConfigs.hash(task), Clock.systemUTC()),
            Progress.SILENT);
    MonitorConfig monitor = task.monitorConfig();
    Map<String, AlertReplay> replays = new LinkedHashMap<>();
    corpora.forEach(
        (name, parts) -> replays.put(name, Monitor.replay(context, monitor, parts, strongest)));
    NightReport report =
        Artefacts.of(storage).open(run.report()).json(NightReport.FILE_NAME, NightReport.class);
    return ReplayReport.of(report, replays);
  }

  private void write(ReplayReport report) throws IOException {
    List<String> lines = report.lines();
    Files.createDirectories(out);
    Files.write(out.resolve("replay.json"), Json.pretty(report));
    Files.write(out.resolve("replay.md"), lines, StandardCharsets.UTF_8);
    PrintWriter console = spec.commandLine().getOut();
    lines.forEach(console::println);
    console.flush();
  }
}
