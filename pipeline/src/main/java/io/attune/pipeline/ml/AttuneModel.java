package io.attune.pipeline.ml;

import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.calibration.Probabilities;
import io.attune.pipeline.scoring.AnsweredRows;
import io.attune.pipeline.scoring.AnsweredRows.Answered;
import io.attune.pipeline.scoring.TaskModel;
import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.model.ModelBundle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Answers a column of texts with a published model, as a transformer of {@code spark.ml}. For each
 * head of the model it adds three columns: {@code <head>_label}, the most probable class; {@code
 * <head>_prediction}, its index as a double, with the classes as nominal values in its metadata;
 * {@code <head>_probability}, a vector of the probabilities of all classes. They are null in rows
 * without a text, and for a head that the model cannot answer.
 *
 * <p>The model is named by {@link #bundle}, or by {@link #root} and {@link #task}: then it is the
 * one that is current when {@link #transform} is called. What is saved names the model and does not
 * copy it.
 */
public final class AttuneModel extends Model<AttuneModel> implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  /** Sets how many rows a task reads ahead and answers at once. */
  private static final int BATCH_ROWS = 1024;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> bundle;
  private final Param<String> root;
  private final Param<String> task;
  private final Param<String> outputPrefix;

  public AttuneModel() {
    this(Identifiable.randomUID("attune"));
  }

  /**
   * Makes one with an identifier, as {@code spark.ml} does when it loads one.
   *
   * @param uid unique in a pipeline
   */
  public AttuneModel(String uid) {
    this.uid = uid;
    inputCol = new Param<>(uid, "inputCol", "column of texts");
    bundle = new Param<>(uid, "bundle", "folder of a published model, a path or a URI");
    root = new Param<>(uid, "root", "root whose current model answers, if bundle is empty");
    task = new Param<>(uid, "task", "task of the root; may be empty if it has only one");
    outputPrefix =
        new Param<>(uid, "outputPrefix", "opens the names of the columns that are added");
    setDefault(inputCol, "text");
    for (Param<String> empty : List.of(bundle, root, task, outputPrefix)) {
      setDefault(empty, "");
    }
  }

  @Override
  public String uid() {
    return uid;
  }

  public Param<String> inputCol() {
    return inputCol;
  }

  public Param<String> bundle() {
    return bundle;
  }

  public Param<String> root() {
    return root;
  }

  public Param<String> task() {
    return task;
  }

  public Param<String> outputPrefix() {
    return outputPrefix;
  }

  public AttuneModel setInputCol(String column) {
    set(inputCol, column);
    return this;
  }

  public AttuneModel setBundle(String folder) {
    set(bundle, folder);
    return this;
  }

  public AttuneModel setRoot(String uri) {
    set(root, uri);
    return this;
  }

  public AttuneModel setTask(String name) {
    set(task, name);
    return this;
  }

  public AttuneModel setOutputPrefix(String prefix) {
    set(outputPrefix, prefix);
    return this;
  }

  /** Returns what loads a saved model; {@code spark.ml} calls it for a stage of a pipeline. */
  public static MLReader<AttuneModel> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a model that was saved with {@link #write}. */
  public static AttuneModel load(String path) {
    return read().load(path);
  }

  @Override
  public AttuneModel copy(ParamMap extra) {
    AttuneModel copy = defaultCopy(extra);
    return copy.setParent(parent());
  }

  /**
   * Returns the schema of what {@link #transform} returns; it reads which heads the model has.
   *
   * @throws Failure.BadUsage if the column of texts is missing, or one of the others is there
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return output(schema, heads(open()));
  }

  /**
   * Adds the answers. Rows are read and answered while the result is read, some {@value
   * #BATCH_ROWS} at a time.
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    SparkSession spark = dataset.sparkSession();
    Artefact model = open();
    StructType schema = output(dataset.schema(), heads(model));
    int text = dataset.schema().fieldIndex(getOrDefault(inputCol));
    Broadcast<ModelFiles> sent = ModelSource.sent(spark, model);
    MapPartitionsFunction<Row, Row> answer = rows -> answers(rows, text, sent.value());
    Dataset<Row> answered = dataset.toDF().mapPartitions(answer, Encoders.row(schema));
    // Encoders leave out metadata.
    return answered.select(
        Arrays.stream(schema.fields())
            .map(field -> named(field.name()).as(field.name(), field.metadata()))
            .toArray(Column[]::new));
  }

  private static Column named(String column) {
    return functions.col("`" + column.replace("`", "``") + "`");
  }

  private Artefact open() {
    Configuration hadoop =
        SparkSession.active().sessionState().newHadoopConf(); // with the settings of the session
    return new ModelSource(getOrDefault(bundle), getOrDefault(root), getOrDefault(task))
        .open(hadoop);
  }

  private static List<Head> heads(Artefact model) {
    return model.json(ModelBundle.LABELS, LabelSets.class).heads();
  }

  private StructType output(StructType schema, List<Head> heads) {
    String input = getOrDefault(inputCol);
    List<String> columns = List.of(schema.fieldNames());
    if (!columns.contains(input) || !schema.apply(input).dataType().equals(DataTypes.StringType)) {
      throw new Failure.BadUsage(
          "There is no column '%s' of strings, the texts that the model is to answer; set inputCol"
              + " to one of %s",
          input, columns);
    }
    StructType output = schema;
    for (Head head : heads) {
      for (StructField added : columns(head)) {
        if (List.of(output.fieldNames()).contains(added.name())) {
          throw new Failure.BadUsage(
              "There is a column '%s' already; set outputPrefix", added.name());
        }
        output = output.add(added);
      }
    }
    return output;
  }

  private List<StructField> columns(Head head) {
    String name = getOrDefault(outputPrefix) + head.name();
    Metadata classes =
        new MetadataBuilder()
            .putMetadata(
                "ml_attr", // as NominalAttribute writes it
                new MetadataBuilder()
                    .putString("type", "nominal")
                    .putStringArray("vals", head.classes().toArray(String[]::new))
                    .putString("name", name + "_prediction")
                    .build())
            .build();
    return List.of(
        new StructField(name + "_label", DataTypes.StringType, true, Metadata.empty()),
        new StructField(name + "_prediction", DataTypes.DoubleType, true, classes),
        new StructField(name + "_probability", SQLDataTypes.VectorType(), true, Metadata.empty()));
  }

  private static Iterator<Row> answers(Iterator<Row> rows, int text, ModelFiles files) {
    List<Head> heads = files.labels().heads();
    AnsweredRows<Row> answered =
        new AnsweredRows<>(rows, row -> row.getString(text), TaskModel.of(files), BATCH_ROWS);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return answered.hasNext();
      }

      @Override
      public Row next() {
        return extended(answered.next(), text, heads);
      }
    };
  }

  private static Row extended(Answered<Row> answered, int text, List<Head> heads) {
    Row row = answered.row();
    List<Object> values = new ArrayList<>(row.size() + 3 * heads.size());
    for (int i = 0; i < row.size(); i++) {
      values.add(row.get(i));
    }
    for (int head = 0; head < heads.size(); head++) {
      float[] probabilities = row.isNullAt(text) ? null : answered.probabilities()[head];
      if (probabilities == null) {
        values.addAll(Arrays.asList(null, null, null));
      } else {
        int best = Probabilities.mostLikely(probabilities);
        values.add(heads.get(head).classes().get(best));
        values.add((double) best);
        values.add(Vectors.dense(doubles(probabilities)));
      }
    }
    return RowFactory.create(values.toArray());
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
