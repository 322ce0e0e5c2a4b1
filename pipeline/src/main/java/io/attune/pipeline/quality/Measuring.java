package io.attune.pipeline.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.substring;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.copies.Judgement;
import io.attune.schemas.report.NightQuality.Measures;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measures the documents of one night, in one pass over its rows alone. */
final class Measuring {
  private static final List<String> COPIES = List.of(Judgement.DUPLICATE, Judgement.NEAR_DUPLICATE);

  /**
   * Bounds the sources that are counted, the most frequent first, and the length of their names.
   */
  private static final int MOST_SOURCES = 500;

  private static final int SOURCE_CHARACTERS = 100;

  private Measuring() {}

  static Measures of(StageContext context) {
    String run = context.run().id();
    DocumentTally all =
        context
            .tables()
            .readRun(Documents.SCHEMA, run)
            .select(DocumentTally.columns())
            .javaRDD()
            .treeAggregate(new DocumentTally(), DocumentTally::add, DocumentTally::add);
    Map<String, Long> rejects = rejects(context, run);
    return new Measures(
        run,
        context.run().date().toString(),
        all.documents(),
        kept(context, run),
        rejects.getOrDefault(Stage.INGEST.word(), 0L),
        COPIES.stream().mapToLong(reason -> rejects.getOrDefault(reason, 0L)).sum(),
        all.medianCharacters(),
        all.dated(),
        all.labelled(),
        all.broken(),
        Map.copyOf(all.labels()),
        all.languages(),
        sources(context, run),
        all.lengths());
  }

  /** Counts documents by source, the most frequent ones. */
  private static Map<String, Long> sources(StageContext context, String run) {
    Map<String, Long> counts = new TreeMap<>();
    context
        .tables()
        .readRun(Documents.SCHEMA, run)
        .where(col(Documents.SOURCE).isNotNull())
        .groupBy(substring(col(Documents.SOURCE), 1, SOURCE_CHARACTERS).as(Documents.SOURCE))
        .count()
        .orderBy(col("count").desc(), col(Documents.SOURCE))
        .limit(MOST_SOURCES)
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }

  /** Counts the documents that clean kept: those with a hash of their text. */
  private static long kept(StageContext context, String run) {
    return context
        .tables()
        .readRun(CleanDocuments.SCHEMA, run)
        .where(col(CleanDocuments.TEXT_HASH).isNotNull())
        .count();
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
}
