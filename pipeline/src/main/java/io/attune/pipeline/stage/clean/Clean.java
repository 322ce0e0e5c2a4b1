package io.attune.pipeline.stage.clean;

import static org.apache.spark.sql.functions.asc_nulls_last;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TextChanges;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/** Normalises texts and rejects what is not fit for training, exact duplicates included. */
public final class Clean {
  private static final String REASON = Preparation.REASON;
  private static final String DETAIL = Preparation.DETAIL;
  private static final String DUPLICATE_OF = "duplicate_of";

  private Clean() {}

  /** Cleans the documents of the run; running it twice is running it once. */
  public static StageResult run(StageContext context, CleanConfig config) {
    return context.describe("clean: normalise and validate texts", () -> cleanRun(context, config));
  }

  private static StageResult cleanRun(StageContext context, CleanConfig config) {
    Tables tables = context.tables();
    String run = context.run().id();
    Dataset<Row> documents = tables.readRun(Documents.SCHEMA, run);
    Dataset<Row> validated = againstEarlier(validate(documents, config), tables, run);
    validated.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      RejectLimit.require(validated, config.maxRejectedShare());
      ChangeCounts changes = ChangeCounts.of(validated, run);
      Dataset<Row> clean = validated.where(col(REASON).isNull());
      Dataset<Row> rejects = rejects(validated, run);
      tables.replaceRun(
          Rejects.SCHEMA,
          run,
          tables
              .readRun(Rejects.SCHEMA, run)
              .where(col(Rejects.STAGE).notEqual(Stage.CLEAN.word()))
              .unionByName(rejects));
      tables.replaceRun(
          TextChanges.SCHEMA,
          run,
          context.spark().createDataFrame(changes.rows(), TextChanges.SCHEMA.columns()));
      tables.replaceRun(CleanDocuments.SCHEMA, run, clean);
      Row counts = validated.agg(count(lit(1)), count(col(REASON))).first();
      long rejected = counts.getLong(1);
      long kept = counts.getLong(0) - rejected;
      Map<String, Long> published = new LinkedHashMap<>(changes.byKind());
      published.put("documents", kept);
      published.put("rejected", rejected);
      return new StageResult(
          CleanDocuments.SCHEMA.name(),
          "%,d documents kept, %,d rejected".formatted(kept, rejected) + changes.summary(),
          published);
    } finally {
      validated.unpersist();
    }
  }

  /**
   * Returns the documents with normalised texts and, where they are not to be used, the reason.
   *
   * <p>{@link Preparation} normalises and judges each by itself. Of documents with one text, a
   * declared test document stays before a declared validation one before any other, then one with
   * labels, then the earliest, then the smallest id: nothing depends on the order of rows.
   *
   * @param documents with the columns of {@link Documents}
   */
  static Dataset<Row> validate(Dataset<Row> documents, CleanConfig config) {
    Dataset<Row> validated =
        Preparation.of(documents, config)
            .withColumn(CleanDocuments.TEXT_HASH, sha2(col(Preparation.WHOLE), 256));
    Dataset<Row> unique =
        withoutDuplicates(validated, Documents.ID, "duplicate-id", "another document has its id: ");
    return withoutDuplicates(
            unique, CleanDocuments.TEXT_HASH, "duplicate", "the same text as document ")
        .drop(Preparation.WHOLE);
  }

  /**
   * Rejects all but the first of the rows, not yet rejected, that have the same value in a column.
   */
  private static Dataset<Row> withoutDuplicates(
      Dataset<Row> validated, String key, String reason, String detail) {
    Column preference =
        when(col(Documents.DECLARED_SPLIT).equalTo(Split.TEST.word()), 0)
            .when(col(Documents.DECLARED_SPLIT).equalTo(Split.VALIDATION.word()), 1)
            .otherwise(2);
    Column hasNoLabels = coalesce(size(col(Documents.LABELS)), lit(0)).leq(0);
    WindowSpec alike =
        Window.partitionBy(col(key), col(REASON).isNull())
            .orderBy(
                preference,
                hasNoLabels,
                asc_nulls_last(Documents.PUBLISHED_AT),
                col(Documents.ID),
                col(Documents.FILE),
                col(Documents.LINE));
    Column isDuplicate = col(REASON).isNull().and(col("place").gt(1));
    return validated
        .withColumn("place", row_number().over(alike))
        .withColumn(DUPLICATE_OF, first(col(Documents.ID)).over(alike))
        .withColumn(
            DETAIL,
            when(isDuplicate, concat(lit(detail), col(DUPLICATE_OF))).otherwise(col(DETAIL)))
        .withColumn(REASON, when(isDuplicate, reason).otherwise(col(REASON)))
        .drop("place", DUPLICATE_OF);
  }

  /** Rejects documents whose id or text an earlier run has. */
  private static Dataset<Row> againstEarlier(Dataset<Row> validated, Tables tables, String run) {
    if (!tables.exists(CleanDocuments.SCHEMA)) {
      return validated;
    }
    Dataset<Row> earlier =
        tables.read(CleanDocuments.SCHEMA).where(col(Documents.RUN).notEqual(run));
    Dataset<Row> byText =
        earlier.select(
            col(CleanDocuments.TEXT_HASH),
            concat(
                    lit("the same text as document "),
                    col(Documents.ID),
                    lit(" of run "),
                    col(Documents.RUN))
                .as("same_text"));
    Dataset<Row> byId =
        earlier.select(
            col(Documents.ID),
            concat(lit("another document has its id, in run "), col(Documents.RUN)).as("same_id"));
    return validated
        .join(
            byText,
            scala.collection.JavaConverters.asScalaBuffer(Arrays.asList(CleanDocuments.TEXT_HASH))
                .toSeq(),
            "left")
        .join(
            byId,
            scala.collection.JavaConverters.asScalaBuffer(Arrays.asList(Documents.ID)).toSeq(),
            "left")
        .withColumn(DETAIL, coalesce(col(DETAIL), col("same_text"), col("same_id")))
        .withColumn(
            REASON,
            coalesce(
                col(REASON),
                when(col("same_text").isNotNull(), "duplicate"),
                when(col("same_id").isNotNull(), "duplicate-id")))
        .drop("same_text", "same_id");
  }

  private static Dataset<Row> rejects(Dataset<Row> validated, String run) {
    return validated
        .where(col(REASON).isNotNull())
        .select(
            lit(run).as(Rejects.RUN),
            lit(Stage.CLEAN.word()).as(Rejects.STAGE),
            col(Documents.CORPUS),
            col(Documents.FILE),
            col(Documents.LINE),
            lit(null).cast(DataTypes.StringType).as(Rejects.FIELD),
            col(REASON).as(Rejects.REASON),
            col(DETAIL).as(Rejects.DETAIL),
            substring(col(Preparation.RAW), 1, 2000).as(Rejects.RECORD));
  }
}
