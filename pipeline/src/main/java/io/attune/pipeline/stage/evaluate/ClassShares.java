package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.col;

import io.attune.pipeline.calibration.PriorShift;
import io.attune.pipeline.calibration.PriorShift.Estimate;
import io.attune.pipeline.calibration.Probabilities;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.ClassShare;
import io.attune.schemas.report.Evaluation.PriorShiftResult;
import io.attune.schemas.table.Split;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Estimates the shares of the classes among the test documents from the answers of a model, without
 * their labels, and corrects answers for them ({@link PriorShift}).
 */
final class ClassShares {
  /** Bounds the documents that an estimate is made from; of more a sample by the hash of the id. */
  private static final long MOST_ROWS = 20_000;

  /** Bounds the probabilities that are held at once. */
  private static final long MOST_VALUES = 4_000_000;

  /** Names the folder of answers that are not corrected yet. */
  static final String UNCORRECTED = Evaluation.PREDICTIONS + "-asked";

  private final LabelSets labels;
  private final TrainingShares training;

  ClassShares(LabelSets labels, TrainingShares training) {
    this.labels = labels;
    this.training = training;
  }

  /** Holds what one model answers to one head of the test documents, in the order of their ids. */
  private record Answers(List<float[]> probabilities, List<String> expected) {}

  /** Identifies the answers of a model to a head. */
  private record Key(String model, String head) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /** Holds the shares of a head's classes that a model was trained with, and those of the test. */
  @SuppressWarnings("ArrayRecordComponent") // Passed on at once; never compared.
  private record Shift(double[] training, double[] estimated) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /**
   * Returns what a model's answers say, by head that it answers.
   *
   * @param predictions with {@link Predictions#SCHEMA}, not corrected
   * @param testRows documents of the test split
   */
  List<PriorShiftResult> of(String model, Dataset<Row> predictions, long testRows) {
    List<PriorShiftResult> results = new ArrayList<>();
    Map<String, Answers> byHead = answers(model, predictions, testRows);
    for (Head head : labels.heads()) {
      Answers answers = byHead.get(head.name());
      if (answers != null) {
        training
            .of(model, head.name())
            .ifPresent(before -> results.add(result(new Key(model, head.name()), answers, before)));
      }
    }
    return results;
  }

  /**
   * Returns the predictions with the answers to test documents corrected, of each model by its own
   * estimate and from the shares that it was trained with. A model without known shares keeps its
   * answers.
   */
  Dataset<Row> corrected(Dataset<Row> predictions, long testRows) {
    Map<Key, Shift> shifts = new HashMap<>();
    for (String model : Predictions.MODELS) {
      answers(model, predictions, testRows)
          .forEach(
              (head, answers) ->
                  training
                      .of(model, head)
                      .ifPresent(
                          before ->
                              shifts.put(
                                  new Key(model, head),
                                  new Shift(
                                      before,
                                      PriorShift.estimate(answers.probabilities(), before)
                                          .shares()))));
    }
    Broadcast<Correction> shared =
        JavaSparkContext.fromSparkContext(predictions.sparkSession().sparkContext())
            .broadcast(new Correction(labels, shifts));
    return predictions
        .sparkSession()
        .createDataFrame(
            predictions.javaRDD().map(row -> shared.value().of(row)), Predictions.SCHEMA);
  }

  /** Corrects rows of predictions on executors. */
  private record Correction(LabelSets labels, Map<Key, Shift> shifts) implements Serializable {
    private static final long serialVersionUID = 1;

    Row of(Row row) {
      if (!Split.TEST.word().equals(row.getAs(DatasetRows.SPLIT))) {
        return row;
      }
      Head head = labels.head(row.getAs(Predictions.HEAD)).orElseThrow();
      String label = row.getAs(Predictions.LABEL);
      Object[] values = new Object[row.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(i);
      }
      for (String model : Predictions.MODELS) {
        Shift shift = shifts.get(new Key(model, head.name()));
        int place = row.fieldIndex(Predictions.probabilities(model));
        if (shift != null && !row.isNullAt(place)) {
          float[] corrected =
              PriorShift.correct(
                  Predictions.floats(row.getList(place)), shift.training(), shift.estimated());
          int chosen = Probabilities.mostLikely(corrected);
          values[place] = Predictions.boxed(corrected);
          values[row.fieldIndex(Predictions.chosen(model))] = head.classes().get(chosen);
          values[row.fieldIndex(Predictions.probability(model))] = corrected[chosen];
          values[row.fieldIndex(Predictions.labelProbability(model))] =
              label == null ? null : corrected[head.indexOf(label)];
        }
      }
      return RowFactory.create(values);
    }
  }

  private Map<String, Answers> answers(String model, Dataset<Row> predictions, long testRows) {
    long values = labels.heads().stream().mapToLong(head -> head.classes().size()).sum();
    String column = Predictions.probabilities(model);
    List<Row> rows =
        new ArrayList<>(
            DatasetRows.sample(
                    predictions
                        .where(col(DatasetRows.SPLIT).equalTo(Split.TEST.word()))
                        .where(col(column).isNotNull()),
                    testRows,
                    Math.max(1, Math.min(MOST_ROWS, MOST_VALUES / values)))
                .select(Predictions.ID, Predictions.HEAD, Predictions.LABEL, column)
                .collectAsList());
    rows.sort(Comparator.comparing(row -> row.getString(0)));
    Map<String, Answers> byHead = new HashMap<>();
    for (Row row : rows) {
      Answers answers =
          byHead.computeIfAbsent(
              row.getString(1), head -> new Answers(new ArrayList<>(), new ArrayList<>()));
      answers.probabilities().add(Predictions.floats(row.getList(3)));
      answers.expected().add(row.getString(2));
    }
    return byHead;
  }

  private PriorShiftResult result(Key of, Answers answers, double[] before) {
    Head head = labels.head(of.head()).orElseThrow();
    Estimate estimate = PriorShift.estimate(answers.probabilities(), before);
    long[] labelled = new long[before.length];
    long rows = 0;
    long right = 0;
    long corrected = 0;
    for (int i = 0; i < answers.probabilities().size(); i++) {
      if (answers.expected().get(i) != null) {
        int label = head.indexOf(answers.expected().get(i));
        float[] answer = answers.probabilities().get(i);
        labelled[label]++;
        rows++;
        right += Probabilities.mostLikely(answer) == label ? 1 : 0;
        float[] other = PriorShift.correct(answer, before, estimate.shares());
        corrected += Probabilities.mostLikely(other) == label ? 1 : 0;
      }
    }
    List<ClassShare> classes = new ArrayList<>();
    for (int c = 0; c < before.length; c++) {
      classes.add(
          new ClassShare(
              head.classes().get(c),
              before[c],
              estimate.shares()[c],
              rows == 0 ? null : (double) labelled[c] / rows));
    }
    return new PriorShiftResult(
        of.model(),
        head.name(),
        answers.probabilities().size(),
        classes,
        estimate.pValue(),
        rows == 0 ? null : (double) right / rows,
        rows == 0 ? null : (double) corrected / rows);
  }
}
