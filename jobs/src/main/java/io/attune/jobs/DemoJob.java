package io.attune.jobs;

import io.attune.jobs.config.Deployment;
import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.demo.DemoCorpus;
import io.attune.jobs.night.Nights;
import io.attune.jobs.night.Nights.Span;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.alert.AlertLine;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.NightReport;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Runs two nights on a corpus that it writes itself, and ends with the alert on the surge of bad"
          + " news in the second, the mood and the report.",
      "",
      "Financial news and product reviews, English and Chinese, with topic and sentiment. Run again"
          + " on the same root, it finds nothing new and changes nothing.",
    })
final class DemoJob implements Callable<Integer> {
  static final String DEFAULT_ROOT = "build/demo";
  private static final String CONFIG = "demo.yaml";
  private static final String COMPLETE = "COMPLETE";
  private static final long SEED = 20260105;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description =
          "The root, a folder or a URI (default: "
              + DEFAULT_ROOT
              + "; on a cluster, attune-demo in your home folder on its file system).")
  String root;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one key, such as --set train.stopping.epochs=2 for a quick test.")
  List<String> set = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Console console = Terminal.console();
    Configuration hadoop = SparkSessions.hadoop(Map.of());
    URI home = home(hadoop);
    writeCorpus(console, home, hadoop);
    RunConfig config = config(home);
    try (Nights nights =
        new Nights(config, SparkSessions.hadoop(config.spark()), console, Clock.systemUTC())) {
      List<Run> runs = nights.runDue(DemoCorpus.SECOND_NIGHT, Span.ALL);
      if (runs.isEmpty()) {
        console.line("Nothing new, nothing done.");
      }
      print(console, nights.storage(), config.task());
    }
    return ExitCodes.DONE;
  }

  private URI home(Configuration hadoop) throws IOException {
    if (root == null && Deployment.isDistributed()) {
      org.apache.hadoop.fs.Path user = FileSystem.get(hadoop).getHomeDirectory();
      return new org.apache.hadoop.fs.Path(user, "attune-demo").toUri();
    }
    String folder = root == null ? DEFAULT_ROOT : root;
    return folder.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*")
        ? URI.create(folder)
        : Path.of(folder).toAbsolutePath().normalize().toUri();
  }

  private static void writeCorpus(Console console, URI home, Configuration hadoop)
      throws IOException {
    if (home.getScheme().equals("file")) {
      Path raw = Path.of(home).resolve("raw");
      if (!Files.exists(raw.resolve(COMPLETE))) {
        console.line("Writing the demo corpus to " + raw);
        DemoCorpus.write(raw, SEED);
        Files.createFile(raw.resolve(COMPLETE));
      }
      return;
    }
    Storage storage = Storage.at(new org.apache.hadoop.fs.Path(home).toString(), hadoop);
    storage.requireWritable();
    org.apache.hadoop.fs.Path raw = storage.resolve("raw");
    FileSystem files = raw.getFileSystem(hadoop);
    if (!files.exists(new org.apache.hadoop.fs.Path(raw, COMPLETE))) {
      console.line("Writing the demo corpus to " + raw);
      DemoCorpus.write(files, raw, SEED);
      files.create(new org.apache.hadoop.fs.Path(raw, COMPLETE), true).close();
    }
  }

  /** Writes the demo's configuration, next to its corpus if that is on this machine. */
  private RunConfig config(URI home) throws IOException {
    boolean local = home.getScheme().equals("file");
    Path file = local ? Path.of(home).resolve(CONFIG) : Files.createTempFile("demo", ".yaml");
    try (InputStream in = DemoJob.class.getResourceAsStream(CONFIG)) {
      Files.write(file, in.readAllBytes());
    }
    String folder = local ? "file://" + home.getPath() : home.toString();
    try {
      return RunConfigs.load(file, folder, set);
    } finally {
      if (!local) {
        Files.delete(file);
      }
    }
  }

  private static void print(Console console, Storage storage, String task) {
    List<String> reports = storage.list("reports/" + task);
    String last = "reports/" + task + "/" + reports.get(reports.size() - 1);
    NightReport report =
        Artefacts.of(storage).open(last).json(NightReport.FILE_NAME, NightReport.class);
    console.line("");
    console.line("Results on test documents that no model has seen:");
    for (HeadResult result : report.evaluation()) {
      boolean shown =
          result.model().equals(Evaluation.CANDIDATE) || result.model().equals(Evaluation.BASELINE);
      if (result.split().equals("test") && shown) {
        console.line(
            String.format(
                Locale.ROOT,
                "  %-10s %-10s accuracy %.3f  macro-F1 %.3f",
                result.head(),
                result.model().equals(Evaluation.CANDIDATE) ? "attention" : "linear",
                result.accuracy(),
                result.macroF1()));
      }
    }
    if (report.verdict().headline() != null) {
      console.line("  " + report.verdict().headline());
    }
    report.verdict().reasons().forEach(reason -> console.line("  " + reason));
    console.line("");
    printMood(console, storage, last);
    URI page = storage.resolve("reports/index.html").toUri();
    console.line("Report: " + ("file".equals(page.getScheme()) ? page.getPath() : page));
  }

  /** Prints the alerts of the night, and where the page of the mood is. */
  private static void printMood(Console console, Storage storage, String report) {
    Optional<AlertFile> alerts =
        Artefacts.of(storage).open(report).find(AlertFile.FILE_NAME, AlertFile.class);
    if (alerts.isEmpty()) {
      return;
    }
    List<String> lines = alerts.get().news().stream().map(AlertLine::of).toList();
    console.line(lines.isEmpty() ? "No surge of negative news." : "Alerts of the last night:");
    lines.forEach(line -> console.line("  " + line));
    URI page = storage.resolve(report + "/" + Mood.PAGE).toUri();
    console.line("Mood: " + ("file".equals(page.getScheme()) ? page.getPath() : page));
  }
}
