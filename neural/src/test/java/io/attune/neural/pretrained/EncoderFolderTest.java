package io.attune.neural.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.cpu.CpuEncoder;
import io.attune.neural.cpu.ScalarKernels;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.schemas.failure.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderFolderTest {
  private static final int[][] IDS = {{1, 2, 3}, {4, 12, 0, 7, 7, 5, 11, 8, 9, 10}, {6}};

  private static SmallEncoder bert() {
    return new SmallEncoder("bert", 1e-12, 3);
  }

  private static PretrainedEncoder read(EncoderFiles files) {
    return EncoderFolder.open(files).read();
  }

  @ParameterizedTest
  @CsvSource({
    "bert, 1e-12",
    "distilbert, 1e-12",
    "roberta, 1e-5",
    "xlm-roberta, 1e-5",
  })
  void computesWhatTheTensorsSay(String modelType, double epsilon) throws IOException {
    SmallEncoder small = new SmallEncoder(modelType, epsilon, 7);
    PretrainedEncoder whole = read(small.files());

    PretrainedEncoder stem = whole.stem(SmallEncoder.BLOCKS);
    float[][] states =
        new LastHiddenState(stem, new CpuEncoder(stem.shape(), new ScalarKernels())).of(IDS);

    assertThat(whole.shape())
        .isEqualTo(
            EncoderShape.builder(EncoderShape.Part.WHOLE, SmallEncoder.WIDTH)
                .vocabulary(SmallEncoder.VOCABULARY)
                .maxTokens(SmallEncoder.POSITIONS)
                .blocks(SmallEncoder.BLOCKS)
                .heads(SmallEncoder.HEADS)
                .feedForward(SmallEncoder.FEED_FORWARD)
                .norm(Norm.POST)
                .normEpsilon(epsilon)
                .activation(FeedForwardActivation.GELU)
                .positions(Positions.LEARNED)
                .embeddingNorm(true)
                .pooling(Pooling.MEAN)
                .build());
    for (int row = 0; row < IDS.length; row++) {
      float[] expected = small.lastHiddenState(IDS[row]);
      for (int i = 0; i < expected.length; i++) {
        assertThat(states[row][i]).isCloseTo(expected[i], within(2e-5f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert.", "model.", "0.auto_model."})
  void findsTensorsBehindAPrefix(String prefix) throws IOException {
    SmallEncoder small = bert();

    PretrainedEncoder found = read(small.files(prefix, small.tensors(), small.shapes()));

    assertThat(found.parameters()).isEqualTo(read(small.files()).parameters());
  }

  @Test
  void findsTheNamesThatTensorFlowGave() throws IOException {
    SmallEncoder small = bert();
    Map<String, float[]> tensors = new LinkedHashMap<>();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    small
        .tensors()
        .forEach(
            (name, values) -> {
              String old =
                  name.replace("LayerNorm.weight", "LayerNorm.gamma")
                      .replace("LayerNorm.bias", "LayerNorm.beta");
              tensors.put(old, values);
              shapes.put(old, small.shapes().get(name));
            });

    assertThat(read(small.files("", tensors, shapes)).parameters())
        .isEqualTo(read(small.files()).parameters());
  }

  @Test
  void listsTensorsThatItDoesNotUse() throws IOException {
    SmallEncoder small = bert();
    small.tensors().put("pooler.dense.weight", new float[4]);
    small.shapes().put("pooler.dense.weight", List.of(2L, 2L));

    EncoderFolder folder = EncoderFolder.open(small.files());

    assertThat(folder.unused()).containsExactly("pooler.dense.weight");
    assertThat(folder.read().parameters()).isEqualTo(read(bert().files()).parameters());
  }

  @Test
  void readsAFolderOfThisMachine(@TempDir Path folder) throws IOException {
    MemoryFiles files = bert().files();
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.write(folder.resolve(name), files.open(name).readAllBytes());
    }

    EncoderFolder opened = EncoderFolder.open(EncoderFiles.folder(folder));

    assertThat(opened.modelType()).isEqualTo("bert");
    assertThat(opened.read().parameters()).isEqualTo(read(files).parameters());
    Files.delete(folder.resolve("model.safetensors"));
    assertThatThrownBy(opened::read)
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "Cannot read %s/model.safetensors: there is neither this nor".formatted(folder)
                + " model.safetensors.index.json nor model.onnx; bring the encoder's weights in"
                + " one of these forms");
    assertThatThrownBy(() -> EncoderFolder.open(EncoderFiles.folder(folder.resolve("none"))))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("none/config.json: there is no such file; an encoder is a folder");
  }

  @Test
  void opensEachFileOfWeightsTwiceForHeaderAndValues() throws IOException {
    MemoryFiles files = bert().files();

    read(files);

    assertThat(files.opened("model.safetensors")).isEqualTo(2);
  }

  @Test
  void namesAMissingTensor() throws IOException {
    SmallEncoder small = bert();
    small.tensors().remove("encoder.layer.1.output.dense.bias");

    assertThatThrownBy(() -> read(small.files("bert.", small.tensors(), small.shapes())))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "Cannot read memory/model.safetensors: tensor 'bert.encoder.layer.1.output.dense.bias'"
                + " is missing; config.json asks for 3 layers of bert, and the file has 52 tensors;"
                + " take both from the same publisher");
  }

  @Test
  void namesBothShapesOfATensor() throws IOException {
    SmallEncoder small = bert();
    small.shapes().put("encoder.layer.0.intermediate.dense.weight", List.of(8L, 12L));

    assertThatThrownBy(() -> read(small.files()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "Cannot read memory/model.safetensors: tensor"
                + " 'encoder.layer.0.intermediate.dense.weight' has the shape [8, 12], and"
                + " config.json asks for [12, 8]; take both from the same publisher");
  }

  @Test
  void refusesWeightsWithoutAnEmbedding() throws IOException {
    SmallEncoder small = bert();
    small.tensors().remove("embeddings.word_embeddings.weight");

    assertThatThrownBy(() -> read(small.files()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("it has no tensor 'embeddings.word_embeddings.weight'");
  }

  @Test
  void refusesPickleWithTheLineThatConvertsIt() throws IOException {
    MemoryFiles files =
        bert().files().without("model.safetensors").with("pytorch_model.bin", "code");

    assertThatThrownBy(() -> read(files))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "Cannot read memory/pytorch_model.bin: its form, pickle, can run code of its author;"
                + " convert it where you trust it, with: python -c \"import torch,"
                + " safetensors.torch as s; s.save_file({k: v.clone().contiguous() for k, v in"
                + " torch.load('pytorch_model.bin', weights_only=True).items()},"
                + " 'model.safetensors')\"");
  }

  @Test
  void givesBackWhatItWroteAsBert() throws IOException {
    for (String modelType : List.of("bert", "distilbert", "roberta")) {
      SmallEncoder small = new SmallEncoder(modelType, 1e-5, 11);
      PretrainedEncoder whole =
          read(
              small
                  .files()
                  .with("config.json", small.config(", \"layer_norm_eps\": 1e-5"))
                  .with("1_Pooling/config.json", "{\"pooling_mode_cls_token\": true}"));
      ByteArrayOutputStream weights = new ByteArrayOutputStream();

      whole.write(weights, "bert.", List.of());

      MemoryFiles written = new MemoryFiles().with("model.safetensors", weights.toByteArray());
      whole.files().forEach(written::with);
      EncoderFolder folder = EncoderFolder.open(written);
      assertThat(folder.modelType()).isEqualTo("bert");
      assertThat(folder.shape()).isEqualTo(whole.shape());
      assertThat(folder.shape().pooling()).isEqualTo(Pooling.FIRST);
      assertThat(folder.unused()).isEmpty();
      assertThat(folder.read().parameters()).isEqualTo(whole.parameters());
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesNumbersThatAreNotFinite(float value) throws IOException {
    SmallEncoder small = bert();
    String name = "encoder.layer.1.output.dense.bias";
    Map<String, float[]> tensors = new LinkedHashMap<>(small.tensors());
    float[] changed = tensors.get(name).clone();
    changed[2] = value;
    tensors.put(name, changed);

    assertThatThrownBy(() -> read(small.files("", tensors, small.shapes())))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining(
            "Cannot read memory/model.safetensors: tensor '%s' holds %s".formatted(name, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "model.onnx", "vocab.txt", "tokenizer.json"})
  void namesAPointerOfGit(String name) throws IOException {
    MemoryFiles files =
        bert()
            .files()
            .with(name, "version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 13\n");
    EncoderFolder folder =
        EncoderFolder.open(name.equals("model.onnx") ? files.without("model.safetensors") : files);

    assertThatThrownBy(
            () -> {
              var unused = folder.read();
              var unusedTokenizer = folder.tokenizer();
            })
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Cannot read memory/%s: it is a pointer of Git LFS", name)
        .hasMessageContaining("git lfs pull");
  }

  @Test
  void namesWhatIsQuantisedAlone() throws IOException {
    MemoryFiles files = bert().files().without("model.safetensors");
    files.with("onnx/model_quantized.onnx", "x");

    assertThatThrownBy(() -> read(files))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Cannot read memory/onnx/model_quantized.onnx: it is quantised");
  }

  @Test
  void aStemAndAStackAreTheWhole() throws IOException {
    PretrainedEncoder whole = read(bert().files());

    for (int blocks = 0; blocks <= SmallEncoder.BLOCKS; blocks++) {
      PretrainedEncoder stem = whole.stem(blocks);
      PretrainedEncoder stack = whole.stack(blocks);

      float[] joined = new float[whole.parameters().length];
      System.arraycopy(stem.parameters(), 0, joined, 0, stem.parameters().length);
      System.arraycopy(
          stack.parameters(), 0, joined, stem.parameters().length, stack.parameters().length);
      assertThat(joined).isEqualTo(whole.parameters());
      assertThat(stem.shape().part()).isEqualTo(EncoderShape.Part.STEM);
      assertThat(stack.shape().part()).isEqualTo(EncoderShape.Part.STACK);
    }
    assertThatThrownBy(() -> whole.stem(4)).hasMessage("the cut must be in [0, 3] blocks, got 4");
    assertThatThrownBy(() -> whole.stem(2).stack(1))
        .hasMessage("only a whole encoder is cut, this is a STEM");
  }
}
