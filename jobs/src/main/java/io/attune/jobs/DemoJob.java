package io.attune.jobs;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.demo.DemoCorpus;
import io.attune.jobs.night.Nights;
import io.attune.jobs.night.Nights.Span;
import io.attune.jobs.night.SparkSessions;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.NightReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Runs two nights on a corpus that it writes itself, and ends with the report.",
      "",
      "Financial news and product reviews, English and Chinese, with topic and sentiment. Run again"
          + " on the same root, it finds nothing new and changes nothing.",
    })
final class DemoJob implements Callable<Integer> {
  static final String DEFAULT_ROOT = "build/demo";
  private static final String CONFIG = "demo.yaml";
  private static final long SEED = 20260105;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = DEFAULT_ROOT,
      description = "Where (default: ${DEFAULT-VALUE}).")
  String root;

  @Override
  public Integer call() throws IOException {
    Console console = Terminal.console();
    Path home = Path.of(root).toAbsolutePath().normalize();
    Path raw = home.resolve("raw");
    if (!Files.exists(raw.resolve("COMPLETE"))) {
      console.line("Writing the demo corpus to " + raw);
      DemoCorpus.write(raw, SEED);
      Files.createFile(raw.resolve("COMPLETE"));
    }
    Path file = home.resolve(CONFIG);
    try (InputStream in = DemoJob.class.getResourceAsStream(CONFIG)) {
      Files.write(file, in.readAllBytes());
    }
    RunConfig config = RunConfigs.load(file, List.of());
    try (Nights nights =
        new Nights(config, SparkSessions.hadoop(config.spark()), console, Clock.systemUTC())) {
      List<Run> runs = nights.runDue(DemoCorpus.SECOND_NIGHT, Span.ALL, false);
      if (runs.isEmpty()) {
        console.line("Nothing new, nothing done.");
      }
      tell(console, nights.storage(), config.task());
    }
    return ExitCodes.DONE;
  }

  private static void tell(Console console, Storage storage, String task) {
    List<String> reports = storage.list("reports/" + task);
    String last = "reports/" + task + "/" + reports.get(reports.size() - 1);
    NightReport report = storage.readJson(last + "/" + NightReport.FILE_NAME, NightReport.class);
    console.line("");
    console.line("What was learnt, on test documents that no model had seen:");
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
    report.verdict().reasons().forEach(reason -> console.line("  " + reason));
    console.line("");
    console.line("Report: " + storage.resolve("reports/index.html").toUri().getPath());
  }
}
