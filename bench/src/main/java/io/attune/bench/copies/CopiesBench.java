package io.attune.bench.copies;

import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.copies.CopiesConfig;
import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.stage.clean.Clean;
import io.attune.pipeline.stage.clean.CleanConfig;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plants copies in a corpus, cleans it in two nights, and counts which copies were found. */
@Command(
    name = "copies",
    mixinStandardHelpOptions = true,
    description = {
      "Plants edited copies in a corpus that it writes itself, runs the stage clean over nine"
          + " tenths of it and then over the rest, and prints recall and precision by kind of edit,"
          + " and the time.",
      "",
      "A fifth of the documents are copies; a quarter of the texts are of Han characters. The truth"
          + " is the Jaccard similarity by plain sets of shingles."
    })
public final class CopiesBench implements Callable<Integer> {
  @Option(names = "--documents", description = "Documents in all (${DEFAULT-VALUE}).")
  private long documents = 20_000;

  @Option(
      names = "--similarity",
      description = "From which a text is a near copy (${DEFAULT-VALUE}).")
  private double similarity = 0.8;

  @Option(names = "--seed", description = "Of the corpus (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  public Integer call() throws IOException {
    Path root = Files.createTempDirectory("attune-bench-copies");
    SparkSession spark = SparkSessions.open("attune bench copies", Map.of());
    try {
      PlantedText texts = new PlantedText(seed);
      long first = documents * 9 / 10;
      StageContext one = night(spark, root, 1);
      StageContext two = night(spark, root, 2);
      double seconds = clean(one, texts, 0, first);
      System.out.printf(
          Locale.ROOT,
          "first night: %,d documents in %.1f s, %,.0f documents/s%n",
          first,
          seconds,
          first / seconds);
      seconds = clean(two, texts, first, documents);
      System.out.printf(
          Locale.ROOT,
          "second night: %,d documents in %.1f s, against %,d%n",
          documents - first,
          seconds,
          first);
      print(Found.of(one, texts, similarity));
    } finally {
      spark.stop();
      remove(root);
    }
    return 0;
  }

  private static void remove(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static StageContext night(SparkSession spark, Path root, int day) {
    Storage storage = Storage.at(root.toUri().toString(), SparkSessions.hadoop(Map.of()));
    Run run = new Run("copies", LocalDate.of(2026, 1, day), 1);
    return new StageContext(
        spark,
        storage,
        Tables.of(spark, storage, run.task()),
        run,
        new Recorder(run.task(), run.id(), "", Clock.systemUTC()),
        Progress.SILENT);
  }

  /** Returns the seconds that the stage takes for documents that stand in its table. */
  private double clean(StageContext night, PlantedText texts, long from, long to) {
    Tables tables = night.tables();
    String run = night.run().id();
    Dataset<Row> rows =
        night
            .spark()
            .range(from, to)
            .map(
                (MapFunction<Long, Row>) number -> document(texts, number, run),
                Encoders.row(Documents.SCHEMA.columns()));
    tables.replaceRun(Documents.SCHEMA, run, rows);
    tables.replaceRun(
        Rejects.SCHEMA, run, night.spark().createDataFrame(List.of(), Rejects.SCHEMA.columns()));
    CopiesConfig copies = new CopiesConfig(CopiesConfig.Near.KEEP, similarity, 0.3, 100);
    long started = System.nanoTime();
    var result =
        Clean.run(
            night,
            new CleanConfig(1, 200_000, 0.05, 0.5, CleanConfig.Urls.KEEP, List.of(), 0, copies));
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.println(result.summary());
    return seconds;
  }

  private static Row document(PlantedText texts, long number, String run) {
    return RowFactory.create(
        "c:" + number,
        "c",
        "source",
        new Timestamp(1_700_000_000_000L + 60_000 * number),
        null,
        null,
        texts.text(number),
        null,
        null,
        null,
        run,
        "file",
        number + 1);
  }

  /**
   * Holds what was found of the copies of one kind.
   *
   * @param planted copies
   * @param found of them, in the cluster of their original
   * @param near of them, at least as similar as the threshold
   * @param nearFound of those, in the cluster of their original
   */
  record Found(long planted, long found, long near, long nearFound, double similarity) {
    static final String JOINED = "joined";

    /** Compares clusters with what was planted: by kind, and what joined a document at all. */
    static Map<String, Found> of(StageContext night, PlantedText texts, double least) {
      Map<String, Found> kinds = new TreeMap<>();
      CurrentDocuments.of(night.tables().read(CleanDocuments.SCHEMA))
          .select(Documents.ID, CleanDocuments.CLUSTER, CleanDocuments.CLUSTER_SIMILARITY)
          .map((MapFunction<Row, String>) row -> judge(row, texts, least), Encoders.STRING())
          .collectAsList()
          .stream()
          .filter(line -> !line.isEmpty())
          .flatMap(String::lines)
          .forEach(
              line -> {
                String[] parts = line.split(" ", -1);
                boolean isFound = parts[1].equals("true");
                double real = Double.parseDouble(parts[2]);
                boolean isNear = real >= least;
                kinds.merge(
                    parts[0],
                    new Found(1, isFound ? 1 : 0, isNear ? 1 : 0, isNear && isFound ? 1 : 0, real),
                    Found::plus);
              });
      return kinds;
    }

    /** Returns lines of kind, whether it is in the cluster of its original, and similarity. */
    private static String judge(Row row, PlantedText texts, double least) {
      long number = number(row.getString(0));
      long centre = number(row.getString(1));
      long original = texts.original(number);
      StringBuilder lines = new StringBuilder();
      if (texts.isCopy(number)) {
        boolean isFound = texts.original(centre) == original && !row.isNullAt(2);
        lines.append(
            "%s %s %s%n"
                .formatted(texts.edit(number).word(), isFound, texts.similarity(number, original)));
      }
      if (!row.isNullAt(2)) {
        double real = texts.similarity(number, centre);
        lines.append("%s %s %s%n".formatted(JOINED, real >= least, real));
      }
      return lines.toString();
    }

    private static long number(String id) {
      return Long.parseLong(id.substring(2));
    }

    Found plus(Found other) {
      return new Found(
          planted + other.planted,
          found + other.found,
          near + other.near,
          nearFound + other.nearFound,
          similarity + other.similarity);
    }
  }

  private static void print(Map<String, Found> kinds) {
    Found joined = kinds.remove(Found.JOINED);
    System.out.println("kind          planted  similarity  found   at the threshold  found");
    kinds.forEach(
        (kind, found) ->
            System.out.printf(
                Locale.ROOT,
                "%-12s %,8d  %10.3f  %5.1f %%  %,15d  %5.1f %%%n",
                kind,
                found.planted(),
                found.similarity() / found.planted(),
                100.0 * found.found() / found.planted(),
                found.near(),
                found.near() == 0 ? Double.NaN : 100.0 * found.nearFound() / found.near()));
    if (joined != null) {
      System.out.printf(
          Locale.ROOT,
          "precision: %,d of %,d documents that joined another are that similar to it, %.2f %%%n",
          joined.found(),
          joined.planted(),
          100.0 * joined.found() / joined.planted());
    }
  }
}
