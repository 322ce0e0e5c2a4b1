package io.attune.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.LoraConfig;
import io.attune.neural.encoder.LoraConfig.Matrix;
import io.attune.neural.encoder.PoolingChoice;
import io.attune.neural.network.DistilConfig;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.network.NgramConfig;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.stage.tokenize.TokenizeConfig;
import io.attune.pipeline.stage.train.checkpoint.WeightAveraging;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunConfigsTest {
  private static final String WHOLE =
      """
      task: reviews
      root: out
      heads:
        sentiment: [negative, positive]
      corpora:
        - name: shop
          path: data/reviews.csv
          format: csv
          split: test
          columns:
            text: body
            labels: {sentiment: stars}
          label-values:
            sentiment: {1: negative, 5: positive}
      train:
        stopping: {epochs: 3}
      """;

  @TempDir Path folder;

  @Test
  void fileIsReadOverTheDefaultsAndItsPathsAreRelativeToIt() throws IOException {
    RunConfig config = load(WHOLE);

    assertThat(config.task()).isEqualTo("reviews");
    assertThat(config.root()).isEqualTo("file://" + folder.resolve("out"));
    assertThat(config.train().stopping().epochs()).isEqualTo(3);
    assertThat(config.model().heads()).isEqualTo(4);
    assertThat(config.corpora().get(0).path())
        .isEqualTo("file://" + folder.resolve("data/reviews.csv"));
    assertThat(config.corpora().get(0).format()).isEqualTo(Format.CSV);
    assertThat(config.corpora().get(0).split()).isEqualTo(Split.TEST);
    assertThat(config.corpora().get(0).labelValues().get("sentiment"))
        .containsEntry("1", "negative");
    assertThat(config.labels().heads().get(0).classes()).containsExactly("negative", "positive");
  }

  @Test
  void aTokenizerOfTheTasksOwnIsRelativeToTheFileAndMeansNoEncoder() throws IOException {
    RunConfig config = load(WHOLE + "tokenize: {tokenizer: own/tokenizer.json}\n");

    assertThat(config.tokenize().tokenizer())
        .isEqualTo("file://" + folder.resolve("own/tokenizer.json"));
    assertThat(config.model().encoder()).isEqualTo("none");
    assertThatThrownBy(
            () -> load(WHOLE + "tokenize: {tokenizer: t.json}\nmodel: {encoder: bge-small-en}\n"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("and model.encoder is bge-small-en, which has a tokenizer; set");
  }

  @Test
  void aListOfSynonymsIsRelativeToTheFileAndKeepsTheDefaultsBesideIt() throws IOException {
    RunConfig config = load(WHOLE + "tokenize: {synonyms: {file: own/list.txt, copies: 2}}\n");

    assertThat(config.tokenize().synonyms())
        .isEqualTo(
            new TokenizeConfig.SynonymCopies(
                "file://" + folder.resolve("own/list.txt"), 0.1, 2, 1));
    assertThat(load(WHOLE).tokenize().synonyms().file()).isEmpty();
  }

  @Test
  void parametersAreAveragedInOneWayAndNotUnlessAsked() throws IOException {
    assertThat(load(WHOLE).train().weightAveraging()).isEqualTo(WeightAveraging.OFF);
    assertThat(load(WHOLE, "train.weight-averaging.epochs=3").train().weightAveraging())
        .isEqualTo(new WeightAveraging(3, 0));
    assertThat(load(WHOLE, "train.weight-averaging.ema=0.5").train().weightAveraging())
        .isEqualTo(new WeightAveraging(1, 0.5));
    assertThatThrownBy(() -> load(WHOLE + "  weight-averaging: {epochs: 2, ema: 0.5}\n"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("train.weight-averaging.epochs must be 1 where ema is above 0, got");
  }

  @Test
  void rareClassesAreMadeUpForInOneWay() {
    assertThatThrownBy(() -> load(WHOLE + "  resample: balanced\nmodel: {balance-classes: true}\n"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("train.resample and model.balance-classes both make up");
  }

  @Test
  void pathsCanBeRelativeToAFolderOnAnotherFileSystem() throws IOException {
    Path file = Files.writeString(folder.resolve("reviews.yaml"), WHOLE);

    RunConfig config = RunConfigs.load(file, "hdfs://namenode:8020/user/ann/demo", List.of());

    assertThat(config.root()).isEqualTo("hdfs://namenode:8020/user/ann/demo/out");
    assertThat(config.corpora().get(0).path())
        .isEqualTo("hdfs://namenode:8020/user/ann/demo/data/reviews.csv");
  }

  @Test
  void pathsThatAClusterCannotSeeAreRefusedThere() {
    System.setProperty("spark.submit.deployMode", "cluster");
    try {
      assertThatThrownBy(() -> load(WHOLE))
          .isInstanceOf(Failure.BadUsage.class)
          .hasMessageContaining("'out' is relative to the configuration's folder");
    } finally {
      System.clearProperty("spark.submit.deployMode");
    }
  }

  @Test
  void resolvedConfigurationReadsBackAsItself() throws IOException {
    RunConfig config = load(WHOLE);

    RunConfig again = load(RunConfigs.resolved(config));

    assertThat(again).isEqualTo(config.withoutSecrets());
    assertThat(RunConfigs.hash(again)).isEqualTo(RunConfigs.hash(config)).hasSize(64);
  }

  @Test
  void whatIsPublishedHoldsNoAddressOfAWebhook() throws IOException {
    RunConfig config = load(WHOLE, "hooks.on-failure.webhook=https://chat.example.org/hooks/abc");

    assertThat(config.hooks().onFailure().isSet()).isTrue();
    assertThat(RunConfigs.resolved(config)).doesNotContain("chat.example.org");
  }

  @Test
  void whatIsPublishedHoldsNoSecretOfSparks() throws IOException {
    RunConfig config =
        load(
            WHOLE
                + """

                spark:
                  spark.hadoop.fs.s3a.secret.key: hush
                  spark.hadoop.fs.s3a.access.key: hush
                  spark.ssl.keyPassword: hush
                  spark.hadoop.site.passwd: hush
                  spark.hadoop.fs.azure.account.key.shop.dfs.core.windows.net: hush
                  spark.hadoop.fs.azure.sas.fixed.shop: hush
                  spark.hadoop.fs.s3a.encryption.key: hush
                  spark.hadoop.fs.gs.auth.service.account.private.key: hush
                  spark.driver.extraJavaOptions: -Djavax.net.ssl.trustStorePassword=hush
                  spark.executor.memory: 3g
                """);

    assertThat(config.spark()).containsEntry("spark.ssl.keyPassword", "hush");
    assertThat(RunConfigs.resolved(config))
        .doesNotContain("hush")
        .contains("*********(redacted)", "spark.executor.memory: 3g");
  }

  @ParameterizedTest
  @ValueSource(strings = {"standalone", "yarn", "kubernetes"})
  void sparkRedactsOnAClusterWhatIsNotPublished(String cluster) throws IOException {
    assertThat(Files.readAllLines(Path.of("../cluster/conf", cluster + ".conf")))
        .filteredOn(line -> line.startsWith("spark.redaction.regex "))
        .singleElement()
        .asString()
        .endsWith(" " + RunConfig.SECRET.pattern());
  }

  @Test
  void anEncoderHasDefaultsOfItsOwnAndTheFileWinsOverThem() throws IOException {
    RunConfig plain = load(WHOLE, "train.stopping.epochs=0", "model.kind=self-attention");
    RunConfig encoder =
        load(WHOLE + "updater: {weight-decay: 0.1}\n", "model.encoder=minilm-en", "model.tune=top");

    assertThat(plain.updater().kind()).isEqualTo(UpdaterConfig.Kind.ADAM);
    assertThat(plain.updater().layerRates()).isEqualTo(UpdaterConfig.LayerRates.EQUAL);
    assertThat(encoder.model().encoder()).isEqualTo("minilm-en");
    assertThat(encoder.model().tune()).isEqualTo(ModelConfig.Tune.TOP);
    assertThat(encoder.model().dropout())
        .isEqualTo(Dropout.builder().residual(0.1).output(0.1).build());
    assertThat(encoder.model().pooling()).isEqualTo(PoolingChoice.AUTO);
    assertThat(encoder.updater().kind()).isEqualTo(UpdaterConfig.Kind.ADAMW);
    assertThat(encoder.updater().layerRates().heads()).isEqualTo(10);
    assertThat(encoder.updater().weightDecay()).isEqualTo(0.1);
    assertThat(encoder.train().schedule().warmUpShare()).isEqualTo(0.1);
    assertThat(encoder.train().stopping().epochs()).isEqualTo(3);
    assertThat(load(RunConfigs.resolved(encoder))).isEqualTo(encoder.withoutSecrets());
    assertThat(load(RunConfigs.resolved(encoder), "model.encoder=none").updater().learningRate())
        .isEqualTo(0.0002);
  }

  @Test
  void aNetworkOfNgramsHasDefaultsOfItsOwnAndIsTheDefaultWithoutAnEncoder() throws IOException {
    RunConfig ngrams = load(WHOLE, "model.encoder=none");

    assertThat(ngrams.model().kind()).isEqualTo(ModelConfig.Kind.NGRAM_ATTENTION);
    assertThat(ngrams.model().ngrams()).isEqualTo(NgramConfig.DEFAULT);
    assertThat(ngrams.model().dropout())
        .isEqualTo(Dropout.builder().word(0.2).embedding(0.5).output(0.3).build());
    assertThat(ngrams.updater())
        .isEqualTo(
            new UpdaterConfig(
                UpdaterConfig.Kind.ADAMW,
                0.002,
                0.9,
                0.98,
                1e-8,
                0.01,
                new UpdaterConfig.LayerRates(1, 1, 1, 1, 1.5)));
    assertThat(ngrams.train().stopping().epochs()).isEqualTo(3); // the file's own
    assertThat(load(RunConfigs.resolved(ngrams))).isEqualTo(ngrams.withoutSecrets());
    assertThat(load(WHOLE, "model.kind=ngram-attention")).isEqualTo(ngrams);
    RunConfig wider = load(WHOLE + "model: {width: 32, ngrams: {buckets: 1000}}\n");
    assertThat(wider.model().kind()).isEqualTo(ModelConfig.Kind.NGRAM_ATTENTION);
    assertThat(wider.model().ngrams()).isEqualTo(new NgramConfig(3, 1000));
    assertThat(wider.updater()).isEqualTo(ngrams.updater());
    assertThatThrownBy(() -> load(WHOLE, "model.ngrams.longest=9"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("model.ngrams.longest must be in [1, 5], got 9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "layers=2",
        "feed-forward=32",
        "norm=post",
        "activation=relu",
        "positions=sinusoidal"
      })
  void aNetworkWhoseBlocksAreDescribedHasBlocks(String key) throws IOException {
    RunConfig blocks = load(WHOLE, "model." + key);

    assertThat(blocks.model().encoder()).isEqualTo("none");
    assertThat(blocks.model().kind()).isEqualTo(ModelConfig.Kind.SELF_ATTENTION);
    assertThat(blocks.updater()).isEqualTo(load(WHOLE, "model.kind=transformer").updater());
    assertThat(load(WHOLE, "model." + key, "model.encoder=none").model().kind())
        .isEqualTo(ModelConfig.Kind.SELF_ATTENTION);
    assertThat(load(WHOLE, "model." + key, "model.kind=ngram-attention").model().kind())
        .isEqualTo(ModelConfig.Kind.NGRAM_ATTENTION);
  }

  @Test
  void lowRankAdaptationHasItsKeys() throws IOException {
    String lora =
        "model: {encoder: minilm-en, tune: lora, lora: {matrices: [key, feed-forward-in]}}\n";
    RunConfig config = load(WHOLE + lora, "model.lora.rank=4");

    assertThat(load(WHOLE).model().lora()).isEqualTo(LoraConfig.DEFAULT);
    assertThat(config.model().tune()).isEqualTo(ModelConfig.Tune.LORA);
    assertThat(config.model().lora())
        .isEqualTo(new LoraConfig(4, 16, List.of(Matrix.KEY, Matrix.FEED_FORWARD_IN)));
    assertThat(config.updater().layerRates().lora()).isEqualTo(2.5);
    assertThat(load(RunConfigs.resolved(config))).isEqualTo(config.withoutSecrets());
    assertThatThrownBy(() -> load(WHOLE, "model.lora.matrices=[query, values]"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("model.lora.matrices")
        .hasMessageContaining("did you mean 'value'?");
    assertThatThrownBy(() -> load(WHOLE, "model.lora.rank=0"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("model.lora.rank must be in [1, 1024], got 0");
    assertThatThrownBy(() -> load(WHOLE, "model.lora.matrices=[]"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("model.lora.matrices must name at least one of query, key, value,");
  }

  @Test
  void theEncoderIsThatOfTheTextsUnlessTheTaskDescribesItsOwnNetwork() throws IOException {
    RunConfig whole = load(WHOLE);
    assertThat(whole.model().encoder()).isEqualTo("auto");
    assertThat(whole.updater().kind()).isEqualTo(UpdaterConfig.Kind.ADAMW);

    RunConfig own = load(WHOLE + "model: {width: 16}\n");
    assertThat(own.model().encoder()).isEqualTo("none");
    assertThat(own.updater()).isEqualTo(load(WHOLE, "model.encoder=none").updater());
    assertThat(load(WHOLE, "model.kind=transformer").model().encoder()).isEqualTo("none");
    assertThat(load(WHOLE + "model: {dropout: {output: 0.2}}\n").model().encoder())
        .isEqualTo("auto");
    assertThat(load(WHOLE + "model: {width: 16, encoder: minilm-en}\n").model().encoder())
        .isEqualTo("minilm-en");
  }

  @Test
  void aStudentHasAVocabularyOfItsOwnAndTheKindThatItsGroupNames() throws IOException {
    String distil = "model: {encoder: auto, distil: {from: 2026-01-02.1, weight: 0.5}}\n";
    RunConfig config = load(WHOLE + distil);

    assertThat(load(WHOLE).model().distil()).isEqualTo(DistilConfig.OFF);
    assertThat(config.model().distil())
        .isEqualTo(new DistilConfig("2026-01-02.1", Kind.NGRAM_ATTENTION, 0.5, 1));
    assertThat(config.model().encoder()).isEqualTo("none");
    assertThat(config.model().kind()).isEqualTo(Kind.NGRAM_ATTENTION);
    assertThat(config.updater()).isEqualTo(load(WHOLE, "model.encoder=none").updater());
    assertThat(config.tokenize()).isEqualTo(load(WHOLE, "model.encoder=none").tokenize());
    assertThat(load(WHOLE + distil, "model.distil.to=attention-pooling").updater())
        .isEqualTo(load(WHOLE, "model.encoder=none", "model.kind=attention-pooling").updater());
    assertThat(load(RunConfigs.resolved(config))).isEqualTo(config.withoutSecrets());
    assertThat(load(WHOLE + distil, "model.distil.to=lstm-attention").model().kind())
        .isEqualTo(Kind.LSTM_ATTENTION);
    assertThat(load(WHOLE + distil, "model.distil.from=none").model().encoder()).isEqualTo("auto");
    Path file = Files.writeString(folder.resolve("reviews.yaml"), WHOLE + distil);
    assertThat(NightConfig.load(file, List.of()).ownVocabulary()).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "model: {encoder: minilm-en, distil: {from: current}}|line 1: model.encoder is 'minilm-en',"
            + " and model.distil trains a student with a vocabulary of its own; leave model.encoder"
            + " out (for one night: --set model.encoder=none), or train the encoder in a night with"
            + " model.distil.from: none",
        "model: {kind: transformer, distil: {from: current}}|line 1: model.kind is transformer, and"
            + " distil.to makes the network a student of kind ngram-attention; leave kind out",
        "model: {distil: {from: current, to: linear}}|line 1: model.distil.to must be a kind of"
            + " network, such as ngram-attention, got linear",
        "model: {distil: {from: current, to: pooling}}|line 1: model.distil.to must be one of",
        "model: {distil: {weight: 0}}|line 1: model.distil.weight must be in (0, 1], got 0.0",
        "model: {distil: {temperature: 0}}|line 1: model.distil.temperature must be in (0, 100.0]",
      })
  void aStudentThatCannotBeIsNamedWithItsLine(String yaml, String message) {
    assertThatThrownBy(() -> load(yaml + "\n" + WHOLE))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining(message);
  }

  @Test
  void aNightThatFindsNoEncoderHasTheDefaultsOfAnOwnVocabulary() throws IOException {
    Path file = Files.writeString(folder.resolve("reviews.yaml"), WHOLE);

    NightConfig night = NightConfig.load(file, List.of("train.seed=5"));

    assertThat(night.config()).isEqualTo(load(WHOLE, "train.seed=5"));
    assertThat(night.ownVocabulary()).isEqualTo(load(WHOLE, "train.seed=5", "model.encoder=none"));
  }

  @Test
  void aFolderOfAnEncoderIsRelativeToTheFile() throws IOException {
    assertThat(load(WHOLE + "model: {encoder: models/bert}\n").model().encoder())
        .isEqualTo("file://" + folder.resolve("models/bert"));
    assertThat(load(WHOLE, "model.encoder=hdfs:///models/bert").model().encoder())
        .isEqualTo("hdfs:///models/bert");
    assertThat(load(WHOLE, "model.encoder=./bert").model().encoder())
        .isEqualTo("file://" + Path.of("bert").toAbsolutePath());
  }

  @Test
  void overridesWinOverTheFile() throws IOException {
    RunConfig config =
        load(WHOLE, "train.stopping.epochs=7", "model.dropout.word=0.25", "root=hdfs://here/there");

    assertThat(config.train().stopping().epochs()).isEqualTo(7);
    assertThat(config.model().dropout().word()).isEqualTo(0.25);
    assertThat(config.root()).isEqualTo("hdfs://here/there");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "train:\\n"
            + "  stopping: {epoch: 3}|line 2: unknown key 'train.stopping.epoch'; did you mean"
            + " 'epochs'?",
        "trian:\\n  epochs: 3|line 1: unknown key 'trian'; did you mean 'train'?",
        "train:\\n  zzzzzz: 3|line 2: unknown key 'train.zzzzzz'; known here: averaging, min-steps,",
        "corpora:\\n"
            + "- name: a\\n"
            + "  colums: {}|line 3: unknown key 'corpora[0].colums'; did you mean 'columns'?",
        "train:\\n"
            + "  stopping: {epochs: many}|line 2: train.stopping.epochs must be a whole number;"
            + " found 'many'",
        "train:\\n"
            + "  stopping: {epochs: 2.5}|line 2: train.stopping.epochs must be a whole number;"
            + " found '2.5'",
        "train: 3|line 1: train must be a mapping of keys to values; found '3'",
        "split:\\n"
            + "  by: tim|line 2: split.by must be one of [hash, time], got 'tim'; did you mean"
            + " 'time'?",
        "train:\\n"
            + "  stopping:\\n"
            + "    epochs: -1|line 3: train.stopping.epochs must be at least 1, or 0 to go by the"
            + " rows, got -1",
        "train:\\n  guards: {quorum: 2}|line 2: train.guards.quorum must be in (0, 1], got 2.0",
        "train:\\n  batch: {rows: 0}|train.batch.rows must be at least 1, got 0",
        "train:\\n"
            + "  averaging: {frequency: 0}|train.averaging.frequency must be at least 1 minibatch,"
            + " got 0",
        "train:\\n"
            + "  averaging:\\n"
            + "    outer: {momentum: 1}|line 3: train.averaging.outer.momentum must be in [0, 1),"
            + " got 1.0",
        "train:\\n  schedule: {floor: 2}|train.schedule.floor must be in [0, 1], got 2.0",
        "train:\\n"
            + "  schedule: {kind: inverse-square-root, warm-up-steps: 0, warm-up-share:"
            + " 0}|train.schedule.kind"
            + " inverse-square-root falls from the end of the warm-up",
        "train: {device: gpu}|train.averaging.workers must be 1 or more with device gpu",
        "train: {checkpoint-every-rounds: 0}|train.checkpoint-every-rounds must be at least 1, got"
            + " 0",
        "train: {stopping: {head: mood}}|train.stopping.head must be 'gate', 'all' or one of the"
            + " heads [sentiment",
        "evaluate: {slices: {columns: [desk]}}|evaluate.slices.columns names [desk], and the corpora"
            + " keep the columns []",
        "gate: {must-not-lose: [sorce=a]}|gate.must-not-lose names the slice 'sorce=a', and the test"
            + " split is sliced by [corpus, source, month, language, length]",
        "evaluate: {prior: estimated}\\ntrain: {resample: balanced}|evaluate.prior: estimated corrects"
            + " for the shares of the train split",
        "train: {seeds: 17}|train.seeds must be 1 to 16, got 17",
        "model:\\n  heads: 3|model.heads must divide width",
        "model: {kind: lstm-attention, width: 7, heads: 1}|model.width must be even for kind"
            + " lstm-attention, got 7",
        "model:\\n"
            + "  class-weights: {mood: {good: 2}}|model.class-weights names the head 'mood', the"
            + " heads are",
        "model:\\n"
            + "  class-weights: {sentiment: {negative: 0}}|model.class-weights.sentiment.negative"
            + " must be above 0",
        "task: Bad Name|task must be lower-case letters, digits, '_' and '-', got 'Bad Name'",
        "heads:\\n  sentiment: [one]|head 'sentiment' must have at least 2 classes",
        "heads: [|not YAML",
        "- a|a configuration is a mapping of keys to values",
        "train: &a {averaging: *a}|'train.averaging' contains itself through an alias",
        "task: a\\ntask: b|not YAML: found duplicate key task",
      })
  void whateverIsWrongIsNamedWithItsLine(String yaml, String message) {
    String text = yaml.replace("\\n", "\n");
    String whole = text.startsWith("-") || text.endsWith("[") ? text : merge(text);

    assertThatThrownBy(() -> load(whole).labels())
        .isInstanceOfAny(Failure.BadUsage.class, IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.stopping.epoch=3|--set train.stopping.epoch=3: unknown key 'train.stopping.epoch';"
            + " did you mean 'epochs'?",
        "train.quorum=2|--set train.quorum=2: train.quorum is now train.guards.quorum",
        "train.outer.kind=nesterov|train.outer is now train.averaging.outer",
        "train.guards.quorum=2|train.guards.quorum must be in (0, 1], got 2.0",
        "epochs|--set epochs: expected a key and a value",
        "train.stopping.epochs=many|train.stopping.epochs must be a whole number",
      })
  void wrongOverrideIsNamed(String override, String message) {
    assertThatThrownBy(() -> load(WHOLE, override))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "train, workers, averaging.workers",
    "train, averaging-frequency, averaging.frequency",
    "train, max-averaging-share, averaging.max-averaging-share",
    "train, warm-up-rounds, averaging.warm-up-rounds",
    "train, outer, averaging.outer",
    "train, inner-state, averaging.inner-state",
    "train, batch-rows, batch.rows",
    "train, batch-tokens, batch.tokens",
    "train, quorum, guards.quorum",
    "train, divergence-ratio, guards.divergence-ratio",
    "train, rollbacks, guards.rollbacks",
    "train, max-gradient-norm, guards.max-gradient-norm",
    "train, epochs, stopping.epochs",
    "train, patience, stopping.patience",
    "train, validation-metric, stopping.metric",
  })
  void aKeyThatWasRenamedIsRefusedWithItsNewName(String group, String old, String present) {
    assertThatThrownBy(() -> load(merge("%s:\n  %s: 1".formatted(group, old))))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageEndingWith("line 2: %s.%s is now %s.%s", group, old, group, present);
  }

  @Test
  void theWarmUpOfTheLearningRateIsPartOfTheSchedule() {
    assertThatThrownBy(() -> load(merge("updater: {warm-up-steps: 5}")))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageEndingWith("updater.warm-up-steps is now train.schedule.warm-up-steps");
  }

  @Test
  void labelsAreAskedForInTheColumnOfTheCorpusUnlessTheFileNamesAnother() throws IOException {
    RunConfig config = load(WHOLE);
    RunConfig named = load(WHOLE, "monitor.advice.label-columns={sentiment: mood}");

    assertThat(config.monitorConfig().advice().labelColumns())
        .containsExactly(Map.entry("sentiment", "stars"));
    assertThat(named.monitorConfig().advice().labelColumns())
        .containsExactly(Map.entry("sentiment", "mood"));
    assertThat(config.monitorConfig().advice().days()).isEqualTo(28);
  }

  @Test
  void mapsOfAConfigurationCannotBeChanged() throws IOException {
    RunConfig config = load(WHOLE);

    assertThatThrownBy(() -> config.heads().put("mood", List.of()))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> config.heads().get("sentiment").add("neutral"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> config.spark().put("spark.app.name", "mine"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void headsOfALayerReplaceThoseBelow() throws IOException {
    RunConfig config = load(WHOLE, "heads={topic: [a, b]}", "corpora=[]");

    assertThat(config.heads()).containsOnlyKeys("topic");
    assertThat(config.corpora()).isEmpty();
  }

  @Test
  void missingFileIsNamedWithWhatToDo() {
    assertThatThrownBy(() -> RunConfigs.load(folder.resolve("none.yaml"), List.of()))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("No configuration at")
        .hasMessageContaining("attune init");
  }

  @Test
  void missingHeadsAreNamed() {
    assertThatThrownBy(() -> load("task: a\ncorpora: []\n"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("heads must name at least one label head");
  }

  /**
   * Returns the snippet, followed by the parts of WHOLE that it lacks; the snippet comes first so
   * that its line numbers are those of the file.
   */
  private static String merge(String snippet) {
    StringBuilder merged = new StringBuilder(snippet).append('\n');
    String top = null;
    for (String line : WHOLE.split("\n", -1)) {
      if (!line.startsWith(" ")) {
        top = line.replaceFirst(":.*", ":");
      }
      if (!("\n" + snippet).contains("\n" + top)) {
        merged.append(line).append('\n');
      }
    }
    return merged.toString();
  }

  private RunConfig load(String yaml, String... overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("task.yaml"), yaml);
    return RunConfigs.load(file, List.of(overrides));
  }
}
