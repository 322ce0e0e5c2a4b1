package io.attune.jobs.stream;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.copies.Judgement;
import io.attune.pipeline.copies.TextKeys;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.scoring.ScoredTexts;
import io.attune.pipeline.stage.clean.Clean;
import io.attune.pipeline.stage.ingest.Ingest;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.RunLock;
import io.attune.pipeline.storage.Scratch;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Scores;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/**
 * Scores the documents of one batch of files, and writes them in the partition of the batch: a
 * batch that is replayed replaces what it wrote before.
 */
final class ScoreBatch {
  /** Names the local property in which Spark keeps the identity of a checkpoint. */
  private static final String QUERY_ID = "sql.streaming.queryId";

  private static final int ID_CHARACTERS = 8;
  private static final long WAIT_MILLIS = 10_000;

  private final Setting setting;
  private final StreamRequest request;
  private String version = "";
  private Broadcast<ModelFiles> model; // null before the first batch

  /** Holds what every batch needs. */
  record Setting(
      SparkSession spark, Storage storage, RunConfig config, Console console, Clock clock) {

    StageContext context() {
      LocalDate today = LocalDate.now(clock.withZone(ZoneOffset.UTC));
      Run run = new Run(config.task(), today, 1);
      return new StageContext(
          spark,
          storage,
          Tables.of(spark, storage, config.task()),
          run,
          new Recorder(config.task(), run.id(), RunConfigs.hash(config), clock),
          warnings());
    }

    private Progress warnings() {
      return new Progress() {
        @Override
        public void update(long done, long total, String note) {}

        @Override
        public void warn(String message) {
          console.line("Warning: " + message);
        }
      };
    }
  }

  ScoreBatch(Setting setting, StreamRequest request) {
    this.setting = setting;
    this.request = request;
  }

  /**
   * Scores what is in some files.
   *
   * @param files with their path, length and time of modification
   * @param number of the batch in its checkpoint
   */
  void score(Dataset<Row> files, long number) throws InterruptedException {
    List<InputFile> arrived = files.collectAsList().stream().map(this::file).toList();
    if (arrived.isEmpty()) {
      return;
    }
    try (RunLock lock = lock(number)) {
      openCurrentModel();
      String query = setting.spark().sparkContext().getLocalProperty(QUERY_ID);
      long scored = score(arrived, "stream-" + query.substring(0, ID_CHARACTERS) + "." + number);
      setting
          .console()
          .line(
              "Batch %,d: %,d documents of %,d files by model %s"
                  .formatted(number, scored, arrived.size(), version));
    }
  }

  private InputFile file(Row row) {
    return new InputFile(
        request.corpus(),
        row.getAs("path"),
        null,
        row.<Long>getAs("length"),
        row.<Timestamp>getAs("modificationTime").getTime());
  }

  /** Takes the lock of the task, since a night would score the same documents at the same time. */
  private RunLock lock(long number) throws InterruptedException {
    boolean told = false;
    while (true) {
      try {
        return RunLock.acquire(
            setting.storage(), setting.config().task(), "stream batch " + number, setting.clock());
      } catch (Failure.Busy e) {
        if (request.every().isEmpty()) {
          throw e;
        }
        if (!told) {
          setting.console().line("Batch %,d waits: %s".formatted(number, e.getMessage()));
          told = true;
        }
        Thread.sleep(WAIT_MILLIS);
      }
    }
  }

  /** Opens the model that is current now, unless it is the one of the last batch. */
  private void openCurrentModel() {
    String task = setting.config().task();
    String current =
        CurrentModel.of(setting.storage(), task)
            .version()
            .orElseThrow(
                () -> new Failure.BadInput("Task '%s' has no current model any more", task));
    if (!current.equals(version)) {
      if (model != null) {
        model.destroy();
      }
      model =
          JavaSparkContext.fromSparkContext(setting.spark().sparkContext())
              .broadcast(
                  ModelFiles.read(setting.context().artefacts().open(Run.modelOf(task, current))));
      version = current;
    }
  }

  private long score(List<InputFile> arrived, String run) {
    StageContext context = setting.context();
    RunConfig config = setting.config();
    context.tables().removeAbandoned(Scores.SCHEMA, run);
    Dataset<Row> documents = Ingest.read(context, config.ingestConfig(), config.labels(), arrived);
    try (Scratch scratch = new Scratch()) {
      Dataset<Row> unread =
          scratch.keepOnDisk(
              withoutRead(texts(Clean.validate(documents, config.clean())), context.tables(), run));
      long number = unread.count();
      if (number > 0) {
        Instant now = Instant.now(setting.clock()).truncatedTo(ChronoUnit.SECONDS);
        context
            .tables()
            .replaceRun(
                Scores.SCHEMA,
                run,
                ScoredTexts.with(
                    ScoredTexts.of(
                        unread,
                        number,
                        ScoredTexts.Reader.of(context.spark(), model, config.score().batchRows())),
                    version,
                    new ScoredTexts.Work(run, now)));
      }
      return number;
    }
  }

  /** Returns what a model reads of the documents that can be used, each text of a document once. */
  private static Dataset<Row> texts(Dataset<Row> validated) {
    UDF2<String, String, String> hash = TextKeys::hash;
    return validated
        .where(col(Judgement.REASON).isNull())
        .withColumn(
            CleanDocuments.TEXT_HASH,
            udf(hash, DataTypes.StringType).apply(col(Documents.TITLE), col(Documents.TEXT)))
        .select(Documents.ID, CleanDocuments.TEXT_HASH, Documents.TITLE, Documents.TEXT)
        .dropDuplicates(new String[] {Documents.ID, CleanDocuments.TEXT_HASH});
  }

  /** Leaves out what the model has read in other work than that of this batch. */
  private Dataset<Row> withoutRead(Dataset<Row> texts, Tables tables, String run) {
    if (!tables.exists(Scores.SCHEMA)) {
      return texts;
    }
    Dataset<Row> read =
        tables
            .read(Scores.SCHEMA)
            .where(col(Scores.MODEL).equalTo(version).and(col(Scores.RUN).notEqual(run)))
            .select(col(Scores.DOCUMENT_ID).as("read_id"), col(Scores.TEXT_HASH).as("read_hash"));
    return texts.join(
        read,
        col(Documents.ID)
            .equalTo(col("read_id"))
            .and(col(CleanDocuments.TEXT_HASH).equalTo(col("read_hash"))),
        "left_anti");
  }
}
