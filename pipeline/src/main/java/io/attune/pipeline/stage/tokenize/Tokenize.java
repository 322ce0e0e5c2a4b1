package io.attune.pipeline.stage.tokenize;

import static org.apache.spark.sql.functions.col;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.split.SplitCheck;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.split.Splits;
import io.attune.pipeline.split.TimeCuts;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.RunEncoder;
import io.attune.schemas.model.RunLanguages;
import io.attune.schemas.model.RunSynonyms;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Turns clean documents into token ids, of a vocabulary of their own or of a pretrained encoder's.
 */
public final class Tokenize {
  private Tokenize() {}

  /**
   * Divides all clean documents, of every run, into splits; trains a tokenizer on the train split,
   * or takes that of the task's encoder; writes the token rows of this run; and publishes the
   * tokenizer last, so that its folder means that the stage is complete.
   *
   * @param choice of an encoder; with one, of {@code config} only the longest text counts
   *     <p>With {@code tokenize.tokenizer} that file is published instead of a tokenizer of its
   *     own.
   * @throws Failure.AlreadyPublished if this run's tokenizer is published; nothing was done then
   * @throws Failure.BadInput if there are no documents, a split is empty, a class has no row to
   *     train on, a document has a copy in another split, a label is none of {@code labels}, or the
   *     encoder, the tokenizer or the list of synonyms of the task is not to be had
   */
  public static StageResult run(
      StageContext context,
      TokenizeConfig config,
      SplitConfig split,
      LabelSets labels,
      EncoderChoice choice) {
    return run(context, new Task(config, split, labels, choice, false));
  }

  /**
   * Does the same for a student of another model: it has a vocabulary of its own, and its teacher
   * answers for the documents of the train split that have no label, which are left out otherwise.
   */
  public static StageResult runForStudent(
      StageContext context, TokenizeConfig config, SplitConfig split, LabelSets labels) {
    return run(context, new Task(config, split, labels, EncoderChoice.NONE, true));
  }

  /**
   * Holds what a task asks for.
   *
   * @param hasTeacher whether documents without labels are trained on
   */
  private record Task(
      TokenizeConfig config,
      SplitConfig split,
      LabelSets labels,
      EncoderChoice choice,
      boolean hasTeacher) {
    /** Returns the documents that say something in training, validation or test. */
    Dataset<Row> toEncode(Dataset<Row> documents) {
      return hasTeacher
          ? documents
          : documents.where(col(Splits.SPLIT).notEqual(Split.TRAIN.word()).or(Splits.isLabelled()));
    }
  }

  private static StageResult run(StageContext context, Task task) {
    TokenizeConfig config = task.config();
    SplitConfig split = task.split();
    LabelSets labels = task.labels();
    String folder = context.run().tokenizer();
    context.artefacts().requireUnpublished(folder);
    Synonyms synonyms =
        Synonyms.of(config.synonyms(), context.spark().sparkContext().hadoopConfiguration());
    StageInputs inputs = context.inputs(Stage.TOKENIZE);
    long snapshot = inputs.snapshot(CleanDocuments.SCHEMA);
    if (snapshot == 0) {
      throw new Failure.BadInput(
          "The table '%s' is empty: there is nothing to train on; ingest and clean documents first",
          CleanDocuments.SCHEMA.name());
    }
    Dataset<Row> clean = context.tables().readAt(CleanDocuments.SCHEMA, snapshot);
    CleanDocuments.SCHEMA.requireIn(clean.schema());
    Splits.Division division =
        Splits.divide(
            repartition(CurrentDocuments.of(clean)), split, EarlierCuts.of(context, inputs, split));
    Dataset<Row> documents = division.documents();
    SplitCheck.requireNoCopiesAcross(documents);
    SplitCounts found = SplitCounts.of(documents);
    found.requireUsable(labels, split);

    Vocabulary vocabulary = Vocabulary.of(context, documents, config, task.choice());
    if (!config.tokenizer().isEmpty()) {
      inputs.record(GivenTokenizer.INPUT, Sha256.of(vocabulary.tokenizer()));
    }
    if (!synonyms.isNone()) {
      inputs.record(Synonyms.INPUT, synonyms.list().sha256());
    }
    TokenEncoder.Job job =
        new TokenEncoder.Job(
            labels, vocabulary.maxTokens(), config.reading(), synonyms, context.run().id());
    Dataset<Row> rows = write(context, task.toEncode(documents), vocabulary.tokenizer(), job);
    TokenCounts counted =
        TokenCounts.of(rows, vocabulary, task.hasTeacher() ? 0 : found.withoutLabel());
    warnOfNoCopies(context, synonyms, counted);
    Optional<RunEncoder> encoder = vocabulary.encoderOfRun(context, inputs, documents, counted);
    context
        .artefacts()
        .publish(
            folder,
            inputs.provenance(),
            staging -> {
              staging.write(ModelBundle.TOKENIZER, vocabulary.tokenizer());
              staging.write(ModelBundle.LABELS, Json.pretty(labels));
              if (division.cuts().isPresent()) {
                staging.write(TimeCuts.FILE_NAME, Json.pretty(division.cuts().get()));
              }
              if (!config.reading().equals(LongTexts.HEAD_AND_TAIL)) {
                staging.write(LongTexts.FILE_NAME, Json.pretty(config.reading()));
              }
              if (!synonyms.isNone()) {
                staging.write(
                    RunSynonyms.FILE_NAME,
                    Json.pretty(synonyms.record(counted.copies(), counted.wordsReplaced())));
              }
              if (encoder.isPresent()) {
                staging.write(RunEncoder.FILE_NAME, Json.pretty(encoder.get()));
              }
              if (vocabulary.languages().isPresent()) {
                staging.write(RunLanguages.FILE_NAME, Json.pretty(vocabulary.languages().get()));
              }
              return counted.byName();
            });
    return new StageResult(folder, counted.summary(vocabulary), counted.byName());
  }

  private static void warnOfNoCopies(StageContext context, Synonyms synonyms, TokenCounts counted) {
    if (!synonyms.isNone() && counted.copies() == 0) {
      context
          .progress()
          .warn(
              "tokenize.synonyms.file names '%s', and no word of it was replaced in the train split;"
                      .formatted(synonyms.config().file())
                  + " check that the list is for these texts, or raise tokenize.synonyms.share");
    }
  }

  /**
   * Returns whether a run was made with another content of a file that {@code tokenize.tokenizer}
   * or {@code tokenize.synonyms.file} names.
   */
  public static boolean isOutdated(
      Storage storage, Run run, TokenizeConfig config, Configuration files) {
    if (!Artefacts.of(storage).isPublished(run.tokenizer())) {
      return false;
    }
    Map<String, String> read = Artefacts.of(storage).open(run.tokenizer()).provenance().inputs();
    boolean isOtherTokenizer =
        !config.tokenizer().isEmpty()
            && GivenTokenizer.file(config.tokenizer())
                .isOtherThan(read.get(GivenTokenizer.INPUT), files);
    return isOtherTokenizer
        || (config.synonyms().areWanted()
            && Synonyms.file(config.synonyms().file())
                .isOtherThan(read.get(Synonyms.INPUT), files));
  }

  /**
   * Returns the documents in at least as many partitions as there are cores: a few large files
   * would otherwise leave most cores idle in the most expensive work, splitting text into words and
   * tokens.
   */
  private static Dataset<Row> repartition(Dataset<Row> documents) {
    int cores = documents.sparkSession().sparkContext().defaultParallelism();
    return documents.rdd().getNumPartitions() >= cores
        ? documents
        : documents.repartition(cores, col(Documents.ID));
  }

  /** Writes the token rows of the run and returns them as they stand in the table. */
  private static Dataset<Row> write(
      StageContext context, Dataset<Row> documents, byte[] tokenizer, TokenEncoder.Job job) {
    Broadcast<byte[]> broadcast = broadcast(context.spark(), tokenizer);
    try {
      return context.describe(
          "tokenize: encode documents",
          () -> {
            Dataset<Row> rows = TokenEncoder.encode(documents, broadcast, job);
            context.tables().replaceRun(TokenRows.SCHEMA, job.run(), rows);
            return context.tables().readRun(TokenRows.SCHEMA, job.run());
          });
    } finally {
      broadcast.destroy();
    }
  }

  static Broadcast<byte[]> broadcast(SparkSession spark, byte[] bytes) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(bytes);
  }
}
