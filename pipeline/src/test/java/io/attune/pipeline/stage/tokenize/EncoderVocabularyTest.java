package io.attune.pipeline.stage.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.CleanRows;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.encoder.Encoders;
import io.attune.pipeline.encoder.MavenRepository;
import io.attune.pipeline.encoder.TinyEncoder;
import io.attune.pipeline.split.SplitConfig;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.RunEncoder;
import io.attune.schemas.model.RunLanguages;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.TokenRows;
import java.io.IOException;
import java.net.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the tokenize stage with a pretrained encoder. */
class EncoderVocabularyTest {
  private static final TokenizeConfig CONFIG = new TokenizeConfig(80, 6, true, 2, 8);
  private static final SplitConfig SPLIT = new SplitConfig(SplitConfig.By.HASH, 0.2, 0.2, 1, null);
  private static final LabelSets LABELS =
      new LabelSets(List.of(new LabelSets.Head("mood", List.of("bad", "good"))));
  private static final String RUN_ENCODER = TestNight.RUN.tokenizer() + "/" + RunEncoder.FILE_NAME;

  private static final String LANGUAGES = TestNight.RUN.tokenizer() + "/" + RunLanguages.FILE_NAME;

  private final List<String> warnings = new ArrayList<>();

  @TempDir Path root;
  @TempDir Path elsewhere;

  private StageContext night() {
    return TestNight.listening(root, warnings);
  }

  private static void give(StageContext night, Map<String, Object> more, String... texts) {
    CleanRows rows = new CleanRows();
    for (int i = 0; i < 40; i++) {
      Map<String, Object> fields = new HashMap<>(more);
      fields.put(Documents.TEXT, texts[i % texts.length]);
      fields.put(Documents.LABELS, Map.of("mood", i % 2 == 0 ? "good" : "bad"));
      rows.add("d" + i, fields);
    }
    night.tables().replaceRun(CleanDocuments.SCHEMA, TestNight.RUN.id(), rows.table());
  }

  private void bringTiny(StageContext night, Map<String, Object> config) throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"), config);
    Files.writeString(folder.resolve("README.md"), "---\nlicense: mit\nlanguage: en\n---\n");
    Encoders.in(night.storage())
        .importFolder(
            "tiny",
            folder.toString(),
            night.spark().sparkContext().hadoopConfiguration(),
            night.recorder());
  }

  private static Map<String, List<Integer>> tokens(StageContext night) {
    Map<String, List<Integer>> tokens = new HashMap<>();
    for (Row row : night.tables().readRun(TokenRows.SCHEMA, TestNight.RUN.id()).collectAsList()) {
      tokens.put(row.getString(0), row.getList(2));
    }
    return tokens;
  }

  private static EncoderChoice offline(String value, Path folder) {
    return new EncoderChoice(
        value,
        Optional.of(
            new MavenRepository(folder.resolve("no-repository"), Optional.empty(), Proxy.NO_PROXY)),
        Optional.empty());
  }

  @Test
  void takesACheaperEncoderOfTheLanguageWhereTheDefaultCostsTooMuch() {
    StageContext night = night();
    give(night, Map.of(Documents.LANGUAGE, "en"), "The phone is good", "the rooms was bad");
    List<EncoderChoice.Texts> asked = new ArrayList<>();

    Tokenize.run(
        night,
        CONFIG,
        SPLIT,
        LABELS,
        offline("auto", root)
            .within(
                (spark, encoder, texts) -> {
                  asked.add(texts);
                  return Optional.of("'%s' is slow".formatted(encoder.name()));
                }));

    assertThat(asked)
        .singleElement()
        .satisfies(
            texts -> {
              assertThat(texts.tokens()).isBetween(50L, 160L);
              assertThat(texts.longest()).isEqualTo(6);
            });
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0))
        .isEqualTo("'bge-small-en' is slow; this night has the encoder 'minilm-en'");
    assertThat(warnings.get(1)).contains("'minilm-en'", "a vocabulary of its own");
  }

  @Test
  void publishesTheEncodersTokenizerAndItsOwnSpecialTokensAroundEachText() throws IOException {
    StageContext night = night();
    bringTiny(night, Map.of());
    give(
        night,
        Map.of(Documents.LANGUAGE, "en"),
        "The phone is good",
        "the rooms was bad the phone");

    StageResult result = Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.of("tiny"));

    assertThat(tokens(night).get("d0")).containsExactly(2, 5, 6, 8, 10, 3);
    assertThat(tokens(night).get("d1")).as("without its middle").containsExactly(2, 5, 7, 5, 6, 3);
    RunEncoder used = night.storage().readJson(RUN_ENCODER, RunEncoder.class);
    assertThat(used.configured()).isEqualTo("tiny");
    assertThat(used.card().name()).isEqualTo("tiny");
    assertThat(used.unknownShare()).isZero();
    assertThat(used.warnings()).isEmpty();
    assertThat(warnings).isEmpty();
    assertThat(result.counts()).containsEntry("vocabulary", 17L);
    assertThat(result.summary()).endsWith("vocabulary 17 of tiny");
    assertThat(night.artefacts().manifest(TestNight.RUN.tokenizer()).provenance().inputs())
        .containsEntry("encoder/tiny", used.card().weights())
        .containsEntry("encoder/tiny/licence", "mit");
    assertThat(night.storage().read(TestNight.RUN.tokenizer() + "/tokenizer.json"))
        .isEqualTo(night.storage().read("encoders/tiny/tokenizer.json"));
  }

  @Test
  void refusesAPublishedEncoderWhosePositionsTheSpecialTokensFill() throws IOException {
    StageContext night = night();
    bringTiny(night, Map.of());
    EncoderCard card = Encoders.in(night.storage()).open("tiny").card();
    byte[] tokenizer = night.storage().read("encoders/tiny/tokenizer.json");
    EncoderCard narrow =
        EncoderCard.builder("narrow").vocabulary(card.vocabulary()).maxTokens(2).build();
    night
        .artefacts()
        .publish(
            "encoders/narrow",
            night.artefacts().manifest("encoders/tiny").provenance(),
            staging -> {
              staging.write(EncoderCard.FILE_NAME, Json.pretty(narrow));
              staging.write(EncoderCard.TOKENIZER, tokenizer);
              return Map.of();
            });
    give(night, Map.of(Documents.LANGUAGE, "en"), "The phone is good");

    assertThatThrownBy(() -> Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.of("narrow")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("The encoder 'narrow' has 2 positions")
        .hasMessageContaining("2 special tokens into every text");
  }

  @Test
  void warnsWithTheShareOfUnknownTokens() throws IOException {
    StageContext night = night();
    bringTiny(night, Map.of());
    give(night, Map.of(), "很贵 的", "好 酒店 差");

    Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.of("tiny"));

    RunEncoder used = night.storage().readJson(RUN_ENCODER, RunEncoder.class);
    assertThat(used.unknownShare()).isBetween(0.5, 0.75);
    assertThat(warnings)
        .isEqualTo(used.warnings())
        .singleElement()
        .asString()
        .contains("'tiny' is for en and does not know")
        .contains("% of the tokens of the texts, which are in 'zh'")
        .contains("model.encoder");
  }

  @Test
  void warnsThatTheTestSplitMayHaveBeenSeen() throws IOException {
    StageContext night = night();
    bringTiny(night, Map.of("_name_or_path", "someone/FinBERT-tone"));
    give(
        night,
        Map.of(Documents.LANGUAGE, "en", Documents.CORPUS, "phrasebank"),
        "the phone is good");

    Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.of("tiny"));

    assertThat(night.storage().readJson(RUN_ENCODER, RunEncoder.class).warnings())
        .singleElement()
        .asString()
        .contains("'tiny' was trained on 'financial_phrasebank'")
        .contains("'phrasebank'");
  }

  @Test
  void cutsAtThePositionsOfTheEncoderAndSaysBoth() throws IOException {
    StageContext night = night();
    bringTiny(night, Map.of());
    give(night, Map.of(Documents.LANGUAGE, "en"), "the room is bad ".repeat(20));

    Tokenize.run(
        night, new TokenizeConfig(80, 128, true, 2, 8), SPLIT, LABELS, EncoderChoice.of("tiny"));

    assertThat(tokens(night).get("d0")).hasSize(TinyEncoder.MAX_TOKENS).endsWith(3);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(
            "tokenize.max-tokens is 128", "24 positions", "only 24 tokens of a text are used");
  }

  @Test
  void refusesALengthThatSpecialTokensFill() throws IOException {
    StageContext night = night();
    bringTiny(night, Map.of());
    give(night, Map.of(Documents.LANGUAGE, "en"), "the room is bad");

    assertThatThrownBy(
            () ->
                Tokenize.run(
                    night,
                    new TokenizeConfig(80, 2, true, 2, 8),
                    SPLIT,
                    LABELS,
                    EncoderChoice.of("tiny")))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("tokenize.max-tokens is 2")
        .hasMessageContaining("2 special tokens");
  }

  @Test
  void importsAFolderUnderItsNameAndHash() throws IOException {
    StageContext night = night();
    Path folder = TinyEncoder.write(elsewhere.resolve("My BERT"));
    give(night, Map.of(Documents.LANGUAGE, "en"), "the phone is good");

    Tokenize.run(night, CONFIG, SPLIT, LABELS, EncoderChoice.of(folder.toString()));

    RunEncoder used = night.storage().readJson(RUN_ENCODER, RunEncoder.class);
    assertThat(used.card().name()).matches("my-bert-[0-9a-f]{8}");
    assertThat(night.storage().list("encoders")).containsExactly(used.card().name());
  }

  @Test
  void aNightWithAutoHasItsOwnVocabularyAndAWarningWhereNoEncoderCanBeHad() {
    StageContext night = night();
    give(night, Map.of(), "the phone is good and new", "the room of the hotel was bad");

    Tokenize.run(night, CONFIG, SPLIT, LABELS, offline("auto", elsewhere));

    assertThat(night.storage().exists(RUN_ENCODER)).isFalse();
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("would gain from the encoder 'bge-small-en'")
        .contains("a vocabulary of its own")
        .contains("attune encoders get bge-small-en --jar FILE");
  }

  @Test
  void autoTakesNoneForMixedOrOtherLanguages() {
    StageContext night = night();
    give(night, Map.of(), "the phone is good and new", "房间很好");

    Tokenize.run(night, CONFIG, SPLIT, LABELS, offline("auto", elsewhere));

    assertThat(night.storage().exists(RUN_ENCODER)).isFalse();
    assertThat(warnings).isEmpty();
  }

  @Test
  void recordsTheLanguagesWhereTheyAreSeveralAndSaysSo() {
    StageContext night = night();
    String english = "the phone of this room is good";
    give(night, Map.of(), english, english, english, "房间很好");

    StageResult result = Tokenize.run(night, CONFIG, SPLIT, LABELS, offline("auto", elsewhere));

    RunLanguages languages = night.storage().readJson(LANGUAGES, RunLanguages.class);
    assertThat(languages.names()).containsExactly("en", "zh");
    assertThat(result.summary()).endsWith(" of the task's own, for " + languages.describe());
  }

  @Test
  void recordsNoLanguagesWhereNothingAsksOrOneIsNearlyAll() {
    StageContext asked = night();
    give(asked, Map.of(), "Das Zimmer ist nicht gut und der Preis auch");
    Tokenize.run(asked, CONFIG, SPLIT, LABELS, offline("auto", elsewhere));
    assertThat(asked.storage().exists(LANGUAGES)).isFalse();

    StageContext own = TestNight.in(elsewhere);
    give(own, Map.of(), "the phone is good and new", "房间很好");
    Tokenize.run(own, CONFIG, SPLIT, LABELS, EncoderChoice.NONE);
    assertThat(own.storage().exists(LANGUAGES)).isFalse();
  }

  @Test
  void aNamedEncoderThatCannotBeHadEndsTheNightWithTheCommand() {
    StageContext night = night();
    give(night, Map.of(), "the phone is good and new");

    assertThatThrownBy(
            () -> Tokenize.run(night, CONFIG, SPLIT, LABELS, offline("minilm-en", elsewhere)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("attune encoders get minilm-en --jar FILE");
    assertThatThrownBy(
            () -> Tokenize.run(night, CONFIG, SPLIT, LABELS, offline("bertt", elsewhere)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("no encoder 'bertt'")
        .hasMessageContaining("Known by name are bge-small-en");
    assertThatThrownBy(
            () ->
                Tokenize.run(
                    night, CONFIG, SPLIT, LABELS, offline(elsewhere + "/nowhere", elsewhere)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("There is no folder");
  }
}
