package io.attune.pipeline.stage.clean;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.copies.Copies;
import io.attune.pipeline.copies.CopyCounts;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Signatures;
import io.attune.schemas.table.TextChanges;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Normalises texts and rejects what is not fit for training, copies included. */
public final class Clean {
  private static final List<String> REJECTED =
      Stream.concat(
              Stream.of(Documents.CORPUS, Documents.FILE, Documents.LINE),
              Preparation.OF_RAW.stream())
          .toList();

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
      RejectLimit.require(copies.outcomes(), config.maxRejectedShare());
      ChangeCounts changes = ChangeCounts.of(copies.given(), run);
      Dataset<Row> rejects =
          rejects(copies.rejected(REJECTED), run)
              .unionByName(copies.replaced(run, Stage.CLEAN.word()));
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
      tables.replaceRun(Signatures.SCHEMA, run, copies.signatures());
      tables.replaceRun(CleanDocuments.SCHEMA, run, copies.clean());
      CopyCounts counts = copies.counts();
      warnOfManyNearCopies(context, counts);
      Map<String, Long> published = new LinkedHashMap<>(changes.byKind());
      published.putAll(counts.byName());
      return new StageResult(
          CleanDocuments.SCHEMA.name(), counts.summary() + changes.summary(), published);
    }
  }

  private static void warnOfManyNearCopies(StageContext context, CopyCounts counts) {
    long all = counts.kept() + counts.rejected();
    if (2 * counts.nearRejected() > all) {
      context
          .progress()
          .warn(
              "%,d of %,d documents were left out as near copies of others; where such texts are documents of their own, such as notices that differ by a number, set clean.copies.near: keep"
                  .formatted(counts.nearRejected(), all));
    }
  }

  /**
   * Returns the documents with normalised texts and, where the text is not to be used, the reason.
   *
   * @param documents with the columns of {@link Documents}
   * @return with {@link Preparation#REASON}, which is null where a document can be used
   */
  public static Dataset<Row> validate(Dataset<Row> documents, CleanConfig config) {
    return Preparation.of(documents, config);
  }

  private static Dataset<Row> rejects(Dataset<Row> rejected, String run) {
    return rejected.select(
        lit(run).as(Rejects.RUN),
        lit(Stage.CLEAN.word()).as(Rejects.STAGE),
        col(Documents.CORPUS),
        col(Documents.FILE),
        col(Documents.LINE),
        lit(null).cast(DataTypes.StringType).as(Rejects.FIELD),
        col(Preparation.REASON).as(Rejects.REASON),
        col(Preparation.DETAIL).as(Rejects.DETAIL),
        Preparation.raw().as(Rejects.RECORD));
  }
}
