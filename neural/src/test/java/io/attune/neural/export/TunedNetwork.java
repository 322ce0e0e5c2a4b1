package io.attune.neural.export;

import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.TokenInput;
import io.attune.neural.network.FineTuning;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.neural.pretrained.EncoderFiles;
import io.attune.neural.pretrained.EncoderFolder;
import io.attune.neural.pretrained.RandomEncoders;
import io.attune.schemas.model.LabelSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes networks as a fine-tuning publishes them, of random parameters. */
final class TunedNetwork {
  static final int VOCABULARY = 30;
  static final LabelSets.Head MOOD = new LabelSets.Head("mood", List.of("bad", "fair", "good"));
  static final LabelSets.Head TOPIC = new LabelSets.Head("topic", List.of("phone", "room"));

  private TunedNetwork() {}

  static ComputationGraph of(
      Pooling pooling, FeedForwardActivation activation, LabelSets.Head... heads) {
    EncoderShape shape =
        EncoderShape.builder(Part.WHOLE, 16)
            .vocabulary(VOCABULARY)
            .maxTokens(12)
            .blocks(2)
            .heads(4)
            .feedForward(24)
            .norm(Norm.POST)
            .normEpsilon(1e-12)
            .activation(activation)
            .positions(Positions.LEARNED)
            .embeddingNorm(true)
            .pooling(pooling == Pooling.ATTENTION ? Pooling.MEAN : pooling)
            .build();
    ModelConfig.Builder model = ModelConfig.builder(Kind.TRANSFORMER);
    model.pooling(pooling);
    FineTuning tuning =
        new FineTuning(
            RandomEncoders.of(shape, 0.4),
            1,
            model.build(),
            new Networks.Task(VOCABULARY, 12, new LabelSets(List.of(heads)), 3));
    ComputationGraph trained =
        tuning.start(new UpdaterConfig(UpdaterConfig.Kind.SGD, 0.1, 0, 0, 1e-8, 0));
    trained.params().addi(0.1);
    return tuning.merged(trained);
  }

  /** Writes the small files of an export beside its weights, and opens the folder. */
  static EncoderFolder opened(Path folder, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return EncoderFolder.open(EncoderFiles.folder(folder));
  }

  static List<int[]> rows() {
    Random random = new Random(9);
    return IntStream.of(3, 12, 1, 7)
        .mapToObj(length -> random.ints(length, 0, VOCABULARY).toArray())
        .toList();
  }

  /** Returns the network's own answers, {@code [head][row][class]}. */
  static float[][][] answers(ComputationGraph network) {
    TokenInput input = TokenInput.of(rows());
    INDArray[] outputs =
        network.output(false, new INDArray[] {input.tokens()}, new INDArray[] {input.mask()});
    return Arrays.stream(outputs).map(INDArray::toFloatMatrix).toArray(float[][][]::new);
  }
}
