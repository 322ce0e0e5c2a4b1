package io.attune.pipeline.stage.train;

import io.attune.neural.EveryJvm;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.calibration.Probabilities;
import io.attune.pipeline.calibration.TemperatureFit;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.dataset.Labels;
import io.attune.pipeline.linear.LinearModel;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.model.Temperatures.HeadTemperature;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/** Asks the parts of a model about the validation split: what its scale is fitted on. */
record ValidationAnswers(StageContext context, TrainingData data) {

  /**
   * Holds what the parts answer to one document.
   *
   * @param labels class index by head, -1 for none
   * @param network {@code [head][class]}; null if no network was asked
   * @param linear likewise; null in place of a head that had no label to learn from
   */
  @SuppressWarnings("ArrayRecordComponent") // Summed up at once; never compared.
  record Answer(String id, int[] labels, float[][] network, float[][] linear)
      implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /** Holds what answers a row on executors; null for a part that is not asked. */
  private record Answerers(ModelFiles network, LinearModel linear, LabelSets labels)
      implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /** Returns whether there are texts to ask about: a dataset may outlive its documents. */
  boolean arePossible() {
    return context.tables().exists(CleanDocuments.SCHEMA);
  }

  /** Asks networks, or the mean of several. */
  List<Answer> of(ModelParts network) {
    return ask(new Answerers(files(network), null, data.labels()));
  }

  /** Asks a linear model. */
  List<Answer> of(LinearModel linear) {
    return ask(new Answerers(null, linear, data.labels()));
  }

  /** Asks both. */
  List<Answer> of(ModelParts network, LinearModel linear) {
    return ask(new Answerers(files(network), linear, data.labels()));
  }

  /**
   * Fits a temperature for each head.
   *
   * @param part whose answers are scaled
   */
  List<HeadTemperature> temperatures(List<Answer> answers, Function<Answer, float[][]> part) {
    List<HeadTemperature> temperatures = new ArrayList<>();
    List<Head> heads = data.labels().heads();
    for (int head = 0; head < heads.size(); head++) {
      TemperatureFit fit = new TemperatureFit();
      for (Answer answer : answers) {
        float[] probabilities = part.apply(answer)[head];
        if (answer.labels()[head] >= 0 && probabilities != null) {
          fit.add(probabilities, answer.labels()[head]);
        }
      }
      temperatures.add(fit.fit(heads.get(head).name()));
    }
    return temperatures;
  }

  /**
   * Checks that every row of the dataset was found with its text.
   *
   * @param found rows with a text
   * @param rows of the dataset
   */
  void requireComplete(long found, long rows) {
    if (found != rows) {
      throw new Failure.BadInput(
          "The dataset '%s' has %,d rows to learn from, but snapshot %d of the table '%s' has"
              + " texts for %,d of them: documents were removed or are there twice; run the night"
              + " again from tokenize",
          data.folder(), rows, data.index().documents(), CleanDocuments.SCHEMA.name(), found);
    }
  }

  private ModelFiles files(ModelParts network) {
    return new ModelFiles(
        network,
        data.tokenizer(),
        data.labels(),
        data.index().maxTokens(),
        data.longTexts(),
        context.run().id());
  }

  /** Returns the answers in the order of the ids. */
  private List<Answer> ask(Answerers answerers) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    Broadcast<Answerers> shared = spark.broadcast(answerers);
    try {
      long rows = data.index().texts(Split.VALIDATION);
      List<Answer> answers =
          new ArrayList<>(
              DatasetRows.forAnswers(
                      DatasetRows.read(context, data.folder(), data.index(), Split.VALIDATION),
                      rows)
                  .select(TokenRows.ID, TokenRows.LABELS, DatasetRows.TEXT)
                  .javaRDD()
                  .mapPartitions(part -> answers(part, shared.value()))
                  .collect());
      requireComplete(answers.size(), rows);
      answers.sort(Comparator.comparing(Answer::id));
      return answers;
    } finally {
      shared.destroy();
      EveryJvm.run(spark, Classifier::forget); // the model is another one once it is published
    }
  }

  private static Iterator<Answer> answers(Iterator<Row> part, Answerers answerers) {
    List<Row> rows = new ArrayList<>();
    part.forEachRemaining(rows::add);
    List<String> texts = rows.stream().map(row -> row.getString(2)).toList();
    float[][][] network =
        answerers.network() == null
            ? new float[rows.size()][][]
            : Classifier.shared(answerers.network()).probabilities(texts);
    float[][][] linear =
        answerers.linear() == null
            ? new float[rows.size()][][]
            : answerers.linear().probabilities(texts);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      requireFinite(network[i], row.getString(0), answerers.labels());
      answers.add(new Answer(row.getString(0), Labels.of(row, 1), network[i], linear[i]));
    }
    return answers.iterator();
  }

  private static void requireFinite(float[][] network, String id, LabelSets labels) {
    for (int head = 0; network != null && head < network.length; head++) {
      OptionalInt invalid = Probabilities.invalid(network[head]);
      if (invalid.isPresent()) {
        Head of = labels.heads().get(head);
        throw new Failure.TrainingDiverged(
            "The network gives document '%s' of the validation split the probability %s for the"
                + " class '%s' of '%s'; train again with a smaller updater.learning-rate",
            id, network[head][invalid.getAsInt()], of.classes().get(invalid.getAsInt()), of.name());
      }
    }
  }
}
