package io.attune.pipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.encoder.Pooling;
import io.attune.neural.pretrained.EncoderFiles;
import io.attune.neural.pretrained.EncoderFolder;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.Manifest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodersTest {
  @TempDir Path root;
  @TempDir Path elsewhere;

  private EncoderArtefact imported(Path folder) {
    StageContext night = TestNight.in(root);
    return Encoders.in(night.storage())
        .importFolder("tiny", folder.toString(), new Configuration(), night.recorder());
  }

  private static void change(Path weights) throws IOException {
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 2]++;
    Files.write(weights, bytes);
  }

  @Test
  void publishesAFolderInOneFormWithItsDescription() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("Tiny BERT"));
    Files.writeString(
        folder.resolve("README.md"),
        "---\nlicense: mit\nlanguage:\n- en\n- zh\ndatasets: [imdb, 'sst2']\n---\n# Tiny\n");

    EncoderArtefact encoder = imported(folder);

    EncoderCard card = encoder.card();
    assertThat(card.modelType()).isEqualTo("bert");
    assertThat(List.of(card.layers(), card.width(), card.heads(), card.feedForward()))
        .containsExactly(2, 16, 4, 32);
    assertThat(card.vocabulary()).isEqualTo(17);
    assertThat(card.maxTokens()).isEqualTo(TinyEncoder.MAX_TOKENS);
    assertThat(card.pooling()).isEqualTo("first");
    assertThat(card.languages()).containsExactly("en", "zh");
    assertThat(card.licence()).isEqualTo("mit");
    assertThat(card.trainedOn()).containsExactly("imdb", "sst2");
    StageContext night = TestNight.in(root);
    Manifest manifest = night.artefacts().verify("encoders/tiny");
    assertThat(manifest.sha256Of("model.safetensors")).contains(card.weights());
    assertThat(manifest.files().stream().map(Manifest.FileEntry::path))
        .contains("config.json", "tokenizer.json", "encoder.json", "LICENSE");
    assertThat(manifest.provenance().inputs())
        .containsKeys("config.json", "model.safetensors", "vocab.txt", "README.md");
  }

  @Test
  void givesTheSameParametersAndTokensAsTheFolder() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));

    EncoderArtefact encoder = imported(folder);

    PretrainedEncoder original = EncoderFolder.open(EncoderFiles.folder(folder)).read();
    assertThat(encoder.pretrained().shape()).isEqualTo(original.shape());
    assertThat(encoder.pretrained().parameters()).isEqualTo(original.parameters());
    assertThat(encoder.pretrained()).as("read once in a JVM").isSameAs(encoder.pretrained());
    try (SubwordTokenizer tokenizer = SubwordTokenizer.of(encoder.tokenizer())) {
      assertThat(tokenizer.encode("The phones", 9).ids()).containsExactly(2, 5, 6, 16, 3);
    }
  }

  @Test
  void executorsReadItFromTheRootByItsHash() throws IOException {
    EncoderArtefact encoder = imported(TinyEncoder.write(elsewhere.resolve("tiny")));
    var spark = TestNight.spark().sparkContext();
    EncoderReference reference = encoder.reference(spark);

    List<Integer> lengths =
        new org.apache.spark.api.java.JavaSparkContext(spark)
            .parallelize(IntStream.range(0, 4).boxed().toList(), 2)
            .map(number -> reference.open().pretrained().parameters().length)
            .collect();

    assertThat(lengths).containsOnly(encoder.pretrained().parameters().length);
    EncoderReference other =
        new EncoderReference(reference.root(), "tiny", "0".repeat(64), reference.files());
    assertThatThrownBy(other::open)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("was exchanged while it was in use")
        .hasMessageContaining("0".repeat(64));
  }

  @Test
  void aFolderThatVanishesInMidRunIsNamed() throws IOException {
    EncoderArtefact encoder = imported(TinyEncoder.write(elsewhere.resolve("tiny")));
    TestNight.in(root).artefacts().retire("encoders/tiny");

    assertThatThrownBy(encoder::tokenizer)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("The encoder 'tiny' was there when the run began, and is gone")
        .hasMessageContaining("attune encoders get tiny");
  }

  @Test
  void aChangedByteIsFound() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    change(folder.resolve("model.safetensors")); // so that this JVM has not read it before
    EncoderArtefact encoder = imported(folder);
    change(root.resolve("encoders/tiny/model.safetensors"));
    Files.deleteIfExists(root.resolve("encoders/tiny/.model.safetensors.crc"));

    assertThatThrownBy(encoder::pretrained)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is damaged");
  }

  @Test
  void whatIsThereNeverChanges() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    EncoderArtefact first = imported(folder);
    assertThat(imported(folder).card()).isEqualTo(first.card());

    change(folder.resolve("model.safetensors"));

    assertThatThrownBy(() -> imported(folder))
        .isInstanceOf(Failure.AlreadyPublished.class)
        .hasMessageContaining("is another one")
        .hasMessageContaining("choose another name");
  }

  private static Path tokenizerOf(Path folder) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.write(file, EncoderFolder.open(EncoderFiles.folder(folder)).tokenizer());
    Files.delete(folder.resolve("vocab.txt"));
    return file;
  }

  @Test
  void theSameWeightsWithAnotherConfigurationTokenizerOrPoolingAreAnotherEncoder()
      throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    EncoderArtefact first = imported(folder);
    Path epsilon = TinyEncoder.write(elsewhere.resolve("eps"), Map.of("layer_norm_eps", 1e-5));
    Path pooling = TinyEncoder.write(elsewhere.resolve("pooling"));
    Files.writeString(
        pooling.resolve("1_Pooling/config.json"), "{\"pooling_mode_mean_tokens\": true}");
    Path words = TinyEncoder.write(elsewhere.resolve("words"));
    Files.writeString(
        words.resolve("vocab.txt"),
        Files.readString(words.resolve("vocab.txt")).replace("phone", "fon"));

    for (Map.Entry<Path, String> other :
        Map.of(
                epsilon, "of config.json;",
                pooling, "of 1_Pooling/config.json;",
                words, "of tokenizer.json;")
            .entrySet()) {
      assertThatThrownBy(() -> imported(other.getKey()))
          .isInstanceOf(Failure.AlreadyPublished.class)
          .hasMessageContaining("is another one: it has the same weights, and another content")
          .hasMessageContaining(other.getValue());
    }

    StageContext night = TestNight.in(root);
    Encoders encoders = Encoders.in(night.storage());
    EncoderArtefact mean =
        encoders.importUnderItsHash(
            pooling.toString(), new Configuration(), night.recorder());
    EncoderArtefact same =
        encoders.importUnderItsHash(folder.toString(), new Configuration(), night.recorder());
    assertThat(mean.card().weights()).isEqualTo(first.card().weights());
    assertThat(mean.card().name()).startsWith("pooling-");
    assertThat(same.card().name().substring("tiny-".length()))
        .isNotEqualTo(mean.card().name().substring("pooling-".length()));
    assertThat(mean.pretrained().shape().pooling()).isEqualTo(Pooling.MEAN);
    assertThat(first.pretrained().shape().pooling()).isEqualTo(Pooling.FIRST);
  }

  @Test
  void takesWhatAnEarlierVersionNamedByItsWeights() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("mine"));
    StageContext night = TestNight.in(root);
    Encoders encoders = Encoders.in(night.storage());
    String old = "mine-" + imported(folder).card().weights().substring(0, 8);
    encoders.importFolder(old, folder.toString(), new Configuration(), night.recorder());

    EncoderArtefact found =
        encoders.importUnderItsHash(folder.toString(), new Configuration(), night.recorder());

    assertThat(found.card().name()).isEqualTo(old);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"normalizer\":{ | \"normalizer\":{\"precompiled_charsmap\":\"AAAA\","
            + " | precompiled_charsmap of its normalizer is broken: it has only 3 bytes",
        "\"type\":\"BertPreTokenizer\" | \"type\":\"Nonsense\" | The tokenizer of the encoder 'tiny' cannot",
        "\"ids\":[2] | \"ids\":[5000] | '[CLS]' of its post_processor has the id 5000",
        "\"ids\":[2] | \"ids\":[-1] | has the id -1, not a whole number of at least 0",
        "\"phone\":6 | \"phone\":-3 | its token 'phone' has the id -3, not a whole number",
        "\"phone\":6 | \"phone\":\"6\" | its token 'phone' has the id \"6\", not a whole number",
        "\"unk_token\":\"[UNK]\" | \"unk_token\":\"[X]\" | unknown token '[X]' is not in its vocab",
        "\"unk_token\":\"[UNK]\" | \"unk_token\":7 | model.unk_token is 7, not a text",
      })
  void refusesATokenizerThatANightCouldNotUse(String part, String broken, String message)
      throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    Path file = tokenizerOf(folder);
    String tokenizer = Files.readString(file);
    assertThat(tokenizer).contains(part);
    Files.writeString(file, tokenizer.replace(part, broken));

    assertThatThrownBy(() -> imported(folder))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("tiny/tokenizer.json")
        .hasMessageContaining(message.strip());
    assertThat(TestNight.in(root).storage().list("encoders")).isEmpty();
  }

  @Test
  void refusesAnEncoderWithoutRoomForText() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    Path file = tokenizerOf(folder);
    String many = "2" + ",2".repeat(TinyEncoder.MAX_TOKENS);
    String names = "\"[CLS]\"" + ",\"[CLS]\"".repeat(TinyEncoder.MAX_TOKENS);
    Files.writeString(
        file,
        Files.readString(file)
            .replace("\"ids\":[2]", "\"ids\":[" + many + "]")
            .replace("\"tokens\":[\"[CLS]\"]", "\"tokens\":[" + names + "]"));

    assertThatThrownBy(() -> imported(folder))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("The tokenizer of the encoder 'tiny' cannot be used")
        .hasMessageContaining("26 special tokens around every text")
        .hasMessageContaining("has 24 positions");
  }

  @Test
  void refusesMoreParametersThanOneFileCanHold() throws IOException {
    Path folder =
        TinyEncoder.write(elsewhere.resolve("large"), Map.of("intermediate_size", 1 << 24));

    assertThatThrownBy(() -> imported(folder))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("parameters by its config.json")
        .hasMessageContaining("at most 536,838,144; take a smaller one");
  }

  private static void writeSparse(Path file, long bytes) throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(bytes);
    }
  }

  @Test
  void readsNoDescriptionOfGigabytes() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    writeSparse(folder.resolve("README.md"), 3L << 30);
    assertThat(imported(folder).card().licence()).isEqualTo("unknown");

    for (String name : List.of("LICENSE", "encoder.json", "config.json")) {
      writeSparse(folder.resolve(name), 3L << 30);
      assertThatThrownBy(() -> imported(folder))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining(
              "'%s' of '%s' has 3,221,225,472 bytes, more than the 10,000,000",
              name, folder.toUri().toString().replaceAll("^file:/+", "file:/").replaceAll("/$", ""));
      writeSparse(folder.resolve(name), 0);
      Files.delete(folder.resolve(name));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bge-small-en", "auto", "none"})
  void refusesANameThatMeansAnotherEncoder(String name) throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    StageContext night = TestNight.in(root);

    assertThatThrownBy(
            () ->
                Encoders.in(night.storage())
                    .importFolder(name, folder.toString(), new Configuration(), night.recorder()))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("The name '%s' is that of an encoder that Attune knows", name)
        .hasMessageContaining("auto and none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a://bucket/bert", "wasb://c@a/bert", "abfs://c@a/bert", "x-y://a/bert"})
  void namesASchemeWithoutAFileSystem(String folder) {
    assertThatThrownBy(() -> FolderFiles.open(folder, new Configuration()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Cannot open the folder '%s'", folder)
        .hasMessageContaining("no file system of the scheme '%s'", folder.split(":", 2)[0])
        .hasMessageContaining("add its jar");
  }

  @Test
  @Timeout(60)
  void saysSoonThatAFileSystemDoesNotAnswer() {
    assertThatThrownBy(() -> FolderFiles.open("hdfs://127.0.0.1:1/bert", new Configuration()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Cannot open the folder 'hdfs://127.0.0.1:1/bert'");
  }

  @Test
  @Timeout(60)
  void waitsForNoPipe() throws IOException, InterruptedException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    for (String name : List.of("model.safetensors", "README.md")) {
      Files.deleteIfExists(folder.resolve(name));
      Process made = new ProcessBuilder("mkfifo", folder.resolve(name).toString()).start();
      assertThat(made.waitFor()).isZero();
      assertThatThrownBy(() -> imported(folder))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("'%s' is not a regular file", name);
    }
  }

  @Test
  void namesWhatAFolderLacks() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    for (String file : List.of("vocab.txt", "model.safetensors", "config.json")) {
      Path path = folder.resolve(file);
      byte[] bytes = Files.readAllBytes(path);
      Files.delete(path);
      assertThatThrownBy(() -> imported(folder))
          .as(file)
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining(folder.getFileName().toString());
      Files.write(path, bytes);
    }
    assertThatThrownBy(() -> imported(elsewhere.resolve("nowhere")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("There is no folder");
    assertThatThrownBy(() -> imported(folder.resolve("vocab.txt")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is a file");
    assertThat(TestNight.in(root).storage().list("encoders")).isEmpty();
  }

  @Test
  void refusesATokenizerOfAnotherEncoder() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    Files.writeString(
        folder.resolve("vocab.txt"),
        "\nmore\nthan\nthe\nembedding\n".repeat(3) + "has",
        StandardCharsets.UTF_8,
        java.nio.file.StandardOpenOption.APPEND);

    assertThatThrownBy(() -> imported(folder))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("17");
  }

  @Test
  void knowsWhatFinBertHasSeen() throws IOException {
    Path folder =
        TinyEncoder.write(elsewhere.resolve("tiny"), Map.of("_name_or_path", "ProsusAI/finbert"));
    assertThat(imported(folder).card().trainedOn()).containsExactly("financial_phrasebank");
  }

  @Test
  void theUsersOwnDescriptionCounts() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    Files.writeString(folder.resolve("README.md"), "---\nlicense: mit\nlanguage: en\n---\n");
    Files.writeString(
        folder.resolve("encoder.json"),
        "{\"languages\": [\"zh\"], \"licence\": \"ours\", \"trainedOn\": [\"our archive\"]}");

    EncoderCard card = imported(folder).card();

    assertThat(card.languages()).containsExactly("zh");
    assertThat(card.licence()).isEqualTo("ours");
    assertThat(card.trainedOn()).containsExactly("our archive");
  }

  @Test
  void oneTextIsAListOfOne() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    Files.writeString(folder.resolve("README.md"), "---\nlicense: mit\nlanguage: en\n---\n");
    Files.writeString(
        folder.resolve("encoder.json"),
        "{\"languages\": \"zh\", \"licence\": null, \"trainedOn\": \"imdb\"}");

    EncoderCard card = imported(folder).card();

    assertThat(card.languages()).containsExactly("zh");
    assertThat(card.licence()).isEqualTo("mit");
    assertThat(card.trainedOn()).containsExactly("imdb");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"languages\": 5} | has the languages 5, which must be a text or a list of texts",
        "{\"languages\": [null]} | has the languages [null], which must be a text",
        "{\"licence\": {\"a\": 1}} | has the licence {\"a\":1}, which must be a text",
        "{\"trainedOn\": [1]} | has the trainedOn [1], which must be a text",
        "[] | is not a JSON object: it is another value",
        "{ | is not a JSON object: Unexpected end-of-input",
      })
  void refusesADescriptionOfOtherTypes(String json, String message) throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    Files.writeString(folder.resolve("encoder.json"), json);

    assertThatThrownBy(() -> imported(folder))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("'encoder.json' of ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("fasterxml")
        .hasMessageNotContaining("Source");
  }

  @Test
  void refusesALimitOfTokensThatNoTextKeeps() throws IOException {
    Path folder = TinyEncoder.write(elsewhere.resolve("tiny"));
    Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": -16}");

    assertThatThrownBy(() -> imported(folder))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("max_seq_length is -16, not a whole number of at least 1");
  }

  @Test
  void saysHowToBringWhatIsMissing() {
    Encoders encoders = Encoders.in(TestNight.in(root).storage());

    assertThatThrownBy(() -> encoders.open("minilm-en"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("attune encoders get minilm-en.");
    assertThatThrownBy(() -> encoders.open("my-bert"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("attune encoders get my-bert --from FOLDER");
  }
}
