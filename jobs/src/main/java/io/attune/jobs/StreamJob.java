package io.attune.jobs;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.stream.ScoreStream;
import io.attune.jobs.stream.StreamRequest;
import io.attune.pipeline.stage.ingest.Corpus;
import io.attune.schemas.failure.Failure;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "stream",
    description = {
      "Lets the current model read files as they arrive in a folder, and keeps its answers in the"
          + " table of scores.",
      "",
      "Files are read and cleaned as a night reads those of the corpus; a night that ingests them"
          + " later does not score them again. Where the stream ended is kept below the root, so"
          + " that the next one goes on from there. A batch that was interrupted is read again and"
          + " replaces what it wrote. A batch waits while a night works on the task.",
    },
    footer = {
      "",
      "Examples:",
      "  attune stream -c news.yaml --from hdfs://namenode/incoming               what is there",
      "  attune stream -c news.yaml --from hdfs://namenode/incoming --every 60    from now on",
    })
final class StreamJob implements Callable<Integer> {
  @Mixin CommonOptions common;

  @Option(
      names = "--from",
      paramLabel = "FOLDER",
      required = true,
      description = "The folder in which files arrive, complete: a path or a URI.")
  String from;

  @Option(
      names = "--corpus",
      paramLabel = "NAME",
      description =
          "The corpus of the configuration that says how the files are to be read (default: the"
              + " only one).")
  String corpus;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      description =
          "Look for new files at this interval until a signal ends the command (default: read what"
              + " is there, and end).")
  Integer every;

  @Option(
      names = "--max-files",
      paramLabel = "NUMBER",
      defaultValue = "100",
      description = "Files of a batch, at most (default: ${DEFAULT-VALUE}).")
  int maxFiles;

  @Override
  public Integer call() throws Exception {
    RunConfig config = common.load();
    ScoreStream.run(config, request(config), Terminal.console(), Clock.systemUTC());
    return ExitCodes.DONE;
  }

  private StreamRequest request(RunConfig config) {
    return new StreamRequest(
        folder(from),
        corpus == null ? onlyCorpus(config) : corpus,
        maxFiles,
        Optional.ofNullable(every).map(Duration::ofSeconds));
  }

  /** Returns the folder as Hadoop reads it, which decodes nothing; a path is of this machine. */
  static String folder(String from) {
    return from.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*")
        ? from
        : "file://" + Path.of(from).toAbsolutePath().normalize();
  }

  private static String onlyCorpus(RunConfig config) {
    List<String> names = config.corpora().stream().map(Corpus::name).toList();
    if (names.size() != 1) {
      throw new Failure.BadUsage("Name one of the corpora %s with --corpus", names);
    }
    return names.get(0);
  }
}
