package io.attune.bench.tokenizer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.stage.tokenize.Tokenize;
import io.attune.pipeline.stage.tokenize.TokenizeConfig;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains a tokenizer on generated texts and prints the time and the heap that it took. */
@Command(
    name = "tokenizer",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the stage tokenize on texts with a number of distinct words, of which nearly all occur"
          + " once, and prints the time and the most heap that was in use.",
      "",
      "ATTUNE_JAVA_OPTS=-Xmx2g sets the heap, which the driver shares with the executors here."
    })
public final class TokenizerBench implements Callable<Integer> {
  private static final int WORDS_A_TEXT = 200;
  private static final int NEW_WORDS_A_TEXT = 100;
  private static final int KNOWN_WORDS = 20_000;
  private static final double MEBIBYTE = 1 << 20;
  private static final List<String> SYLLABLES =
      List.of("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so");

  @Option(names = "--words", description = "Distinct words (${DEFAULT-VALUE}).")
  private long words = 10_000_000;

  @Option(names = "--vocabulary", description = "Token ids (${DEFAULT-VALUE}).")
  private int vocabulary = 16_000;

  @Override
  public Integer call() throws IOException {
    Path root = Files.createTempDirectory("attune-bench-tokenizer");
    SparkSession spark = SparkSessions.open("attune bench tokenizer", Map.of());
    try {
      StageContext night = night(spark, root);
      long texts = words / NEW_WORDS_A_TEXT;
      write(night, texts);
      System.gc(); // so that what was in use before is not counted
      heap().forEach(MemoryPoolMXBean::resetPeakUsage);
      long started = System.nanoTime();
      StageResult result = tokenize(night);
      double seconds = (System.nanoTime() - started) / 1e9;
      System.out.println(result.summary());
      System.out.printf(
          Locale.ROOT,
          "%,d texts with %,d distinct words in %.0f s; heap: %.0f MiB in use at most, garbage"
              + " included, of %.0f MiB%n",
          texts,
          words,
          seconds,
          heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / MEBIBYTE,
          Runtime.getRuntime().maxMemory() / MEBIBYTE);
    } finally {
      spark.stop();
      remove(root);
    }
    return 0;
  }

  private StageResult tokenize(StageContext night) {
    LabelSets labels = new LabelSets(List.of(new LabelSets.Head("mood", List.of("bad", "good"))));
    TokenizeConfig config =
        new TokenizeConfig(
            vocabulary,
            128,
            true,
            2,
            16,
            LongTexts.Keep.HEAD_AND_TAIL,
            0,
            1,
            "",
            TokenizeConfig.SynonymCopies.NONE);
    SplitConfig split = new SplitConfig(SplitConfig.By.HASH, 0.1, 0.1, 1, null);
    return Tokenize.run(night, config, split, labels, EncoderChoice.NONE);
  }

  private static List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static StageContext night(SparkSession spark, Path root) {
    Storage storage = Storage.at(root.toUri().toString(), SparkSessions.hadoop(Map.of()));
    Run run = new Run("words", LocalDate.of(2026, 1, 1), 1);
    return new StageContext(
        spark,
        storage,
        Tables.of(spark, storage, run.task()),
        run,
        new Recorder(run.task(), run.id(), "", Clock.systemUTC()),
        Progress.SILENT);
  }

  /** Writes texts of the train split with all words, and a few of the other splits. */
  private static void write(StageContext night, long texts) {
    String run = night.run().id();
    UDF1<Long, String> text = TokenizerBench::text;
    Column number = col("id");
    Map<String, Column> values =
        Map.of(
            Documents.ID,
            concat(lit("c:"), number),
            Documents.CORPUS,
            lit("c"),
            Documents.RUN,
            lit(run),
            Documents.LABELS,
            map(lit("mood"), when(number.mod(2).equalTo(0), "bad").otherwise("good")),
            Documents.DECLARED_SPLIT,
            when(number.lt(texts), "train")
                .otherwise(when(number.mod(4).lt(2), "validation").otherwise("test")),
            Documents.TEXT,
            udf(text, DataTypes.StringType).apply(number));
    Column[] columns =
        Arrays.stream(CleanDocuments.SCHEMA.columns().fields())
            .map(
                field ->
                    values
                        .getOrDefault(field.name(), lit(null))
                        .cast(field.dataType())
                        .as(field.name()))
            .toArray(Column[]::new);
    Dataset<Row> rows = night.spark().range(texts + 20).select(columns);
    night.tables().replaceRun(CleanDocuments.SCHEMA, run, rows);
  }

  /** Returns words of which half are in no other text. */
  private static String text(long number) {
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < WORDS_A_TEXT / 2; word++) {
      append(text, (number * 31 + word * 977L) % KNOWN_WORDS).append(' ');
      append(text, KNOWN_WORDS + number * NEW_WORDS_A_TEXT + word).append(' ');
    }
    return text.toString();
  }

  /** Appends the number, written in syllables. */
  private static StringBuilder append(StringBuilder text, long number) {
    for (long left = number + 1; left > 0; left /= SYLLABLES.size()) {
      text.append(SYLLABLES.get((int) (left % SYLLABLES.size())));
    }
    return text;
  }

  private static void remove(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
