package io.attune.pipeline.ml;

import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.scoring.HeadAnswer;
import io.attune.pipeline.scoring.TaskModel;
import io.attune.schemas.model.LabelSets.Head;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/** Answers one text on an executor. */
final class TextFunction implements UDF1<String, scala.collection.Map<String, Row>> {
  private static final long serialVersionUID = 1;

  /** Is the type of an answer: by head, the label and the probabilities by class. */
  static final DataType TYPE =
      DataTypes.createMapType(
          DataTypes.StringType,
          new StructType()
              .add("label", DataTypes.StringType)
              .add(
                  "probabilities",
                  DataTypes.createMapType(DataTypes.StringType, DataTypes.FloatType)));

  private final Broadcast<ModelFiles> model;
  private transient Classifier opened;

  TextFunction(Broadcast<ModelFiles> model) {
    this.model = model;
  }

  @Override
  public scala.collection.Map<String, Row> call(String text) {
    if (text == null) {
      return null;
    }
    if (opened == null) {
      opened = TaskModel.of(model.value());
    }
    float[][] answers = opened.probabilities(List.of(text))[0];
    List<Head> heads = model.value().labels().heads();
    Map<String, Row> byHead = new LinkedHashMap<>();
    for (int head = 0; head < answers.length; head++) {
      if (answers[head] != null) {
        HeadAnswer answer = HeadAnswer.of(heads.get(head), answers[head]);
        byHead.put(
            heads.get(head).name(),
            RowFactory.create(
                answer.label(), JavaConverters.mapAsScalaMap(answer.probabilities())));
      }
    }
    return JavaConverters.mapAsScalaMap(byHead);
  }
}
