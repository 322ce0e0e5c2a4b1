package io.attune.pipeline.encoder;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes a folder of Hugging Face's form with a BERT of random parameters. */
public final class TinyEncoder {
  /** Is the number of positions. */
  public static final int MAX_TOKENS = 24;

  private static final List<String> WORDS =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "phone", "room", "is", "was", "good",
          "bad", "title", "很", "好", "不", "##s");

  private TinyEncoder() {}

  /** Writes an encoder of width 16 with two layers. */
  public static Path write(Path folder) throws IOException {
    return write(folder, Map.of());
  }

  /**
   * Writes an encoder of width 16 with two layers.
   *
   * @param more further keys of its {@code config.json}
   */
  public static Path write(Path folder, Map<String, Object> more) throws IOException {
    Files.createDirectories(folder);
    EncoderShape shape =
        EncoderShape.builder(Part.WHOLE, 16)
            .vocabulary(WORDS.size())
            .maxTokens(MAX_TOKENS)
            .blocks(2)
            .heads(4)
            .feedForward(32)
            .norm(Norm.POST)
            .activation(FeedForwardActivation.GELU)
            .positions(Positions.LEARNED)
            .pooling(Pooling.FIRST)
            .embeddingNorm(true)
            .normEpsilon(1e-12)
            .build();
    Random random = new Random(7);
    float[] parameters = new float[(int) EncoderLayout.of(shape).length()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) random.nextGaussian() / 10;
    }
    PretrainedEncoder encoder = new PretrainedEncoder(shape, parameters);
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      encoder.write(out, "", List.of());
    }
    for (Map.Entry<String, byte[]> file : encoder.files().entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    Map<String, Object> config = new java.util.TreeMap<>(encoder.config());
    config.putAll(more);
    Files.write(folder.resolve("config.json"), Json.pretty(config));
    Files.write(folder.resolve("vocab.txt"), new ArrayList<>(WORDS));
    return folder;
  }
}
