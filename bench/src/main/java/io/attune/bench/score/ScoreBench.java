package io.attune.bench.score;

import io.attune.bench.process.MeasuredProcess;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the work of the stage score. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the work of the stage score with a published model on the documents of a root, from"
          + " the table of clean documents to rows of scores, which are not written: shuffle,"
          + " tokenizer, network and linear part included.",
      "",
      "Each number of --documents is measured in a JVM of its own; the documents are repeated until"
          + " there are so many. Seconds are those of the Spark job, and begin after the first"
          + " documents were answered once. Peak memory is the resident memory of the whole"
          + " process. Each text counts as its tokens, as far as the model reads them; padding does"
          + " not count.",
      "",
      "The network beside PyTorch: bench layers and bench encoders."
    })
public final class ScoreBench implements Callable<Integer> {
  private static final String HEADER =
      """
      | documents | tokens | seconds | documents/s per core | tokens/s per core | peak memory, MiB |
      |---|---|---|---|---|---|\
      """;

  @Option(names = "--root", required = true, description = "The root with documents and model.")
  private String root;

  @Option(names = "--task", required = true, description = "Their task.")
  private String task;

  @Option(
      names = "--model",
      paramLabel = "VERSION",
      description = "The model (default: the current one).")
  private String model = "";

  @Option(
      names = "--documents",
      split = ",",
      description = "Numbers of documents (${DEFAULT-VALUE}).")
  private List<Long> documents = List.of(100_000L, 1_000_000L);

  @Option(names = "--cores", description = "Tasks at a time (default: all cores).")
  private int cores = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--batch",
      description = "Documents that are answered at once (${DEFAULT-VALUE}).")
  private int batch = 256;

  @Option(names = "--heap", description = "Heap of each JVM (${DEFAULT-VALUE}).")
  private String heap = "4g";

  @Option(names = "--out", description = "Folder for score.json and score.md (${DEFAULT-VALUE}).")
  private Path out = Path.of("build", "bench");

  /** Holds one number of documents and what it took. */
  record Line(ScoreWork.Done done, int cores, double peakMebibytes) {

    double perCore(long of) {
      return of / done.seconds() / cores;
    }

    String row() {
      return String.format(
          Locale.ROOT,
          "| %,d | %,d | %,.1f | %,.0f | %,.0f | %,.0f |",
          done.documents(),
          done.tokens(),
          done.seconds(),
          perCore(done.documents()),
          perCore(done.tokens()),
          peakMebibytes);
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(out);
    List<Line> lines = new ArrayList<>();
    System.out.println(HEADER);
    for (long number : documents) {
      lines.add(measure(number));
      System.out.println(lines.get(lines.size() - 1).row());
    }
    Files.write(out.resolve("score.json"), Json.pretty(lines));
    List<String> table = new ArrayList<>(HEADER.lines().toList());
    lines.forEach(line -> table.add(line.row()));
    Files.write(out.resolve("score.md"), table, StandardCharsets.UTF_8);
    return 0;
  }

  private Line measure(long number) throws IOException, InterruptedException {
    Path result = Files.createTempFile("attune-score", ".json");
    Path log = Files.createTempFile("attune-score", ".log");
    try {
      MeasuredProcess process =
          MeasuredProcess.run(
              heap,
              log,
              ScoreWork.class.getName(),
              root,
              task,
              model,
              Long.toString(number),
              Integer.toString(cores),
              Integer.toString(batch),
              result.toString());
      return new Line(
          Json.read(Files.readAllBytes(result), ScoreWork.Done.class),
          cores,
          process.peakMebibytes());
    } finally {
      Files.delete(result);
      Files.delete(log);
    }
  }
}
