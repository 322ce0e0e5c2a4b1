package io.attune.pipeline.stage.clean;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.copies.Copies;
import io.attune.pipeline.copies.CopyCounts;
import io.attune.pipeline.copies.Judgement;
import io.attune.pipeline.storage.Tables;
import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Signatures;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/** Normalises texts and rejects what is not fit for training, copies included. */
public final class Clean {
  private static final String REASON = Judgement.REASON;
  private static final String DETAIL = Judgement.DETAIL;

  private Clean() {}

  /** Cleans the documents of the run; running it twice is running it once. */
  public static StageResult run(StageContext context, CleanConfig config) {
    return context.describe("clean: normalise and validate texts", () -> cleanRun(context, config));
  }

  private static StageResult cleanRun(StageContext context, CleanConfig config) {
    Tables tables = context.tables();
    String run = context.run().id();
    Dataset<Row> documents = Copies.prepared(tables.readRun(Documents.SCHEMA, run));
    try (Copies copies = Copies.of(tables, run, validate(documents, config), config.copies())) {
      Dataset<Row> rejects =
          rejects(copies.judged(), run).unionByName(copies.replaced(run, Stage.CLEAN.word()));
      tables.replaceRun(
          Rejects.SCHEMA,
          run,
          tables
              .readRun(Rejects.SCHEMA, run)
              .where(col(Rejects.STAGE).notEqual(Stage.CLEAN.word()))
              .unionByName(rejects));
      tables.replaceRun(Signatures.SCHEMA, run, copies.signatures());
      tables.replaceRun(CleanDocuments.SCHEMA, run, copies.clean());
      CopyCounts counts = copies.counts();
      return new StageResult(CleanDocuments.SCHEMA.name(), counts.summary(), counts.byName());
    }
  }

  /**
   * Returns the documents with normalised texts and, where the text is not to be used, the reason.
   *
   * @param documents with the columns of {@link Documents}
   */
  static Dataset<Row> validate(Dataset<Row> documents, CleanConfig config) {
    Documents.SCHEMA.requireIn(documents.schema());
    UDF1<String, String> normalize = TextNormalizer::normalize;
    UDF2<String, String, String> whole = DocumentText::of;
    UDF1<String, Integer> meaningful = TextNormalizer::meaningful;
    UDF1<String, Double> broken = TextNormalizer::brokenShare;
    Dataset<Row> normal =
        documents
            .withColumn("raw", concat_ws(" ", col(Documents.TITLE), col(Documents.TEXT)))
            .withColumn(
                Documents.TITLE, udf(normalize, DataTypes.StringType).apply(col(Documents.TITLE)))
            .withColumn(
                Documents.TEXT, udf(normalize, DataTypes.StringType).apply(col(Documents.TEXT)))
            .withColumn(
                "whole",
                udf(whole, DataTypes.StringType).apply(col(Documents.TITLE), col(Documents.TEXT)));
    Column letters = udf(meaningful, DataTypes.IntegerType).apply(col("whole"));
    Column share = udf(broken, DataTypes.DoubleType).apply(col("whole"));
    Column length = org.apache.spark.sql.functions.length(col("whole"));
    return normal
        .withColumn("letters", letters)
        .withColumn("broken", share)
        .withColumn(
            REASON,
            when(col("letters").lt(config.minCharacters()), "too-short")
                .when(length.gt(config.maxCharacters()), "too-long")
                .when(col("broken").gt(config.maxBrokenShare()), "broken-encoding"))
        .withColumn(
            DETAIL,
            when(
                    col(REASON).equalTo("too-short"),
                    concat(col("letters"), lit(" letters and digits are left of it")))
                .when(
                    col(REASON).equalTo("too-long"),
                    concat(length, lit(" characters are more than a document has")))
                .when(
                    col(REASON).equalTo("broken-encoding"),
                    concat(
                        org.apache.spark.sql.functions.round(col("broken").multiply(100), 1),
                        lit(" % of its characters could not be decoded"))))
        .drop("whole", "letters", "broken");
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
            substring(col("raw"), 1, 2000).as(Rejects.RECORD));
  }
}
