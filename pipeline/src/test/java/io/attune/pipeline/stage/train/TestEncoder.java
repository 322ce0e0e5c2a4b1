package io.attune.pipeline.stage.train;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.pipeline.encoder.EncoderArtefact;
import io.attune.pipeline.encoder.Encoders;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.RunEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/** Publishes a small random encoder with the test tokenizer, and datasets for it. */
public final class TestEncoder {
  public static final int BLOCKS = 3;
  public static final int WIDTH = 16;
  private static final String NAME = "tiny";

  private TestEncoder() {}

  public static PretrainedEncoder encoder() {
    EncoderShape shape =
        EncoderShape.builder(Part.WHOLE, WIDTH)
            .vocabulary(TestTokenizer.WORDS.size())
            .maxTokens(20)
            .blocks(BLOCKS)
            .heads(2)
            .feedForward(32)
            .norm(Norm.POST)
            .normEpsilon(1e-12)
            .positions(Positions.LEARNED)
            .embeddingNorm(true)
            .pooling(Pooling.MEAN)
            .build();
    EncoderLayout layout = EncoderLayout.of(shape);
    float[] parameters = new float[(int) layout.length()];
    Random random = new Random(3);
    for (Slot slot : layout.slots()) {
      for (long i = slot.offset(); i < slot.end(); i++) {
        double value = 0.2 * random.nextGaussian();
        parameters[(int) i] = (float) (slot.name().endsWith(".gain") ? 1 + value : value);
      }
    }
    return new PretrainedEncoder(shape, parameters);
  }

  /** Publishes the encoder and a dataset for it. */
  public static EncoderArtefact publish(
      StageContext context,
      List<TestDataset.Document> train,
      List<TestDataset.Document> validation) {
    EncoderArtefact encoder = publish(context);
    EncoderCard card = encoder.card();
    RunEncoder run = new RunEncoder(NAME, card, 0, List.of());
    TestDataset.publish(context, train, validation, Map.of(RunEncoder.FILE_NAME, Json.pretty(run)));
    return encoder;
  }

  /** Publishes the encoder alone. */
  public static EncoderArtefact publish(StageContext context) {
    try {
      Path folder = Files.createTempDirectory("encoder");
      for (Map.Entry<String, byte[]> file : encoder().files().entrySet()) {
        Path path = folder.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.write(path, file.getValue());
      }
      Files.write(folder.resolve(EncoderCard.TOKENIZER), TestTokenizer.json());
      try (OutputStream out = Files.newOutputStream(folder.resolve(EncoderCard.WEIGHTS))) {
        encoder().write(out, "", List.of());
      }
      return Encoders.in(context.storage())
          .importFolder(NAME, folder.toString(), new Configuration(), context.recorder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
