package io.attune.pipeline.stage.tokenize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.split.Splits;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Turns clean documents into token ids. */
public final class Tokenize {
  private Tokenize() {}

  /**
   * Divides all clean documents, of every run, into splits; trains a tokenizer on the train split;
   * writes the token rows of this run; and publishes the tokenizer last, so that its folder means
   * that the stage is complete.
   *
   * @throws Failure.AlreadyPublished if this run's tokenizer is published; nothing was done then
   * @throws Failure.BadInput if there are no documents, a split is empty, a class has no row to
   *     train on, or a label is none of {@code labels}
   */
  public static StageResult run(
      StageContext context, TokenizeConfig config, SplitConfig split, LabelSets labels) {
    String folder = context.run().tokenizer();
    context.artefacts().requireUnpublished(folder);
    StageInputs inputs = context.inputs(Stage.TOKENIZE);
    long snapshot = inputs.snapshot(CleanDocuments.SCHEMA);
    if (snapshot == 0) {
      throw new Failure.BadInput(
          "The table '%s' is empty: there is nothing to train on; ingest and clean documents first",
          CleanDocuments.SCHEMA.name());
    }
    Dataset<Row> clean = context.tables().readAt(CleanDocuments.SCHEMA, snapshot);
    CleanDocuments.SCHEMA.requireIn(clean.schema());
    Dataset<Row> documents = Splits.assign(repartition(clean), split);
    SplitCounts.of(documents).requireUsable(labels, split);

    byte[] tokenizer = train(documents, config);
    TokenEncoder.Job job = new TokenEncoder.Job(labels, config.maxTokens(), context.run().id());
    SortedMap<String, Long> counts = counts(context, write(context, documents, tokenizer, job));
    counts.put("vocabulary", (long) SubwordTokenizer.shared(tokenizer).vocabulary());
    context
        .artefacts()
        .publish(
            folder,
            inputs.provenance(),
            staging -> {
              staging.write(ModelBundle.TOKENIZER, tokenizer);
              staging.write(ModelBundle.LABELS, Json.pretty(labels));
              return counts;
            });
    return new StageResult(folder, summary(counts), counts);
  }

  /**
   * Returns the documents in at least as many partitions as there are cores: a few large files
   * would otherwise leave most cores idle in the most expensive work, splitting text into words and
   * tokens.
   */
  private static Dataset<Row> repartition(Dataset<Row> documents) {
    int cores = documents.sparkSession().sparkContext().defaultParallelism();
    return documents.rdd().getNumPartitions() >= cores
        ? documents
        : documents.repartition(cores, col(Documents.ID));
  }

  /** Returns the bytes of a tokenizer trained on the train split. */
  static byte[] train(Dataset<Row> documents, TokenizeConfig config) {
    Dataset<Row> train = documents.where(col(Splits.SPLIT).equalTo(Split.TRAIN.word()));
    Broadcast<byte[]> splitter =
        broadcast(documents.sparkSession(), TokenizerJson.splitter(config.lowercase()));
    try {
      BpeModel model = BpeTrainer.train(WordCounts.of(train, splitter), config);
      return TokenizerJson.of(model, config.lowercase());
    } finally {
      splitter.destroy();
    }
  }

  /** Writes the token rows of the run and returns them as they stand in the table. */
  private static Dataset<Row> write(
      StageContext context, Dataset<Row> documents, byte[] tokenizer, TokenEncoder.Job job) {
    Broadcast<byte[]> broadcast = broadcast(context.spark(), tokenizer);
    try {
      return context.describe(
          "tokenize: encode documents",
          () -> {
            Dataset<Row> rows = TokenEncoder.encode(documents, broadcast, job);
            context.tables().replaceRun(TokenRows.SCHEMA, job.run(), rows);
            return context.tables().readRun(TokenRows.SCHEMA, job.run());
          });
    } finally {
      broadcast.destroy();
    }
  }

  /** Counts the written rows and tokens, in total and by split. */
  private static SortedMap<String, Long> counts(StageContext context, Dataset<Row> rows) {
    Dataset<Row> bySplit =
        rows.groupBy(TokenRows.SPLIT).agg(count(lit(1)), sum(size(col(TokenRows.TOKENS))));
    SortedMap<String, Long> counts = new TreeMap<>();
    for (Row row : context.describe("tokenize: count tokens", bySplit::collectAsList)) {
      counts.put("rows." + row.getString(0), row.getLong(1));
      counts.put("tokens." + row.getString(0), row.getLong(2));
      counts.merge("rows", row.getLong(1), Long::sum);
      counts.merge("tokens", row.getLong(2), Long::sum);
    }
    return counts;
  }

  private static String summary(Map<String, Long> counts) {
    return String.format(
        Locale.ROOT,
        "%,d documents, %,d tokens, vocabulary %,d",
        counts.get("rows"),
        counts.get("tokens"),
        counts.get("vocabulary"));
  }

  private static Broadcast<byte[]> broadcast(SparkSession spark, byte[] bytes) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(bytes);
  }
}
