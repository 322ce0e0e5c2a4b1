package io.attune.pipeline.quality;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.copies.Judgement;
import io.attune.schemas.report.NightQuality.Measures;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Measures the documents of one night, in three passes over its rows alone. */
final class Measuring {
  /** Bounds the relative error of the median: one in a thousand. */
  private static final int ACCURACY = 1000;

  private static final List<String> COPIES = List.of(Judgement.DUPLICATE, Judgement.NEAR_DUPLICATE);

  private Measuring() {}

  static Measures of(StageContext context) {
    String run = context.run().id();
    Dataset<Row> documents = context.tables().readRun(Documents.SCHEMA, run);
    Column text = coalesce(col(Documents.TEXT), col(Documents.TITLE));
    Column labels = map_filter(col(Documents.LABELS), (head, label) -> label.isNotNull());
    Row all =
        documents
            .agg(
                count(lit(1)),
                expr("percentile_approx(length(coalesce(text, title)), 0.5, " + ACCURACY + ")"),
                share(col(Documents.PUBLISHED_AT).isNotNull()),
                share(size(labels).gt(0)),
                share(text.contains("\uFFFD")))
            .first();
    Map<String, Long> rejects = rejects(context, run);
    long documentsRead = all.getLong(0);
    long kept =
        context
            .tables()
            .readRun(CleanDocuments.SCHEMA, run)
            .where(CurrentDocuments.isDocument())
            .count();
    return new Measures(
        run,
        context.run().date().toString(),
        documentsRead,
        kept,
        rejects.getOrDefault(Stage.INGEST.word(), 0L),
        COPIES.stream().mapToLong(reason -> rejects.getOrDefault(reason, 0L)).sum(),
        all.isNullAt(1) ? 0 : ((Number) all.get(1)).doubleValue(),
        all.getDouble(2),
        all.getDouble(3),
        all.getDouble(4),
        labels(documents),
        languages(documents));
  }

  private static Column share(Column condition) {
    return coalesce(avg(when(condition, 1.0).otherwise(0.0)), lit(0.0));
  }

  /** Counts rejects by stage, and those of clean by reason. */
  private static Map<String, Long> rejects(StageContext context, String run) {
    Map<String, Long> counts = new TreeMap<>();
    if (context.tables().exists(Rejects.SCHEMA)) {
      context
          .tables()
          .readRun(Rejects.SCHEMA, run)
          .groupBy(Rejects.STAGE, Rejects.REASON)
          .count()
          .collectAsList()
          .forEach(
              row -> {
                boolean isClean = Stage.CLEAN.word().equals(row.getString(0));
                counts.merge(
                    isClean ? row.getString(1) : row.getString(0), row.getLong(2), Long::sum);
              });
    }
    return counts;
  }

  private static Map<String, Map<String, Long>> labels(Dataset<Row> documents) {
    Map<String, Map<String, Long>> counts = new HashMap<>();
    documents
        .select(explode(col(Documents.LABELS)).as(new String[] {"head", "label"}))
        .where(col("label").isNotNull())
        .groupBy("head", "label")
        .count()
        .collectAsList()
        .forEach(
            row ->
                counts
                    .computeIfAbsent(row.getString(0), head -> new TreeMap<>())
                    .put(row.getString(1), row.getLong(2)));
    return counts;
  }

  private static Map<String, Long> languages(Dataset<Row> documents) {
    Map<String, Long> counts = new TreeMap<>();
    documents
        .where(col(Documents.LANGUAGE).isNotNull().and(length(col(Documents.LANGUAGE)).lt(20)))
        .groupBy(Documents.LANGUAGE)
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }
}
