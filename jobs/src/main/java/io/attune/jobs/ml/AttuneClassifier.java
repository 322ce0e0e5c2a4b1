package io.attune.jobs.ml;

import io.attune.pipeline.ml.AttuneModel;
import io.attune.schemas.failure.Failure;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a model on a column of texts and columns of labels, as an estimator of {@code spark.ml}:
 * the stages of a night from {@code ingest} to {@code train}, below {@link #root}. Each fit is a
 * task of its own there, named after {@link #task}, whose model the returned transformer names. It
 * is not compared with another and not promoted.
 */
public final class AttuneClassifier extends Estimator<AttuneModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final Param<String> inputCol;
  private final StringArrayParam labelCols;
  private final Param<String> root;
  private final Param<String> task;
  private final StringArrayParam settings;

  public AttuneClassifier() {
    this(Identifiable.randomUID("attune"));
  }

  /**
   * Makes one with an identifier, as {@code spark.ml} does when it loads one.
   *
   * @param uid unique in a pipeline
   */
  public AttuneClassifier(String uid) {
    this.uid = uid;
    inputCol = new Param<>(uid, "inputCol", "column of texts");
    labelCols =
        new StringArrayParam(
            this, "labelCols", "columns of labels, of which each is a head; null is no label");
    root = new Param<>(uid, "root", "folder to work in and publish to, a path or a URI");
    task = new Param<>(uid, "task", "opens the names of the tasks");
    settings =
        new StringArrayParam(
            this, "settings", "keys of a task's configuration, such as train.stopping.epochs=4");
    setDefault(inputCol, "text");
    setDefault(labelCols, new String[] {"label"});
    setDefault(root, "");
    setDefault(task, "fit");
    setDefault(settings, new String[0]);
  }

  @Override
  public String uid() {
    return uid;
  }

  public Param<String> inputCol() {
    return inputCol;
  }

  public StringArrayParam labelCols() {
    return labelCols;
  }

  public Param<String> root() {
    return root;
  }

  public Param<String> task() {
    return task;
  }

  public StringArrayParam settings() {
    return settings;
  }

  public AttuneClassifier setInputCol(String column) {
    set(inputCol, column);
    return this;
  }

  public AttuneClassifier setLabelCols(String... columns) {
    set(labelCols, columns.clone());
    return this;
  }

  public AttuneClassifier setRoot(String uri) {
    set(root, uri);
    return this;
  }

  public AttuneClassifier setTask(String name) {
    set(task, name);
    return this;
  }

  public AttuneClassifier setSettings(String... keysAndValues) {
    set(settings, keysAndValues.clone());
    return this;
  }

  /** Returns what loads a saved estimator; {@code spark.ml} calls it for a stage of a pipeline. */
  public static MLReader<AttuneClassifier> read() {
    return new DefaultParamsReader<>();
  }

  @Override
  public AttuneClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    requireColumns(schema);
    StructType output = schema;
    for (String head : getOrDefault(labelCols)) {
      output =
          output
              .add(head + "_label", DataTypes.StringType)
              .add(head + "_prediction", DataTypes.DoubleType)
              .add(head + "_probability", SQLDataTypes.VectorType());
    }
    return output;
  }

  /**
   * Trains a model.
   *
   * @throws Failure if the stages of a night would end with one, such as for too few rows
   */
  @Override
  public AttuneModel fit(Dataset<?> dataset) {
    requireColumns(dataset.schema());
    if (getOrDefault(root).isEmpty()) {
      throw new Failure.BadUsage("Set root: the folder that the model is published in");
    }
    FittedTask fitted =
        new FittedTask(getOrDefault(root), getOrDefault(task), List.of(getOrDefault(settings)));
    String bundle =
        fitted.train(dataset.toDF(), getOrDefault(inputCol), List.of(getOrDefault(labelCols)));
    return new AttuneModel().setInputCol(getOrDefault(inputCol)).setBundle(bundle).setParent(this);
  }

  private void requireColumns(StructType schema) {
    List<String> columns = List.of(schema.fieldNames());
    List<String> labels = List.of(getOrDefault(labelCols));
    if (labels.isEmpty()
        || !columns.contains(getOrDefault(inputCol))
        || !columns.containsAll(labels)) {
      throw new Failure.BadUsage(
          "inputCol is '%s' and labelCols are %s, which must be among the columns %s",
          getOrDefault(inputCol), labels, columns);
    }
  }
}
