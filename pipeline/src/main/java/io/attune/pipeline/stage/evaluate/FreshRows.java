package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.udf;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.calibration.Probabilities;
import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.copies.ReadAgain;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.pipeline.metric.Wilson;
import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.FreshEvidence.FreshHead;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/**
 * Asks the model in use about the labelled documents of the night, whatever their split: it was
 * trained before they came. Corrections and near copies of documents that it may know are left out.
 *
 * @param most documents, about; of more a sample by the hash of the id is asked about
 */
record FreshRows(StageContext context, long snapshot, long most) {

  /**
   * Returns the figures by head; none where no model is in use, where there is nothing new, or
   * where the run reads documents again that earlier nights had.
   */
  List<FreshHead> ask(Broadcast<EvaluatedModels> models, Bootstrap bootstrap) {
    boolean isAsked =
        most > 0
            && models.value().byName().containsKey(Evaluation.CURRENT)
            && ReadAgain.files(context.storage(), context.run()).isEmpty();
    if (!isAsked) {
      return List.of();
    }
    Dataset<Row> fresh = fresh();
    long rows = fresh.count();
    if (rows == 0) {
      return List.of();
    }
    Dataset<Row> asked =
        DatasetRows.forAnswers(DatasetRows.sample(fresh, rows, most), Math.min(rows, most));
    List<ConfusionMatrix> scores =
        asked
            .javaRDD()
            .mapPartitions(part -> List.of(answers(part, models.value())).iterator())
            .reduce(FreshRows::merge);
    List<FreshHead> heads = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      if (scores.get(i).rows() > 0) {
        heads.add(figures(models.value().labels().heads().get(i).name(), scores.get(i), bootstrap));
      }
    }
    return heads;
  }

  private Dataset<Row> fresh() {
    UDF2<String, String, String> text = DocumentText::of;
    return context
        .tables()
        .readAt(CleanDocuments.SCHEMA, snapshot)
        .where(col(Documents.RUN).equalTo(context.run().id()))
        .where(CurrentDocuments.isDocument())
        .where(size(col(Documents.LABELS)).gt(0))
        .where(
            col(CleanDocuments.REPLACES).isNull().or(size(col(CleanDocuments.REPLACES)).equalTo(0)))
        .where(
            col(CleanDocuments.CLUSTER)
                .isNull()
                .or(col(CleanDocuments.CLUSTER).equalTo(col(Documents.ID))))
        .select(
            col(Documents.ID),
            udf(text, DataTypes.StringType)
                .apply(col(Documents.TITLE), col(Documents.TEXT))
                .as(DatasetRows.TEXT),
            col(Documents.LABELS));
  }

  private static List<ConfusionMatrix> answers(Iterator<Row> rows, EvaluatedModels models) {
    List<ConfusionMatrix> scores = new ArrayList<>();
    for (Head head : models.labels().heads()) {
      scores.add(new ConfusionMatrix(head.classes().size()));
    }
    TextModel current = models.byName().get(Evaluation.CURRENT);
    new RowBatches(rows, models.batchRows())
        .forEachRemaining(batch -> add(batch, current, models.labels().heads(), scores));
    return scores;
  }

  private static void add(
      List<Row> batch, TextModel model, List<Head> heads, List<ConfusionMatrix> scores) {
    List<String> texts = batch.stream().map(row -> row.getString(1)).toList();
    float[][][] answers = model.probabilities(texts);
    for (int row = 0; row < batch.size(); row++) {
      Map<String, String> labels = new HashMap<>(batch.get(row).getJavaMap(2));
      for (int head = 0; head < heads.size(); head++) {
        String label = labels.get(heads.get(head).name());
        int actual = label == null ? -1 : heads.get(head).indexOf(label);
        float[] classes = answers[row][head];
        if (actual >= 0 && classes != null) {
          scores.get(head).add(actual, Probabilities.mostLikely(classes), 1);
        }
      }
    }
  }

  private static List<ConfusionMatrix> merge(
      List<ConfusionMatrix> one, List<ConfusionMatrix> other) {
    List<ConfusionMatrix> merged = new ArrayList<>();
    for (int head = 0; head < one.size(); head++) {
      merged.add(one.get(head).merge(other.get(head)));
    }
    return merged;
  }

  private static FreshHead figures(String head, ConfusionMatrix confusion, Bootstrap bootstrap) {
    return new FreshHead(
        head,
        confusion.rows(),
        confusion.correct(),
        confusion.accuracy(),
        Wilson.interval(confusion.correct(), confusion.rows()),
        confusion.macroF1(),
        bootstrap.macroF1(confusion).interval());
  }
}
