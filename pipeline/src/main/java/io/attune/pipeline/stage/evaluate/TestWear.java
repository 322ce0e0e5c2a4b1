package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.col;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.report.FreshEvidence.TestSplit;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Finds out how old the rows of the test split are, and in how many nights they were used. */
final class TestWear {
  private TestWear() {}

  /**
   * Returns it, as if the division into splits had always been the present one.
   *
   * @param predictions with {@link Predictions#SCHEMA}
   * @param snapshot of the table of clean documents
   */
  static TestSplit of(StageContext context, Dataset<Row> predictions, long snapshot) {
    Dataset<Row> ids =
        predictions
            .where(col(DatasetRows.SPLIT).equalTo(Split.TEST.word()))
            .select(col(Predictions.ID).as(TokenRows.ID))
            .distinct();
    SortedMap<Run, Long> rowsByRun = new TreeMap<>();
    CurrentDocuments.of(context.tables().readAt(CleanDocuments.SCHEMA, snapshot))
        .select(Documents.ID, Documents.RUN)
        .join(ids, TokenRows.ID)
        .groupBy(Documents.RUN)
        .count()
        .collectAsList()
        .forEach(
            row ->
                rowsByRun.merge(
                    Run.parse(context.run().task(), row.getString(0)), row.getLong(1), Long::sum));
    return of(rowsByRun, context.run(), evaluated(context));
  }

  /**
   * Returns it of rows that are known.
   *
   * @param rowsByRun rows of the split by the run that brought them; not empty
   * @param evaluated earlier runs in which models were evaluated
   */
  static TestSplit of(SortedMap<Run, Long> rowsByRun, Run tonight, List<Run> evaluated) {
    long rows = rowsByRun.values().stream().mapToLong(Long::longValue).sum();
    long sofar = 0;
    Run median = tonight;
    for (var entry : rowsByRun.entrySet()) {
      sofar += entry.getValue();
      if (2 * sofar >= rows) {
        median = entry.getKey();
        break;
      }
    }
    Run since = median;
    long uses = 1 + evaluated.stream().filter(run -> run.compareTo(since) >= 0).count();
    String first =
        rowsByRun.isEmpty() ? tonight.date().toString() : rowsByRun.firstKey().date().toString();
    return new TestSplit(rows, first, uses);
  }

  private static List<Run> evaluated(StageContext context) {
    return context.artefacts().runsWith(Run::evaluation, context.run().task()).stream()
        .filter(run -> run.compareTo(context.run()) < 0)
        .toList();
  }
}
