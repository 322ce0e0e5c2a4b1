package io.attune.bench.ingest;

import io.attune.bench.process.MeasuredProcess;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures ingest and clean beside a plain Spark job. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the stages ingest and clean on corpora that a seeded generator grows, each in a JVM"
          + " of its own with a heap of --heap, on all cores of this machine.",
      "",
      "Beside each runs the plain Spark job that a user would write: read JSON, remove tags by a"
          + " regular expression, lower-case, drop exact duplicates, write Parquet. The ratio is"
          + " Attune's time divided by the plain job's, start of the JVM included.",
      "",
      "The default sizes take about half an hour and three times the largest size of disk."
    })
public final class IngestBench implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;
  private static final long SEED = 1;
  private static final String EXACT_ONLY = "clean.copies.near=ignore";

  private static final String HEADER =
      """
      | corpus | files | lines | ingest and clean | MB/s | peak memory, MiB | plain Spark job | MB/s | peak memory, MiB | time relative to it |
      |---|---|---|---|---|---|---|---|---|---|\
      """;

  @Option(
      names = "--sizes",
      split = ",",
      description = "Megabytes of the corpora (${DEFAULT-VALUE}).")
  private List<Integer> sizes = List.of(1000, 2000, 4000, 8000);

  @Option(names = "--files", description = "Files of each corpus (${DEFAULT-VALUE}).")
  private int files = 32;

  @Option(names = "--one-file", description = "Also measure each corpus as a single file.")
  private boolean oneFile;

  @Option(names = "--heap", description = "Heap of each JVM (${DEFAULT-VALUE}).")
  private String heap = "4g";

  @Option(names = "--without-near-copies", description = "Look for exact copies only.")
  private boolean exactOnly;

  @Option(
      names = "--work",
      description = "Folder for corpora and roots, emptied afterwards (${DEFAULT-VALUE}).")
  private Path work = Path.of("build", "bench", "ingest");

  @Option(names = "--out", description = "Folder for ingest.json and ingest.md (${DEFAULT-VALUE}).")
  private Path out = Path.of("build", "bench");

  /** Holds one corpus and what both took for it. */
  record Line(int megabytes, int files, long lines, MeasuredProcess attune, MeasuredProcess plain) {

    double ratio() {
      return attune.seconds() / plain.seconds();
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Line> lines = new ArrayList<>();
    System.out.println(HEADER);
    for (int size : sizes) {
      for (int parts : oneFile ? List.of(files, 1) : List.of(files)) {
        Line line = measure(size, parts);
        lines.add(line);
        System.out.println(row(line));
      }
    }
    Files.createDirectories(out);
    Files.write(out.resolve("ingest.json"), Json.pretty(lines));
    List<String> table = new ArrayList<>(HEADER.lines().toList());
    lines.forEach(line -> table.add(row(line)));
    Files.write(out.resolve("ingest.md"), table, StandardCharsets.UTF_8);
    return 0;
  }

  private Line measure(int size, int parts) throws IOException, InterruptedException {
    Path here = work.resolve(size + "-" + parts);
    delete(here);
    Path corpus = here.resolve("corpus");
    try {
      long count = new GrownCorpus(SEED).write(corpus, (long) (size * MEGABYTE), parts);
      MeasuredProcess plain =
          MeasuredProcess.run(
              heap,
              here.resolve("plain.log"),
              PlainJob.class.getName(),
              corpus.toString(),
              here.resolve("plain").toString());
      List<String> night =
          new ArrayList<>(List.of("nightly", "-c", config(here).toString(), "--until", "clean"));
      if (exactOnly) {
        night.addAll(List.of("--set", EXACT_ONLY));
      }
      MeasuredProcess attune =
          MeasuredProcess.run(
              heap,
              here.resolve("attune.log"),
              "io.attune.jobs.Attune",
              night.toArray(String[]::new));
      return new Line(size, parts, count, attune, plain);
    } finally {
      delete(here);
    }
  }

  private static Path config(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("grown.yaml"),
        """
        task: grown
        root: root
        heads: {stars: %s}
        corpora:
          - name: grown
            path: corpus
            format: jsonl
            language: en
            columns: {id: id, text: body, published-at: when, labels: {stars: stars}}
        """
            .formatted(GrownCorpus.LABELS));
  }

  private static String row(Line line) {
    return String.format(
        Locale.ROOT,
        "| %,d MB | %d | %,d | %.0f s | %.1f | %,.0f | %.0f s | %.1f | %,.0f | %.2f |",
        line.megabytes(),
        line.files(),
        line.lines(),
        line.attune().seconds(),
        line.megabytes() / line.attune().seconds(),
        line.attune().peakMebibytes(),
        line.plain().seconds(),
        line.megabytes() / line.plain().seconds(),
        line.plain().peakMebibytes(),
        line.ratio());
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
