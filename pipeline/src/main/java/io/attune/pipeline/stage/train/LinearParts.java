package io.attune.pipeline.stage.train;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.dataset.Labels;
import io.attune.pipeline.linear.CountedText;
import io.attune.pipeline.linear.LinearModel;
import io.attune.pipeline.linear.LogPoolFit;
import io.attune.pipeline.stage.train.ValidationAnswers.Answer;
import io.attune.pipeline.stage.train.teacher.TeacherAnswers;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.model.Temperatures.HeadTemperature;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Trains the linear part of a model, and fits the weights with which it stands beside a network.
 *
 * <p>The weights are fitted on the validation split by a linear part that has learned from the
 * train split only; the one that is published has learned from both. Of a student it learns what
 * the network learns: the teacher's probabilities mixed into the labels of the train split, and of
 * texts without labels the probabilities alone.
 *
 * @param teacher answers to the train split; empty where labels are all there is
 */
record LinearParts(
    StageContext context, TrainingData data, TrainingSpec spec, Optional<TeacherAnswers> teacher) {

  /**
   * Returns a model without a network: learned from train and validation. Its temperatures are
   * those of one that has learned from train alone, fitted on the validation split.
   */
  ModelParts alone() {
    return withTexts(
        Split.TRAIN,
        train -> {
          LinearModel fromTrain = fromTrain(train);
          List<HeadTemperature> temperatures =
              context.describe(
                  "train: fit temperatures on the validation split",
                  () -> validation().temperatures(validation().of(fromTrain), Answer::linear));
          return ModelParts.of(fitToAll(train)).scaled(temperatures);
        });
  }

  private LinearModel fromTrain(JavaRDD<CountedText> train) {
    return context.describe("train: fit the linear part to the train split", () -> fit(train));
  }

  /** Returns a network with a linear part beside it. */
  ModelParts beside(ModelParts network) {
    return withTexts(
        Split.TRAIN,
        train -> {
          LinearModel fromTrain = fromTrain(train);
          List<HeadWeights> weights =
              context.describe(
                  "train: weigh the parts on the validation split",
                  () -> weights(validation().of(network, fromTrain)));
          return network.with(fitToAll(train), weights);
        });
  }

  private LinearModel fitToAll(JavaRDD<CountedText> train) {
    return withTexts(
        Split.VALIDATION,
        validation ->
            context.describe(
                "train: fit the linear part to train and validation split",
                () -> {
                  JavaRDD<CountedText> all = train.union(validation);
                  long rows =
                      data.index().texts(Split.TRAIN) + data.index().texts(Split.VALIDATION);
                  if (data.index().texts(Split.TRAIN)
                      <= spec.linear().maxTrainRows()) { // no sample
                    validation().requireComplete(all.count(), rows);
                  }
                  return fit(all);
                }));
  }

  /** Runs {@code work} with the texts of a split, which are counted once. */
  private <T> T withTexts(Split split, Function<JavaRDD<CountedText>, T> work) {
    JavaRDD<CountedText> texts = texts(split).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return work.apply(texts);
    } finally {
      texts.unpersist();
    }
  }

  private LinearModel fit(JavaRDD<CountedText> texts) {
    return LinearModel.fit(texts, data.labels(), spec.linear());
  }

  private JavaRDD<CountedText> texts(Split split) {
    Dataset<Row> rows =
        DatasetRows.sampleToLearnFrom(
                rows(split), data.folder(), data.index(), spec.linear().maxTrainRows())
            .select(TokenRows.ID, TokenRows.LABELS, DatasetRows.TEXT);
    return teacher.isPresent() && split == Split.TRAIN
        ? taught(rows, teacher.get())
        : rows.javaRDD().map(LinearParts::counted);
  }

  private static CountedText counted(Row row) {
    return CountedText.of(row.getString(0), Labels.of(row, 1), row.getString(2));
  }

  private JavaRDD<CountedText> taught(Dataset<Row> rows, TeacherAnswers teacher) {
    int[] classes =
        data.labels().heads().stream().mapToInt(head -> head.classes().size()).toArray();
    return rows.join(teacher.byDocument(), TokenRows.ID)
        .javaRDD()
        .map(row -> counted(row).taught(byHead(row.getList(3), classes)));
  }

  /** Divides the targets of all heads; null for a head of which nothing is known. */
  private static float[][] byHead(List<Float> targets, int[] classes) {
    float[][] byHead = new float[classes.length][];
    int from = 0;
    for (int head = 0; head < classes.length; head++) {
      if (!targets.get(from).isNaN()) {
        byHead[head] = new float[classes[head]];
        for (int c = 0; c < classes[head]; c++) {
          byHead[head][c] = targets.get(from + c);
        }
      }
      from += classes[head];
    }
    return byHead;
  }

  private Dataset<Row> rows(Split split) {
    return DatasetRows.read(context, data.folder(), data.index(), split);
  }

  private ValidationAnswers validation() {
    return new ValidationAnswers(context, data);
  }

  private List<HeadWeights> weights(List<Answer> answers) {
    List<HeadWeights> weights = new ArrayList<>();
    List<HeadTemperature> alone = validation().temperatures(answers, Answer::linear);
    List<Head> heads = data.labels().heads();
    for (int head = 0; head < heads.size(); head++) {
      LogPoolFit fit = new LogPoolFit();
      for (Answer answer : answers) {
        if (answer.labels()[head] >= 0 && answer.linear()[head] != null) {
          fit.add(answer.network()[head], answer.linear()[head], answer.labels()[head]);
        }
      }
      HeadWeights fitted = fit.fit(heads.get(head).name());
      weights.add(
          fitted.rows() == 0
              ? fitted
              : fitted.withLinearTemperature(alone.get(head).temperature()));
    }
    return weights;
  }
}
