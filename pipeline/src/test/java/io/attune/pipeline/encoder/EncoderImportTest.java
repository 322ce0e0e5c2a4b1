package io.attune.pipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.pretrained.EncoderFiles;
import io.attune.neural.pretrained.EncoderFolder;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what is checked before an encoder is published. */
class EncoderImportTest {
  @TempDir Path root;
  @TempDir Path elsewhere;

  private EncoderArtefact imported(Path folder) {
    StageContext night = TestNight.in(root);
    return Encoders.in(night.storage())
        .importFolder("tiny", folder.toString(), new Configuration(), night.recorder());
  }

  private static Path tokenizerOf(Path folder) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.write(file, EncoderFolder.open(EncoderFiles.folder(folder)).tokenizer());
    Files.delete(folder.resolve("vocab.txt"));
    return file;
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
              name,
              folder.toUri().toString().replaceAll("^file:/+", "file:/").replaceAll("/$", ""));
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
  @ValueSource(
      strings = {"s3a://bucket/bert", "wasb://c@a/bert", "abfs://c@a/bert", "x-y://a/bert"})
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
}
