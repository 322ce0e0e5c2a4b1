package io.attune.pipeline.stage.tokenize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.encoder.EncoderArtefact;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.encoder.SeenData;
import io.attune.pipeline.split.Splits;
import io.attune.pipeline.text.DocumentText;
import io.attune.pipeline.text.LanguageMix;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.RunEncoder;
import io.attune.schemas.model.RunLanguages;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Holds the tokenizer of a run: trained on its train split, or that of a pretrained encoder.
 *
 * @param tokenizer the bytes of {@code tokenizer.json}
 * @param size number of token ids; with an encoder the rows of its embedding
 * @param maxTokens of a text, special ones included
 * @param counts of the words that it was learned from; empty with an encoder
 * @param encoder whose tokenizer it is; empty for a vocabulary of the task's own
 * @param language of nearly all texts, by BCP 47; empty if mixed or not known
 * @param languages of the texts, where they are the reason for a vocabulary of the task's own
 * @param choice what the task asked for
 */
@SuppressWarnings("ArrayRecordComponent") // A file's bytes; never compared.
record Vocabulary(
    byte[] tokenizer,
    int size,
    int maxTokens,
    Map<String, Long> counts,
    Optional<EncoderCard> encoder,
    Optional<String> language,
    Optional<RunLanguages> languages,
    String choice) {
  /** Is the fraction of unknown tokens from which an encoder is called unfit for the texts. */
  private static final double MUCH_UNKNOWN = 0.02;

  /** Is the number of characters of a token of an encoder, about. */
  private static final double CHARACTERS = 4.5;

  private static final int SAMPLE = 2_000;
  private static final int SAMPLE_CHARACTERS = 500;

  /** Trains a tokenizer, or takes that of the encoder that is chosen. */
  static Vocabulary of(
      StageContext context, Dataset<Row> documents, TokenizeConfig config, EncoderChoice choice) {
    LanguageMix mix =
        choice.isNone()
            ? new LanguageMix()
            : context.describe("tokenize: find the language", () -> languages(documents));
    Optional<String> language = mix.main();
    Optional<EncoderArtefact> encoder =
        choice.resolve(context, language, () -> texts(documents, config));
    if (encoder.isEmpty()) {
      Learned own =
          config.tokenizer().isEmpty() ? train(documents, config) : given(context, config);
      return new Vocabulary(
          own.tokenizer(),
          SubwordTokenizer.shared(own.tokenizer()).vocabulary(),
          config.maxTokens(),
          own.counts(),
          Optional.empty(),
          language,
          several(mix.shares(RunLanguages.LEAST)),
          choice.value());
    }
    EncoderCard card = encoder.get().card();
    byte[] tokenizer = encoder.get().tokenizer();
    int maxTokens = maxTokens(context, config, card);
    requireRoom(config.maxTokens(), "encoder '" + card.name() + "'", tokenizer);
    requirePositions(card, tokenizer);
    return new Vocabulary(
        tokenizer,
        card.vocabulary(),
        maxTokens,
        Map.of(),
        Optional.of(card),
        language,
        Optional.empty(),
        choice.value());
  }

  private static Optional<RunLanguages> several(SortedMap<String, Double> shares) {
    return shares.size() > 1 ? Optional.of(new RunLanguages(shares)) : Optional.empty();
  }

  /** Holds a tokenizer and the counts of the words that it was learned from. */
  @SuppressWarnings("ArrayRecordComponent") // A file's bytes; never compared.
  record Learned(byte[] tokenizer, Map<String, Long> counts) {}

  /** Trains a tokenizer on the train split. */
  static Learned train(Dataset<Row> documents, TokenizeConfig config) {
    Dataset<Row> train = documents.where(col(Splits.SPLIT).equalTo(Split.TRAIN.word()));
    Broadcast<byte[]> splitter =
        Tokenize.broadcast(documents.sparkSession(), TokenizerJson.splitter(config.lowercase()));
    try {
      WordTable words = WordCounts.of(train, splitter, WordCounts.MOST_WORDS);
      BpeModel model = BpeTrainer.train(words, config);
      return new Learned(
          TokenizerJson.of(model, config.lowercase()),
          Map.of("words", words.words(), "wordsLeftOut", words.leftOut()));
    } finally {
      splitter.destroy();
    }
  }

  /** Finds the languages of a sample of the train split, the same for the same documents. */
  private static LanguageMix languages(Dataset<Row> documents) {
    LanguageMix mix = new LanguageMix();
    List<Row> sample =
        documents
            .where(col(Splits.SPLIT).equalTo(Split.TRAIN.word()))
            .select(
                col(Documents.LANGUAGE),
                substring(col(Documents.TITLE), 1, SAMPLE_CHARACTERS),
                substring(col(Documents.TEXT), 1, SAMPLE_CHARACTERS),
                col(Documents.ID))
            .orderBy(xxhash64(col(Documents.ID)), col(Documents.ID))
            .limit(SAMPLE)
            .collectAsList();
    sample.forEach(
        row -> mix.add(row.getString(0), DocumentText.of(row.getString(1), row.getString(2))));
    return mix;
  }

  /**
   * Estimates how much there is to train on, before it is divided into tokens: an encoder learns
   * from documents with labels alone.
   */
  private static EncoderChoice.Texts texts(Dataset<Row> documents, TokenizeConfig config) {
    Column characters =
        coalesce(length(col(Documents.TITLE)), lit(0)).plus(length(col(Documents.TEXT)));
    double tokens =
        documents
            .where(col(Splits.SPLIT).equalTo(Split.TRAIN.word()).and(Splits.isLabelled()))
            .select(
                coalesce(
                    sum(least(characters.divide(CHARACTERS), lit((double) config.maxTokens()))),
                    lit(0.0)))
            .first()
            .getDouble(0);
    return new EncoderChoice.Texts(Math.round(tokens), config.maxTokens());
  }

  /** Returns the tokenizer that the task brings along. */
  private static Learned given(StageContext context, TokenizeConfig config) {
    byte[] given =
        GivenTokenizer.read(
            config.tokenizer(), context.spark().sparkContext().hadoopConfiguration());
    requireRoom(config.maxTokens(), "tokenizer '" + config.tokenizer() + "'", given);
    return new Learned(given, Map.of());
  }

  private static void requireRoom(int maxTokens, String of, byte[] tokenizer) {
    int special = SubwordTokenizer.shared(tokenizer).specialTokens();
    if (maxTokens <= special) {
      throw new Failure.BadUsage(
          "tokenize.max-tokens is %d, and the %s puts %d special tokens into every text: nothing"
              + " would be left of it; raise max-tokens",
          maxTokens, of, special);
    }
  }

  private static void requirePositions(EncoderCard card, byte[] tokenizer) {
    int special = SubwordTokenizer.shared(tokenizer).specialTokens();
    if (card.maxTokens() <= special) {
      throw new Failure.BadInput(
          "The encoder '%s' has %d positions, and its tokenizer puts %d special tokens into every"
              + " text: nothing would be left of it; choose another by model.encoder",
          card.name(), card.maxTokens(), special);
    }
  }

  private static int maxTokens(StageContext context, TokenizeConfig config, EncoderCard card) {
    if (config.maxTokens() > card.maxTokens()) {
      context
          .progress()
          .warn(
              "tokenize.max-tokens is %d, and the encoder '%s' knows %d positions: only %d tokens of a text are used"
                  .formatted(config.maxTokens(), card.name(), card.maxTokens(), card.maxTokens()));
    }
    return Math.min(config.maxTokens(), card.maxTokens());
  }

  int unknown() {
    return SubwordTokenizer.shared(tokenizer).unknown();
  }

  int specialTokens() {
    return SubwordTokenizer.shared(tokenizer).specialTokens();
  }

  /** Records the encoder of the run, and warns where it does not fit the texts. */
  Optional<RunEncoder> encoderOfRun(
      StageContext context, StageInputs inputs, Dataset<Row> documents, TokenCounts counts) {
    if (encoder.isEmpty()) {
      return Optional.empty();
    }
    EncoderCard card = encoder.get();
    inputs.record("encoder/" + card.name(), card.weights());
    inputs.record("encoder/" + card.name() + "/licence", card.licence());
    List<String> warnings = new ArrayList<>(SeenData.warnings(card, testSources(documents)));
    unfit(card, counts.unknownShare()).ifPresent(warnings::add);
    warnings.forEach(context.progress()::warn);
    return Optional.of(new RunEncoder(choice, card, counts.unknownShare(), warnings));
  }

  private Optional<String> unfit(EncoderCard card, double unknownShare) {
    boolean foreign =
        language.isPresent()
            && !card.languages().isEmpty()
            && !card.languages().contains(language.get());
    if (!foreign && unknownShare < MUCH_UNKNOWN) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "The encoder '%s' %sdoes not know %.1f %% of the tokens of the texts%s; choose another"
                + " by model.encoder, or none.",
            card.name(),
            card.languages().isEmpty()
                ? ""
                : "is for " + String.join(", ", card.languages()) + " and ",
            100 * unknownShare,
            language.map(found -> ", which are in '" + found + "'").orElse("")));
  }

  /** Returns the names of corpora and files that the test split comes from. */
  private static TreeSet<String> testSources(Dataset<Row> documents) {
    TreeSet<String> sources = new TreeSet<>();
    documents
        .where(col(Splits.SPLIT).equalTo(Split.TEST.word()))
        .select(Documents.CORPUS, Documents.FILE)
        .distinct()
        .collectAsList()
        .forEach(
            row -> {
              sources.add(row.getString(0));
              if (!row.isNullAt(1)) {
                sources.add(row.getString(1));
              }
            });
    return sources;
  }
}
