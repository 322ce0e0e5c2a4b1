package io.attune.jobs.stream;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.console.Console;
import io.attune.jobs.root.RootVersion;
import io.attune.jobs.spark.SparkRuntime;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.stage.ingest.Corpus;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/** Scores the files of a folder as they arrive. */
public final class ScoreStream {
  /** Lists the columns of a file: its content is read by the readers of ingest. */
  private static final String FILES =
      "path STRING, modificationTime TIMESTAMP, length BIGINT, content BINARY";

  /**
   * Limits how much older than the newest file one may be. Spark's own limit of a week leaves out
   * what was moved or unpacked with its time, without a word. A longer one costs the memory of the
   * files seen.
   */
  private static final String OLDEST = "36500d";

  private ScoreStream() {}

  /**
   * Runs until the folder holds nothing new, or forever.
   *
   * @throws Failure.BadInput if no model is in use, the folder is missing, or a file cannot be what
   *     its corpus says; the batch is read again by the next stream
   * @throws Failure.Busy if a night has the task and the stream is to read only what is there
   */
  public static void run(RunConfig config, StreamRequest request, Console console, Clock clock)
      throws StreamingQueryException, TimeoutException {
    SparkRuntime.requireFit();
    requireCorpus(config, request.corpus());
    Storage storage = Storage.at(config.root(), SparkSessions.hadoop(config.spark()));
    storage.requireWritable();
    RootVersion.record(storage, clock);
    if (CurrentModel.of(storage, config.task()).version().isEmpty()) {
      throw new Failure.BadInput(
          "Task '%s' has no current model below '%s' yet, so nothing can be read; run a night that"
              + " promotes one: attune nightly",
          config.task(), storage.root());
    }
    boolean isOwnSession = !SparkSessions.isOpen();
    SparkSession spark = SparkSessions.open("attune-stream-" + config.task(), config.spark());
    try {
      ScoreBatch batch =
          new ScoreBatch(new ScoreBatch.Setting(spark, storage, config, console, clock), request);
      start(spark, storage.resolve(request.checkpoint(config.task())).toString(), request, batch)
          .awaitTermination();
    } finally {
      if (isOwnSession) {
        spark.stop();
      }
    }
  }

  private static StreamingQuery start(
      SparkSession spark, String checkpoint, StreamRequest request, ScoreBatch batch)
      throws TimeoutException {
    Dataset<Row> files =
        spark
            .readStream()
            .format("binaryFile")
            .schema(FILES)
            .option("maxFilesPerTrigger", request.maxFiles())
            .option("maxFileAge", OLDEST)
            .option("recursiveFileLookup", true)
            .load(request.folder())
            .drop("content");
    return files
        .writeStream()
        .option("checkpointLocation", checkpoint)
        .trigger(
            request
                .every()
                .map(every -> Trigger.ProcessingTime(every.toMillis()))
                .orElseGet(Trigger::AvailableNow))
        .foreachBatch((VoidFunction2<Dataset<Row>, Long>) batch::score)
        .start();
  }

  private static void requireCorpus(RunConfig config, String name) {
    List<String> known = config.corpora().stream().map(Corpus::name).toList();
    if (!known.contains(name)) {
      throw new Failure.BadUsage(
          "There is no corpus '%s'; name one of %s with --corpus: it says what the columns of the"
              + " files mean",
          name, known);
    }
  }
}
