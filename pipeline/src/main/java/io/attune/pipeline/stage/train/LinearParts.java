package io.attune.pipeline.stage.train;

import io.attune.neural.EveryJvm;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.dataset.Labels;
import io.attune.pipeline.linear.CountedText;
import io.attune.pipeline.linear.LinearModel;
import io.attune.pipeline.linear.LogPoolFit;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Trains the linear part of a model, and fits the weights with which it stands beside a network.
 *
 * <p>The weights are fitted on the validation split by a linear part that has learned from the
 * train split only; the one that is published has learned from both.
 */
record LinearParts(StageContext context, TrainingData data, TrainingSpec spec) {

  /** Holds what the two parts answer to one row of the validation split. */
  @SuppressWarnings("ArrayRecordComponent") // Summed up at once; never compared.
  private record Answer(String id, int[] labels, float[][] network, float[][] linear)
      implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /** Holds what answers a row on executors. */
  private record Answerers(ModelFiles network, LinearModel linear) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /** Returns the linear part of a model without a network: learned from train and validation. */
  LinearModel alone() {
    return withTexts(Split.TRAIN, this::fitToAll);
  }

  /** Returns a network with a linear part beside it. */
  ModelParts beside(ModelParts network) {
    return withTexts(
        Split.TRAIN,
        train -> {
          LinearModel fromTrain =
              context.describe("train: fit the linear part to the train split", () -> fit(train));
          List<HeadWeights> weights =
              context.describe(
                  "train: weigh the parts on the validation split",
                  () -> weigh(network, fromTrain));
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
                    requireComplete(all.count(), rows);
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
    return DatasetRows.sampleToLearnFrom(
            rows(split), data.folder(), data.index(), spec.linear().maxTrainRows())
        .select(TokenRows.ID, TokenRows.LABELS, DatasetRows.TEXT)
        .javaRDD()
        .map(row -> CountedText.of(row.getString(0), Labels.of(row, 1), row.getString(2)));
  }

  private Dataset<Row> rows(Split split) {
    return DatasetRows.read(context, data.folder(), data.index(), split);
  }

  private List<HeadWeights> weigh(ModelParts network, LinearModel linear) {
    ModelFiles files =
        new ModelFiles(
            network,
            data.tokenizer(),
            data.labels(),
            data.index().maxTokens(),
            data.longTexts(),
            context.run().id());
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    Broadcast<Answerers> shared = spark.broadcast(new Answerers(files, linear));
    try {
      long rows = data.index().texts(Split.VALIDATION);
      List<Answer> answers =
          new ArrayList<>(
              DatasetRows.forAnswers(rows(Split.VALIDATION), rows)
                  .select(TokenRows.ID, TokenRows.LABELS, DatasetRows.TEXT)
                  .javaRDD()
                  .mapPartitions(part -> answers(part, shared.value()))
                  .collect());
      requireComplete(answers.size(), rows);
      answers.sort(Comparator.comparing(Answer::id));
      return weights(answers);
    } finally {
      shared.destroy();
      EveryJvm.run(spark, Classifier::forget); // the model is another one once it is published
    }
  }

  private static Iterator<Answer> answers(Iterator<Row> part, Answerers answerers) {
    List<Row> rows = new ArrayList<>();
    part.forEachRemaining(rows::add);
    List<String> texts = rows.stream().map(row -> row.getString(2)).toList();
    float[][][] network = Classifier.shared(answerers.network()).probabilities(texts);
    float[][][] linear = answerers.linear().probabilities(texts);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      answers.add(new Answer(row.getString(0), Labels.of(row, 1), network[i], linear[i]));
    }
    return answers.iterator();
  }

  private List<HeadWeights> weights(List<Answer> answers) {
    List<HeadWeights> weights = new ArrayList<>();
    List<Head> heads = data.labels().heads();
    for (int head = 0; head < heads.size(); head++) {
      LogPoolFit fit = new LogPoolFit();
      for (Answer answer : answers) {
        if (answer.labels()[head] >= 0 && answer.linear()[head] != null) {
          fit.add(answer.network()[head], answer.linear()[head], answer.labels()[head]);
        }
      }
      weights.add(fit.fit(heads.get(head).name()));
    }
    return weights;
  }

  private void requireComplete(long found, long rows) {
    if (found != rows) {
      throw new Failure.BadInput(
          "The dataset '%s' has %,d rows to learn from, but snapshot %d of the table '%s' has"
              + " texts for %,d of them: documents were removed or are there twice; run the night"
              + " again from tokenize",
          data.folder(), rows, data.index().documents(), CleanDocuments.SCHEMA.name(), found);
    }
  }
}
