package io.attune.neural.pretrained;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.attune.neural.cpu.CpuEncoder;
import io.attune.neural.cpu.Kernels;
import io.attune.neural.cpu.ScalarKernels;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.nd4j.Nd4jEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Compares the encoders of Maven Central with Microsoft's runtime and Hugging Face's tokenizers.
 */
class EncoderParityTest {
  static final List<MavenEncoder> ENCODERS = MavenEncoder.ALL;

  /** Holds the number of texts in a batch, of different lengths. */
  private static final int BATCH = 4;

  private static final double TOLERANCE = 1e-4;

  @TempDir Path folder;

  @ParameterizedTest
  @FieldSource("ENCODERS")
  void lastHiddenStateIsThatOfOnnxRuntime(MavenEncoder encoder) throws IOException, OrtException {
    EncoderFolder opened = EncoderFolder.open(encoder);
    int[][] ids = ids(opened);
    PretrainedEncoder whole = opened.read();
    PretrainedEncoder stem = whole.stem(whole.shape().blocks());
    Path file = folder.resolve("model.onnx");
    try (InputStream in = encoder.open("model.onnx")) {
      Files.copy(in, file);
    }
    List<EncoderBackend> backends =
        List.of(
            new CpuEncoder(stem.shape(), Kernels.best()),
            new CpuEncoder(stem.shape(), new ScalarKernels()),
            new Nd4jEncoder(stem.shape(), DataType.FLOAT));
    try (OnnxRuntime runtime = new OnnxRuntime(file)) {
      for (EncoderBackend backend : backends) {
        LastHiddenState state = new LastHiddenState(stem, backend);
        double difference = 0;
        for (int from = 0; from < ids.length; from += BATCH) {
          int[][] batch = Arrays.copyOfRange(ids, from, Math.min(from + BATCH, ids.length));
          difference = Math.max(difference, difference(state.of(batch), runtime.of(batch)));
        }
        assertThat(difference).as("%s on %s", encoder, backend).isLessThan(TOLERANCE);
      }
    }
  }

  /** Returns the ids of all texts, cut to the positions that there are with the last token kept. */
  static int[][] ids(EncoderFolder encoder) throws IOException {
    EncoderShape shape = encoder.shape();
    try (ReferenceTokenizer tokenizer = ReferenceTokenizer.of(encoder.tokenizer())) {
      int[][] ids = new int[ParityTexts.ALL.size()][];
      for (int i = 0; i < ids.length; i++) {
        int[] all = tokenizer.ids(ParityTexts.ALL.get(i));
        ids[i] = Arrays.copyOf(all, Math.min(all.length, shape.maxTokens()));
        ids[i][ids[i].length - 1] = all[all.length - 1];
      }
      assertThat(Arrays.stream(ids).mapToInt(row -> row.length)).contains(2, shape.maxTokens());
      return ids;
    }
  }

  private static double difference(float[][] found, float[][] expected) {
    double difference = 0;
    for (int row = 0; row < expected.length; row++) {
      assertThat(found[row]).hasSameSizeAs(expected[row]);
      for (int i = 0; i < expected[row].length; i++) {
        double one = Math.abs((double) found[row][i] - expected[row][i]);
        difference = Double.isNaN(one) ? Double.POSITIVE_INFINITY : Math.max(difference, one);
      }
    }
    return difference;
  }

  @ParameterizedTest
  @FieldSource("ENCODERS")
  void tokenIdsAreThoseOfTheReference(MavenEncoder encoder) throws IOException {
    byte[] given;
    try (InputStream in = encoder.open("tokenizer.json")) {
      given = in.readAllBytes();
    }
    byte[] read = EncoderFolder.open(encoder).tokenizer();
    boolean lowered = encoder.equals(MavenEncoder.BGE_ZH); // the publisher's file does not
    try (ReferenceTokenizer found = ReferenceTokenizer.of(read);
        ReferenceTokenizer expected = ReferenceTokenizer.of(given)) {
      for (String text : ParityTexts.ALL) {
        assertThat(found.ids(text)).isEqualTo(expected.ids(lowered ? lowered(text) : text));
      }
    }
  }

  /** Returns a text in lower case without accents, special tokens left as they are. */
  private static String lowered(String text) {
    if (text.startsWith("[CLS]")) {
      return text;
    }
    return Normalizer.normalize(text, Normalizer.Form.NFD)
        .replaceAll("\\p{Mn}", "")
        .toLowerCase(Locale.ROOT);
  }
}
