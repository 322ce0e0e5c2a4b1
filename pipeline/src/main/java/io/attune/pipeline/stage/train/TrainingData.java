package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.plan.Seeds;
import io.attune.neural.network.ModelConfig;
import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.encoder.EncoderArtefact;
import io.attune.pipeline.encoder.Encoders;
import io.attune.pipeline.stage.train.data.Resampling;
import io.attune.pipeline.stage.train.data.ResamplingChoice;
import io.attune.pipeline.stage.train.data.RowInputs;
import io.attune.pipeline.stage.train.data.ShardCheck;
import io.attune.pipeline.stage.train.data.ShardLoader;
import io.attune.pipeline.stage.train.teacher.Teacher;
import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.model.RunEncoder;
import io.attune.schemas.model.RunLanguages;
import io.attune.schemas.model.RunSynonyms;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardIndex.Shard;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads the dataset of a run for training.
 *
 * @param folder absolute path of the dataset
 * @param identity SHA-256 of its index, which holds the hash of every shard
 * @param tokenizerHash SHA-256 of {@code tokenizer}
 * @param longTexts what a row holds of a long text
 * @param encoder that the tokens are for; empty if the vocabulary is the task's own
 * @param languages of the texts, where they are why the vocabulary is the task's own
 * @param synonyms with which copies of documents are among the rows; empty if there are none
 * @param teacher that a student learns from; empty where labels alone are learned
 * @param resampling of the rows of an epoch
 * @param provenance of what is trained on it
 */
@SuppressWarnings("ArrayRecordComponent") // A file's bytes; never compared.
record TrainingData(
    String folder,
    String identity,
    ShardIndex index,
    LabelSets labels,
    byte[] tokenizer,
    String tokenizerHash,
    LongTexts longTexts,
    Optional<EncoderArtefact> encoder,
    Optional<RunLanguages> languages,
    Optional<RunSynonyms> synonyms,
    Optional<Teacher> teacher,
    Resampling resampling,
    Provenance provenance) {

  /**
   * Opens the dataset and checks all of it that training reads, shards on executors.
   *
   * @param model that is trained
   * @throws Failure.BadInput naming the first file that is missing or differs from its hash, or the
   *     split that is empty, or if there is no teacher to be had
   */
  static TrainingData open(StageContext context, ModelConfig model) {
    StageInputs inputs = context.inputs(Stage.TRAIN);
    Artefact dataset = inputs.open("dataset", context.run().dataset(), ShardIndex.FILE_NAME);
    ShardIndex index = dataset.json(ShardIndex.FILE_NAME, ShardIndex.class);
    LabelSets labels = dataset.json(ModelBundle.LABELS, LabelSets.class);
    byte[] tokenizer = dataset.bytes(ModelBundle.TOKENIZER);
    String folder = dataset.location().toString();
    List<ShardCheck.Expected> expected = new ArrayList<>();
    for (Split split : List.of(Split.TRAIN, Split.VALIDATION)) {
      requireRows(folder, index, split);
      index.of(split).forEach(s -> expected.add(new ShardCheck.Expected(s.file(), s.sha256())));
    }
    ShardCheck.requireUnchanged(context.spark(), folder, expected);
    String tokenizerHash = dataset.hash(ModelBundle.TOKENIZER);
    inputs.record(Candidate.TOKENIZER_INPUT, tokenizerHash);
    inputs.record("documents", Long.toString(index.documents())); // validation texts are read
    if (!tokenizerHash.equals(index.tokenizer())) {
      throw new Failure.BadInput(
          "The shards of '%s' were made with the tokenizer of SHA-256 %s, and the dataset holds one"
              + " of SHA-256 %s; run the tokenize and shard stages again",
          folder, index.tokenizer(), tokenizerHash);
    }
    return new TrainingData(
        folder,
        dataset.hash(ShardIndex.FILE_NAME),
        index,
        labels,
        tokenizer,
        tokenizerHash,
        dataset.find(LongTexts.FILE_NAME, LongTexts.class).orElse(LongTexts.HEAD_AND_TAIL),
        encoder(context, inputs, dataset),
        dataset.find(RunLanguages.FILE_NAME, RunLanguages.class),
        dataset.find(RunSynonyms.FILE_NAME, RunSynonyms.class),
        teacher(context, inputs, model, labels),
        Resampling.NONE,
        inputs.provenance());
  }

  /** Returns the same with epochs of which the classes have other shares than the train split's. */
  TrainingData resampled(SparkSession spark, ResamplingChoice choice) {
    return new TrainingData(
        folder,
        identity,
        index,
        labels,
        tokenizer,
        tokenizerHash,
        longTexts,
        encoder,
        languages,
        synonyms,
        teacher,
        Resampling.of(spark, new Resampling.Rows(folder, index), labels.heads(), choice),
        provenance);
  }

  private static Optional<Teacher> teacher(
      StageContext context, StageInputs inputs, ModelConfig model, LabelSets labels) {
    return model.distil().hasTeacher()
        ? Optional.of(Teacher.open(context, inputs, model.distil(), labels))
        : Optional.empty();
  }

  private static Optional<EncoderArtefact> encoder(
      StageContext context, StageInputs inputs, Artefact dataset) {
    Optional<RunEncoder> used = dataset.find(RunEncoder.FILE_NAME, RunEncoder.class);
    if (used.isEmpty()) {
      return Optional.empty();
    }
    EncoderCard expected = used.get().card();
    EncoderArtefact there = Encoders.in(context.storage()).open(expected.name());
    if (!there.card().weights().equals(expected.weights())) {
      throw new Failure.BadInput(
          "The tokens of '%s' were made for the encoder '%s' with weights of SHA-256 %s, and '%s'"
              + " has weights of SHA-256 %s; bring the former back, or run the night again",
          dataset.location(),
          expected.name(),
          expected.weights(),
          there.location(),
          there.card().weights());
    }
    inputs.record("encoder/" + expected.name(), expected.weights());
    inputs.record("encoder/" + expected.name() + "/licence", expected.licence());
    return Optional.of(there);
  }

  private static void requireRows(String folder, ShardIndex index, Split split) {
    if (index.rows(split) == 0) {
      throw new Failure.BadInput(
          "The dataset '%s' has no rows in its %s split: there is nothing to %s; give the split a"
              + " larger share, or bring in more documents",
          folder, split.word(), split == Split.TRAIN ? "learn from" : "choose the best epoch by");
    }
  }

  /**
   * Returns the train split in the order of an epoch: shards shuffled, and the rows of each. A
   * loader must draw them by {@link #resampling}.
   */
  List<RowRange> epoch(long seed, int epoch) {
    List<Shard> shards = new ArrayList<>(index.of(Split.TRAIN));
    Collections.shuffle(shards, new Random(Seeds.mix(seed, epoch)));
    List<RowRange> ranges = new ArrayList<>();
    for (Shard shard : shards) {
      long order = Seeds.mix(seed, epoch, index.shards().indexOf(shard));
      String file = folder + "/" + shard.file();
      int rows = resampling.rows(file, shard.rows());
      if (rows > 0) {
        ranges.add(new RowRange(file, 0, rows, order));
      }
    }
    return ranges;
  }

  /** Returns the rows of an epoch. */
  long epochRows() {
    return resampling.isNone() ? index.rows(Split.TRAIN) : resampling.record().rows();
  }

  List<RowRange> validation() {
    return index.of(Split.VALIDATION).stream()
        .map(shard -> new RowRange(folder + "/" + shard.file(), 0, shard.rows(), 0))
        .toList();
  }

  /**
   * Returns what reads minibatches on executors.
   *
   * @param rows make the network's input
   */
  ShardLoader loader(JavaSparkContext spark, RowInputs rows) {
    return new ShardLoader(
        new SerializableConfiguration(spark.hadoopConfiguration()),
        labels,
        rows,
        (double) index.tokens(Split.TRAIN) / index.rows(Split.TRAIN));
  }
}
