package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.udf;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TableSchema;
import io.attune.schemas.table.TokenRows;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads the rows of a dataset with their texts and the columns that they are sliced by. */
final class DatasetRows {
  static final String SPLIT = "split";
  static final String TEXT = "text";
  static final String CORPUS = "corpus";
  static final String SOURCE = "source";

  /** Names the column of the month, ISO 8601, such as {@code 2026-01}. */
  static final String MONTH = "month";

  static final String LANGUAGE = "language";

  /**
   * Names the column of the number of tokens, such as {@code 0017-0032}, in the bounds of {@link
   * ShardIndex.Shard#lengths}.
   */
  static final String LENGTH = "length";

  /** Stands for a value that a document does not have. */
  static final String UNKNOWN = "unknown";

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
   * Reads the rows of one split; a row whose document is gone is missing.
   *
   * @return columns {@code id, labels, split, text, corpus, source, month, language, length}
   */
  static Dataset<Row> read(StageContext context, TestedDataset dataset, Split split) {
    String[] files =
        dataset.index().of(split).stream()
            .map(shard -> dataset.files().resolve(shard.file()).toString())
            .toArray(String[]::new);
    Dataset<Row> rows = context.spark().read().parquet(files);
    SHARD.requireIn(rows.schema());
    return join(
        rows.withColumn(SPLIT, lit(split.word())),
        context.tables().readAt(CleanDocuments.SCHEMA, dataset.index().documents()));
  }

  /** Joins rows of shards, with their split, to their documents. */
  static Dataset<Row> join(Dataset<Row> rows, Dataset<Row> documents) {
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
                known(col(Documents.LANGUAGE)).as(LANGUAGE)),
            TokenRows.ID);
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
