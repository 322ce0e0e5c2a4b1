package io.attune.pipeline.scoring;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.scoring.AnsweredRows.Answered;
import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Scores;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import scala.collection.JavaConverters;

/** Turns documents into the rows of the table of scores. */
public final class ScoredTexts {
  private static final String TEXT = "text";
  private static final int TEXT_HASH_AT = 1;
  private static final int TEXT_AT = 2;

  /** Bounds the tasks of a small work: about so many documents are of one task. */
  private static final long FEWEST_ROWS = 1_000;

  /** Bounds the documents of one task, and with it the size of the file that it writes. */
  private static final long MOST_ROWS = 25_000;

  /** Sets how many tasks there are between these bounds. */
  private static final long TASKS = 200;

  /** Holds what the model says of a document; the rest of a row is the same in all of them. */
  private static final StructType ANSWERS = answers();

  private ScoredTexts() {}

  private static StructType answers() {
    StructType columns = new StructType();
    for (String name :
        List.of(
            Scores.DOCUMENT_ID,
            Scores.HEAD,
            Scores.LABEL,
            Scores.PROBABILITIES,
            Scores.TEXT_HASH)) {
      columns = columns.add(Scores.SCHEMA.columns().apply(name));
    }
    return columns;
  }

  /**
   * Says what is the same in all rows of one work.
   *
   * @param run that the rows are written in
   * @param at when the work began
   */
  public record Work(String run, Instant at) {}

  /**
   * Says how documents are read.
   *
   * @param model sent to every executor, which opens it once
   * @param batchRows documents that are answered at once
   * @param read is added the documents that are answered
   */
  public record Reader(Broadcast<ModelFiles> model, int batchRows, LongAccumulator read) {
    /** Returns one whose documents nobody counts. */
    public static Reader of(SparkSession spark, Broadcast<ModelFiles> model, int batchRows) {
      return new Reader(model, batchRows, spark.sparkContext().longAccumulator());
    }
  }

  /**
   * Asks a model about documents, of which each is in one batch with others of similar length.
   * Batches depend on the documents alone: another batch may change the last bits of an answer.
   *
   * @param documents with the columns {@code id}, {@code text_hash}, {@code title} and {@code text}
   *     of {@link CleanDocuments}
   * @param number of them, about
   * @return rows of {@link Scores}: one for each document and head that the model answers
   */
  public static Dataset<Row> of(Dataset<Row> documents, long number, Reader reader) {
    Broadcast<ModelFiles> model = reader.model();
    int batchRows = reader.batchRows();
    LongAccumulator read = reader.read();
    UDF2<String, String, String> whole = DocumentText::of;
    Dataset<Row> texts =
        documents
            .select(
                col(Documents.ID),
                col(CleanDocuments.TEXT_HASH),
                udf(whole, DataTypes.StringType)
                    .apply(col(Documents.TITLE), col(Documents.TEXT))
                    .as(TEXT))
            .repartition(tasks(number), col(Documents.ID))
            .sortWithinPartitions(length(col(TEXT)), col(Documents.ID));
    return documents
        .sparkSession()
        .createDataFrame(
            texts.javaRDD().mapPartitions(part -> answers(part, model.value(), batchRows, read)),
            ANSWERS);
  }

  /** Adds what is the same in all rows of one work. */
  public static Dataset<Row> with(Dataset<Row> answers, String version, Work work) {
    Column at = lit(Timestamp.from(work.at()));
    return answers
        .withColumn(Scores.MODEL, lit(version))
        .withColumn(Scores.RUN, lit(work.run()))
        .withColumn(Scores.SCORED_AT, at);
  }

  /** Returns the number of tasks, by the documents alone. */
  static int tasks(long number) {
    long rows = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, number / TASKS));
    return Math.toIntExact(1 + number / rows);
  }

  private static Iterator<Row> answers(
      Iterator<Row> rows, ModelFiles files, int batchRows, LongAccumulator read) {
    List<Head> heads = files.labels().heads();
    AnsweredRows<Row> answered =
        new AnsweredRows<>(rows, row -> row.getString(TEXT_AT), TaskModel.of(files), batchRows);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(answered, Spliterator.ORDERED), false)
        .flatMap(
            row -> {
              read.add(1);
              return rows(row, heads).stream();
            })
        .iterator();
  }

  private static List<Row> rows(Answered<Row> answered, List<Head> heads) {
    List<Row> rows = new ArrayList<>(heads.size());
    for (int head = 0; head < heads.size(); head++) {
      float[] probabilities = answered.probabilities()[head];
      if (probabilities != null) {
        HeadAnswer answer = HeadAnswer.of(heads.get(head), probabilities);
        rows.add(
            RowFactory.create(
                answered.row().getString(0),
                heads.get(head).name(),
                answer.label(),
                JavaConverters.mapAsScalaMap(answer.probabilities()),
                answered.row().getString(TEXT_HASH_AT)));
      }
    }
    return rows;
  }
}
