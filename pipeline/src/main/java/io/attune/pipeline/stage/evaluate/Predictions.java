package io.attune.pipeline.stage.evaluate;

import io.attune.pipeline.calibration.Probabilities;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.dataset.Labels;
import io.attune.pipeline.dataset.Slices;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.table.TokenRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/**
 * Writes what each model answered to each row and head: {@code predictions/*.parquet}; {@code
 * docs/formats/evaluation.md} specifies it.
 *
 * <p>For each model three columns: {@code <model>}, the class it chose ({@code candidate_network}
 * for the model {@code candidate-network}); {@code <model>_probability}, of that class; {@code
 * <model>_label_probability}, of the true class, null where there is no label. After all of these,
 * for each model {@code <model>_probabilities}, of every class in the order of the label sets, and
 * at last {@code extra}, by which rows are sliced beside the columns of every row. All of a model
 * are null where the model does not answer the head, and those of the candidate's parts where it
 * has only one.
 *
 * <p>They are null too where a published model has learned from a test row or from a copy of it
 * ({@link LearnedRows#LEARNED_BY}): no model is judged on such a row.
 */
final class Predictions {
  static final String ID = "id";
  static final String HEAD = "head";

  /** Names the column of the true class, which is null where the document has none. */
  static final String LABEL = "label";

  static final List<String> MODELS =
      List.of(
          Evaluation.CANDIDATE,
          Evaluation.CANDIDATE_NETWORK,
          Evaluation.CANDIDATE_LINEAR,
          Evaluation.CURRENT,
          Evaluation.ANCHOR,
          Evaluation.BASELINE);

  /** Lists the columns by which every row is sliced. */
  static final List<String> SLICES = Slices.COLUMNS;

  static final StructType SCHEMA = schema();

  private Predictions() {}

  static String chosen(String model) {
    return model.replace('-', '_');
  }

  static String probability(String model) {
    return chosen(model) + "_probability";
  }

  static String labelProbability(String model) {
    return chosen(model) + "_label_probability";
  }

  static String probabilities(String model) {
    return chosen(model) + "_probabilities";
  }

  private static StructType schema() {
    StructType schema =
        new StructType()
            .add(ID, DataTypes.StringType)
            .add(DatasetRows.SPLIT, DataTypes.StringType)
            .add(HEAD, DataTypes.StringType)
            .add(LABEL, DataTypes.StringType);
    for (String slice : SLICES) {
      schema = schema.add(slice, DataTypes.StringType);
    }
    schema =
        schema
            .add(DatasetRows.CLUSTER, DataTypes.StringType)
            .add(LearnedRows.LEARNED_BY, DataTypes.createArrayType(DataTypes.StringType));
    for (String model : MODELS) {
      schema =
          schema
              .add(chosen(model), DataTypes.StringType)
              .add(probability(model), DataTypes.FloatType)
              .add(labelProbability(model), DataTypes.FloatType);
    }
    for (String model : MODELS) { // after the columns that readers may know by their place
      schema =
          schema.add(probabilities(model), DataTypes.createArrayType(DataTypes.FloatType, false));
    }
    return schema.add(
        DatasetRows.EXTRA, DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType));
  }

  /**
   * Asks every model about every row.
   *
   * @param rows as {@link DatasetRows} gives them, with {@link LearnedRows#LEARNED_BY}; rows of
   *     similar length are best next to each other
   * @param done is added the rows of each batch
   * @return one row for each row and head, with {@link #SCHEMA}
   */
  static Dataset<Row> predict(
      Dataset<Row> rows, Broadcast<EvaluatedModels> models, LongAccumulator done) {
    List<String> columns =
        new ArrayList<>(
            List.of(DatasetRows.TEXT, TokenRows.LABELS, TokenRows.ID, DatasetRows.SPLIT));
    columns.addAll(SLICES);
    columns.addAll(List.of(DatasetRows.CLUSTER, LearnedRows.LEARNED_BY, DatasetRows.EXTRA));
    Dataset<Row> ordered =
        rows.selectExpr(columns.stream().map(c -> "`" + c + "`").toArray(String[]::new));
    return rows.sparkSession()
        .createDataFrame(
            ordered.javaRDD().mapPartitions(part -> answers(part, models.value(), done)), SCHEMA);
  }

  private static Iterator<Row> answers(
      Iterator<Row> rows, EvaluatedModels models, LongAccumulator done) {
    return new RowBatches(rows, models.batchRows())
        .stream()
            .flatMap(
                batch -> {
                  List<Row> answers = answers(batch, models);
                  done.add(batch.size());
                  return answers.stream();
                })
            .iterator();
  }

  private static List<Row> answers(List<Row> batch, EvaluatedModels models) {
    List<String> texts = batch.stream().map(row -> row.getString(0)).toList();
    Map<String, float[][][]> answers = new HashMap<>();
    models.byName().forEach((name, model) -> answers.putAll(model.answers(name, texts)));
    List<Row> predictions = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      int[] labels = Labels.of(batch.get(i), 1);
      for (int head = 0; head < labels.length; head++) {
        predictions.add(prediction(batch.get(i), i, head, models, answers));
      }
    }
    return predictions;
  }

  private static Row prediction(
      Row row, int place, int number, EvaluatedModels models, Map<String, float[][][]> answers) {
    Head head = models.labels().heads().get(number);
    int label = Labels.of(row, 1)[number];
    List<Object> values = new ArrayList<>();
    values.add(row.getString(2));
    values.add(row.getString(3));
    values.add(head.name());
    values.add(label < 0 ? null : head.classes().get(label));
    for (int slice = 0; slice < SLICES.size(); slice++) {
      values.add(row.getString(4 + slice));
    }
    int next = 4 + SLICES.size();
    List<String> learnedBy = row.getList(next + 1);
    values.add(row.getString(next));
    values.add(row.get(next + 1));
    for (String model : MODELS) {
      float[] classes = classes(judged(answers, model, learnedBy), place, number);
      if (classes == null) {
        values.addAll(Arrays.asList(null, null, null));
      } else {
        requireFinite(classes, model, head, row.getString(2));
        int chosen = Probabilities.mostLikely(classes);
        values.add(head.classes().get(chosen));
        values.add(classes[chosen]);
        values.add(label < 0 ? null : classes[label]);
      }
    }
    for (String model : MODELS) {
      values.add(boxed(classes(judged(answers, model, learnedBy), place, number)));
    }
    values.add(row.get(next + 2));
    return RowFactory.create(values.toArray());
  }

  /** Returns the answers of a model; null where it has learned from the row. */
  private static float[][][] judged(
      Map<String, float[][][]> answers, String model, List<String> learnedBy) {
    boolean isJudged = model.equals(Evaluation.CANDIDATE) || !learnedBy.contains(model);
    return isJudged ? answers.get(model) : null;
  }

  private static float[] classes(float[][][] answers, int place, int head) {
    return answers == null ? null : answers[place][head];
  }

  static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  /** Returns an array that Spark takes: none of primitives. */
  static Float[] boxed(float[] values) {
    if (values == null) {
      return null;
    }
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return boxed;
  }

  private static void requireFinite(float[] classes, String model, Head head, String id) {
    OptionalInt invalid = Probabilities.invalid(classes);
    if (invalid.isPresent()) {
      throw new Failure.BadInput(
          "The model '%s' gives document '%s' the probability %s for the class '%s' of '%s', so that"
              + " nothing can be measured; %s",
          model,
          id,
          classes[invalid.getAsInt()],
          head.classes().get(invalid.getAsInt()),
          head.name(),
          model.equals(Evaluation.CURRENT)
              ? "put an earlier model into use with attune rollback, and run the stage again"
              : model.equals(Evaluation.BASELINE)
                  ? "look at the texts of the train split, and run the night again"
                  : "train again with a smaller updater.learning-rate");
    }
  }
}
