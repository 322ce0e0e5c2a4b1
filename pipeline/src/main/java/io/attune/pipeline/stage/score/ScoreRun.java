package io.attune.pipeline.stage.score;

import static org.apache.spark.sql.functions.not;

import io.attune.pipeline.CountedJob;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.scoring.ScoredTexts;
import io.attune.pipeline.scoring.ScoredTexts.Reader;
import io.attune.pipeline.scoring.ScoredTexts.Work;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Scratch;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Scores;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores documents with one version of a model, whatever becomes current meanwhile, and adds their
 * rows to those of the run, in one commit where the time is not limited or documents are few.
 */
final class ScoreRun {
  private final StageContext context;
  private final ScoreConfig config;
  private final String version;

  ScoreRun(StageContext context, ScoreConfig config, String version) {
    this.context = context;
    this.config = config;
    this.version = version;
  }

  /**
   * Holds what is read, each at one snapshot.
   *
   * @param scores empty while there are none
   */
  record Read(Dataset<Row> clean, Optional<Dataset<Row>> scores) {}

  /** Chooses documents by their keys. */
  @FunctionalInterface
  interface Choice {
    /** Returns {@code id} and {@code run} of the documents that a model is to read. */
    Dataset<Row> of(Read tables, String version);
  }

  StageResult of(Choice choice) {
    Tables tables = context.tables();
    Read read =
        new Read(
            tables.readAt(CleanDocuments.SCHEMA, tables.snapshot(CleanDocuments.SCHEMA)),
            scores(tables));
    try (Scratch scratch = new Scratch()) {
      Dataset<Row> keys = scratch.keep(choice.of(read, version));
      NewestFirst order = NewestFirst.of(keys);
      long total = order.total();
      long done = total == 0 ? 0 : read(read.clean(), keys, order);
      return Answers.of(context, version).result(done, total - done, config.budgetMinutes());
    }
  }

  /** Reads the documents of keys in their order while there is time; returns how many. */
  private long read(Dataset<Row> clean, Dataset<Row> keys, NewestFirst order) {
    Pace pace = Pace.of(config.budgetMinutes());
    long total = order.total();
    long planned = 0;
    long done = 0;
    Broadcast<ModelFiles> model = model();
    try {
      while (planned < total && (planned == 0 || pace.leavesTime())) {
        Column isRead = order.isAmong(planned);
        planned = pace.reach(planned, total);
        Dataset<Row> next = keys.where(order.isAmong(planned).and(not(isRead)));
        Map<String, Long> byRun = Unread.byRun(next);
        long number = byRun.values().stream().mapToLong(Long::longValue).sum();
        if (number > 0) {
          write(Unread.documents(clean, next, byRun), number, model);
        }
        done += number;
      }
      return done;
    } finally {
      model.destroy();
    }
  }

  private Broadcast<ModelFiles> model() {
    ModelFiles files =
        ModelFiles.read(context.artefacts().open(Run.modelOf(context.run().task(), version)));
    return JavaSparkContext.fromSparkContext(context.spark().sparkContext()).broadcast(files);
  }

  private static Optional<Dataset<Row>> scores(Tables tables) {
    if (!tables.exists(Scores.SCHEMA)) {
      return Optional.empty();
    }
    long snapshot = tables.snapshot(Scores.SCHEMA);
    return snapshot == 0 ? Optional.empty() : Optional.of(tables.readAt(Scores.SCHEMA, snapshot));
  }

  private void write(Dataset<Row> documents, long number, Broadcast<ModelFiles> model) {
    String run = context.run().id();
    Instant now = Instant.now(context.recorder().clock()).truncatedTo(ChronoUnit.SECONDS);
    CountedJob count =
        CountedJob.of(
            context.spark(), number, "model %s reads %,d documents".formatted(version, number));
    Dataset<Row> answers =
        ScoredTexts.with(
            ScoredTexts.of(documents, number, new Reader(model, config.batchRows(), count.done())),
            version,
            new Work(run, now));
    var unused =
        count.during(
            context.progress(),
            () -> {
              context.tables().replaceRun(Scores.SCHEMA, run, withEarlier(answers, run));
              return number;
            });
  }

  /** Returns rows with those that the run has already. */
  private Dataset<Row> withEarlier(Dataset<Row> rows, String run) {
    return context.tables().exists(Scores.SCHEMA)
            && context.tables().runs(Scores.SCHEMA).contains(run)
        ? context.tables().readRun(Scores.SCHEMA, run).unionByName(rows)
        : rows;
  }
}
