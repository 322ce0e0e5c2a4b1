package io.attune.bench.score;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;

import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.scoring.ScoredTexts;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.pipeline.text.DocumentText;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.pipeline.text.TextRows;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/** Scores the documents of a root, repeated, and writes nothing but what it took. */
final class ScoreWork {
  /** Limits the documents that are answered before the time begins. */
  private static final int WARM_UP = 5_000;

  private ScoreWork() {}

  /** Holds what was done, and in how many seconds. */
  record Done(long documents, long tokens, double seconds) {}

  /** Takes root, task, version (empty for the current), documents, cores, batch and a file. */
  public static void main(String[] arguments) throws IOException {
    int cores = Integer.parseInt(arguments[4]);
    try (SparkSession spark =
        SparkSessions.open("bench score", Map.of("spark.master", "local[" + cores + "]"))) {
      Storage storage = Storage.at(arguments[0], SparkSessions.hadoop(Map.of()));
      String task = arguments[1];
      String version =
          arguments[2].isEmpty()
              ? CurrentModel.of(storage, task).version().orElseThrow(() -> noModel(task))
              : arguments[2];
      ModelFiles files = ModelFiles.read(Artefacts.of(storage).open(Run.modelOf(task, version)));
      Dataset<Row> documents =
          CurrentDocuments.of(Tables.of(spark, storage, task).read(CleanDocuments.SCHEMA))
              .select(Documents.ID, CleanDocuments.TEXT_HASH, Documents.TITLE, Documents.TEXT);
      Done done =
          new ScoreWork.Measured(documents, files, Integer.parseInt(arguments[5]))
              .of(Long.parseLong(arguments[3]));
      Files.write(Path.of(arguments[6]), Json.pretty(done));
    }
  }

  private static Failure noModel(String task) {
    return new Failure.BadUsage("Task '%s' has no current model; name one with --model", task);
  }

  /** Repeats documents, and measures. */
  private record Measured(Dataset<Row> documents, ModelFiles files, int batch) {

    Done of(long wanted) {
      SparkSession spark = documents.sparkSession();
      Broadcast<ModelFiles> model =
          JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(files);
      long there = documents.count();
      long times = Math.max(1, (wanted + there - 1) / there);
      long first = Math.min(wanted, there);
      score(documents.limit((int) Math.min(WARM_UP, first)), WARM_UP, model);
      Dataset<Row> repeated =
          (wanted < there ? documents.limit((int) wanted) : documents)
              .crossJoin(spark.range(0, times, 1, (int) Math.min(times, 64)).toDF("copy"))
              .withColumn(Documents.ID, concat(col(Documents.ID), lit(":"), col("copy")))
              .drop("copy");
      long started = System.nanoTime();
      score(repeated, first * times, model);
      double seconds = (System.nanoTime() - started) / 1e9;
      return new Done(first * times, tokens(first) * times, seconds);
    }

    private void score(Dataset<Row> rows, long number, Broadcast<ModelFiles> model) {
      ScoredTexts.of(rows, number, ScoredTexts.Reader.of(rows.sparkSession(), model, batch))
          .write()
          .format("noop")
          .mode("append")
          .save();
    }

    private long tokens(long first) {
      return documents
          .limit((int) first)
          .select(
              coalesce(
                  sum(
                      udf(new TokenCount(files), DataTypes.LongType)
                          .apply(col(Documents.TITLE), col(Documents.TEXT))),
                  lit(0L)))
          .head()
          .getLong(0);
    }
  }

  /** Counts the tokens that a model reads of a text. */
  private static final class TokenCount implements UDF2<String, String, Long> {
    private static final long serialVersionUID = 1;

    private final ModelFiles files;
    private transient TextRows reader;

    TokenCount(ModelFiles files) {
      this.files = files;
    }

    @Override
    public Long call(String title, String text) {
      if (reader == null) {
        reader =
            new TextRows(
                SubwordTokenizer.shared(files.tokenizer()), files.maxTokens(), files.longTexts());
      }
      return reader.ids(DocumentText.of(title, text)).rows().stream()
          .mapToLong(row -> row.length)
          .sum();
    }
  }
}
