package io.attune.pipeline.dataset;

import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardRows;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TableSchema;
import io.attune.schemas.table.TokenRows;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads the rows of a dataset with their texts and the columns that they are sliced by. */
public final class DatasetRows {
  public static final String SPLIT = "split";
  public static final String TEXT = "text";
  public static final String CORPUS = "corpus";
  public static final String SOURCE = "source";

  /** Names the column of the month, ISO 8601, such as {@code 2026-01}. */
  public static final String MONTH = "month";

  public static final String LANGUAGE = "language";

  /**
   * Names the column of the number of tokens, such as {@code 0017-0032}, in the bounds of {@link
   * ShardIndex.Shard#lengths}.
   */
  public static final String LENGTH = "length";

  /** Names the column of further values that rows are sliced by: a map by their name, or null. */
  public static final String EXTRA = "extra";

  /** Stands for a value that a document does not have. */
  public static final String UNKNOWN = "unknown";

  /** Bounds the characters of a value that rows are sliced by. */
  private static final int VALUE_CHARACTERS = 200;

  /** Sets the precision with which rows are sampled. */
  private static final int SAMPLE_STEPS = 1_000_000;

  /**
   * Sets the rows that a task asks the models about: about a second of work, and few tasks for a
   * small split.
   */
  private static final long PARTITION_ROWS = 1_000;

  private static final TableSchema SHARD =
      new TableSchema(
          "rows of a shard",
          ShardIndex.VERSION,
          new StructType()
              .add(TokenRows.ID, DataTypes.StringType)
              .add(TokenRows.TOKENS, DataTypes.createArrayType(DataTypes.IntegerType))
              .add(TokenRows.LABELS, DataTypes.createArrayType(DataTypes.IntegerType)));

  private DatasetRows() {}

  /**
   * Reads the documents of one split, each once; one whose text is gone is missing.
   *
   * @param folder of the dataset, an absolute path
   * @return columns {@code id, labels, split, length, text, corpus, source, month, language}
   */
  public static Dataset<Row> read(
      StageContext context, String folder, ShardIndex index, Split split) {
    return read(context, folder, index, split, List.of());
  }

  /**
   * Reads the same with the column {@code extra} after the others.
   *
   * @param columns of the corpora whose values it holds, {@link #UNKNOWN} where there is none; it
   *     is null if none is named
   */
  public static Dataset<Row> read(
      StageContext context, String folder, ShardIndex index, Split split, List<String> columns) {
    Dataset<Row> rows = shards(context.spark(), folder, index, split);
    SHARD.requireIn(rows.schema());
    return join(
        rows.withColumn(SPLIT, lit(split.word())),
        CurrentDocuments.of(context.tables().readAt(CleanDocuments.SCHEMA, index.documents())),
        columns);
  }

  /**
   * Returns all rows, or a sample by the hash of the id where there are too many.
   *
   * @param rows how many there are
   * @param most about as many as are wanted
   */
  public static Dataset<Row> sample(Dataset<Row> all, long rows, long most) {
    double share = (double) most / rows;
    Column step = pmod(xxhash64(col(TokenRows.ID)), lit(SAMPLE_STEPS));
    return share >= 1 ? all : all.where(step.lt(lit(share * SAMPLE_STEPS)));
  }

  /**
   * Returns all rows, or a sample of those with a label where the train split has too many: text
   * without labels must not take the place of labelled rows.
   *
   * @param all rows of any split
   * @param folder of the dataset, an absolute path
   * @param most rows of the train split, about, that are wanted
   */
  public static Dataset<Row> sampleToLearnFrom(
      Dataset<Row> all, String folder, ShardIndex index, long most) {
    return index.texts(Split.TRAIN) <= most
        ? all
        : sample(labelled(all), labelledRows(all.sparkSession(), folder, index), most);
  }

  private static Dataset<Row> labelled(Dataset<Row> rows) {
    return rows.where(array_max(col(TokenRows.LABELS)).geq(0));
  }

  /** Counts the rows of the train split with a label of any head; one head needs no reading. */
  private static long labelledRows(SparkSession spark, String folder, ShardIndex index) {
    Collection<Map<String, Long>> heads =
        index.labelCounts().getOrDefault(Split.TRAIN.word(), Map.of()).values();
    return heads.size() == 1
        ? heads.stream().flatMap(head -> head.values().stream()).mapToLong(Long::longValue).sum()
        : labelled(shards(spark, folder, index, Split.TRAIN)).count();
  }

  /** Returns the first row of each document. */
  private static Dataset<Row> shards(
      SparkSession spark, String folder, ShardIndex index, Split split) {
    Dataset<Row> rows = spark.read().parquet(files(folder, index, split));
    return index.hasWindows() ? rows.where(col(ShardRows.WINDOW).equalTo(0)) : rows;
  }

  private static String[] files(String folder, ShardIndex index, Split split) {
    return index.of(split).stream()
        .map(shard -> folder + "/" + shard.file())
        .toArray(String[]::new);
  }

  /**
   * Spreads rows over tasks, with those of similar length next to each other, so that batches hold
   * little padding. Which rows share a batch depends on the rows alone, since it may change the
   * last bits of an answer.
   *
   * @param rows how many there are
   */
  public static Dataset<Row> forAnswers(Dataset<Row> all, long rows) {
    return all.repartition((int) (1 + rows / PARTITION_ROWS), col(TokenRows.ID))
        .sortWithinPartitions(length(col(TEXT)), col(TokenRows.ID));
  }

  /** Joins rows of shards, with their split, to their documents. */
  public static Dataset<Row> join(Dataset<Row> rows, Dataset<Row> documents) {
    return join(rows, documents, List.of());
  }

  private static Dataset<Row> join(
      Dataset<Row> rows, Dataset<Row> documents, List<String> columns) {
    UDF2<String, String, String> text = DocumentText::of;
    UDF1<Integer, String> length = DatasetRows::lengthClass;
    Column tokens = size(col(TokenRows.TOKENS));
    return rows.select(
            col(TokenRows.ID),
            col(TokenRows.LABELS),
            col(SPLIT),
            udf(length, DataTypes.StringType).apply(tokens).as(LENGTH))
        .join(
            documents.select(
                col(Documents.ID),
                udf(text, DataTypes.StringType)
                    .apply(col(Documents.TITLE), col(Documents.TEXT))
                    .as(TEXT),
                col(Documents.CORPUS).as(CORPUS),
                known(col(Documents.SOURCE)).as(SOURCE),
                known(date_format(col(Documents.PUBLISHED_AT), "yyyy-MM")).as(MONTH),
                known(col(Documents.LANGUAGE)).as(LANGUAGE),
                extra(columns).as(EXTRA)),
            TokenRows.ID);
  }

  private static Column extra(List<String> columns) {
    return columns.isEmpty()
        ? lit(null).cast(DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
        : map(
            columns.stream()
                .flatMap(column -> Stream.of(lit(column), valueOf(column)))
                .toArray(Column[]::new));
  }

  /** Returns the value of an extra column of the corpora, cut where it is no name. */
  private static Column valueOf(String column) {
    Column value = trim(col(Documents.EXTRA).getItem(column));
    return known(when(value.notEqual(""), substring(value, 1, VALUE_CHARACTERS)));
  }

  /** Returns the bounds of a length, padded with zeros, so that they sort by length. */
  static String lengthClass(int tokens) {
    int bound = 16;
    while (bound < tokens) {
      bound *= 2;
    }
    int low = bound == 16 ? 1 : bound / 2 + 1;
    return "%04d-%04d".formatted(low, bound);
  }

  private static Column known(Column value) {
    return coalesce(value, lit(UNKNOWN));
  }
}
