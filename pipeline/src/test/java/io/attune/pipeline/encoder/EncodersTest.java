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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        encoders.importUnderItsHash(pooling.toString(), new Configuration(), night.recorder());
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
