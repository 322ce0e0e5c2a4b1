package io.attune.bench.encode;

import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.stage.shard.Shard;
import io.attune.pipeline.stage.shard.ShardConfig;
import io.attune.pipeline.stage.tokenize.Tokenize;
import io.attune.pipeline.stage.tokenize.TokenizeConfig;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/** Runs the stage tokenize over the same table of clean documents, a run a time. */
final class TokenizeNights {
  private static final String TASK = "encode";
  private static final LabelSets LABELS =
      new LabelSets(List.of(new LabelSets.Head("half", List.of("even", "odd"))));
  private static final SplitConfig SPLIT =
      new SplitConfig(SplitConfig.By.HASH, 0.05, 0.05, 1, SplitConfig.NO_GROUP);
  private static final long SHARD_BYTES = 64L << 20;

  /** Takes the default configuration, but for texts of IMDB's length. */
  private static final TokenizeConfig CONFIG =
      new TokenizeConfig(
          16_000,
          256,
          true,
          2,
          16,
          LongTexts.Keep.HEAD_AND_TAIL,
          0,
          1,
          "",
          TokenizeConfig.SynonymCopies.NONE);

  private final SparkSession spark;
  private final Path root;
  private final EncodingTime time;
  private int runs;

  TokenizeNights(SparkSession spark, Path root) {
    this.spark = spark;
    this.root = root;
    time = EncodingTime.of(spark.sparkContext());
  }

  /** Replaces the documents that the next runs read. */
  void documents(CorpusTexts corpus) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < corpus.texts().size(); i++) {
      Map<String, Object> values = new HashMap<>();
      values.put(Documents.ID, "d" + i);
      values.put(Documents.CORPUS, "corpus");
      values.put(Documents.TEXT, corpus.texts().get(i));
      values.put(Documents.LABELS, Map.of("half", i % 2 == 0 ? "even" : "odd"));
      values.put(Documents.RUN, night(0).run().id());
      values.put(CleanDocuments.TEXT_HASH, "h" + i);
      List<Object> row = new ArrayList<>();
      for (StructField field : CleanDocuments.SCHEMA.columns().fields()) {
        row.add(values.get(field.name()));
      }
      rows.add(RowFactory.create(row.toArray()));
    }
    StageContext first = night(0);
    first
        .tables()
        .replaceRun(
            CleanDocuments.SCHEMA,
            first.run().id(),
            spark.createDataFrame(rows, CleanDocuments.SCHEMA.columns()));
  }

  /**
   * Runs the stage.
   *
   * @return the seconds of its job that encodes, which reads documents and writes token rows
   */
  double seconds(EncoderChoice choice) {
    runs++;
    time.restart();
    var unused = Tokenize.run(current(), CONFIG, SPLIT, LABELS, choice);
    return time.seconds();
  }

  /** Returns the tokenizer of the last run. */
  byte[] tokenizer() {
    return current().storage().read(current().run().tokenizer() + "/" + ModelBundle.TOKENIZER);
  }

  int maxTokens() {
    return CONFIG.maxTokens();
  }

  /** Makes the shards of the last run. */
  StageContext shards() {
    var unused = Shard.run(current(), new ShardConfig(SHARD_BYTES, 1));
    return current();
  }

  private StageContext current() {
    return night(runs);
  }

  private StageContext night(int counter) {
    Storage storage = Storage.at(root.toUri().toString(), SparkSessions.hadoop(Map.of()));
    Run run = new Run(TASK, LocalDate.of(2026, 1, 1).plusDays(counter), 1);
    return new StageContext(
        spark,
        storage,
        Tables.of(spark, storage, TASK),
        run,
        new Recorder(TASK, run.id(), "", Clock.systemUTC()),
        Progress.SILENT);
  }
}
