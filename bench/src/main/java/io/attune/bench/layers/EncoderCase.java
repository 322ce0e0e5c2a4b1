package io.attune.bench.layers;

import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Describes one case: an encoder of BERT's form and what is done with it. Its weights are random:
 * they do not change what a step costs.
 *
 * @param tokens of the longest row; lengths are uniform in [tokens / 2, tokens], padded to tokens
 */
record EncoderCase(String encoder, EncoderShape whole, Mode mode, int batch, int tokens) {
  static final int CLASSES = 4;

  /** Holds the vector rate and the decay of every contender's AdamW. */
  static final double RATE = 1e-4;

  static final double DECAY = 0.01;

  private static final int TOP = 2;
  private static final int BATCHES = 4;

  /** Selects what a step does. */
  enum Mode {
    /** Computes the classes of token ids. */
    INFER("infer"),
    /** Trains all blocks on given vectors of the embedding. */
    TRAIN_ALL("train all blocks"),
    /** Trains the last two blocks on given vectors of the block below. */
    TRAIN_TOP("train the top " + TOP);

    private final String text;

    Mode(String text) {
      this.text = text;
    }
  }

  /** Returns the encoders that come with Attune, by name. */
  static List<EncoderCase> all(int batch, int tokens) {
    return List.of(
            shape("minilm-en", 6, 384, 12, 30_522),
            shape("bge-small-en", 12, 384, 12, 30_522),
            shape("bge-small-zh", 4, 512, 8, 21_128))
        .stream()
        .flatMap(
            given ->
                Arrays.stream(Mode.values())
                    .map(
                        mode ->
                            new EncoderCase(given.encoder(), given.whole(), mode, batch, tokens)))
        .toList();
  }

  private static EncoderCase shape(String name, int blocks, int width, int heads, int vocabulary) {
    EncoderShape shape =
        EncoderShape.builder(Part.WHOLE, width)
            .vocabulary(vocabulary)
            .maxTokens(512)
            .blocks(blocks)
            .heads(heads)
            .feedForward(4 * width)
            .norm(Norm.POST)
            .normEpsilon(1e-12)
            .activation(FeedForwardActivation.GELU)
            .positions(Positions.LEARNED)
            .embeddingNorm(true)
            .pooling(Pooling.MEAN)
            .build();
    return new EncoderCase(name, shape, Mode.INFER, 0, 0);
  }

  String name() {
    return "%s, %s, batch %d, T %d".formatted(encoder, mode.text, batch, tokens);
  }

  boolean trains() {
    return mode != Mode.INFER;
  }

  /** Returns the number of blocks that a step computes. */
  int blocks() {
    return mode == Mode.TRAIN_TOP ? TOP : whole.blocks();
  }

  /** Returns the numbers of tokens of the rows of batches, {@code [batch][row]}. */
  int[][] lengths() {
    Random random = new Random(1);
    int half = tokens / 2;
    int[][] lengths = new int[BATCHES][batch];
    for (int[] rows : lengths) {
      Arrays.setAll(rows, row -> half + random.nextInt(tokens - half + 1));
    }
    return lengths;
  }

  /** Returns the mean work of a step; the backward pass counts as two forward passes. */
  LayersReport.Work work(int[][] lengths) {
    double perToken = 2.0 * whole.width() * (4.0 * whole.width() + 2.0 * whole.feedForward());
    double operations = 0;
    long count = 0;
    for (int[] rows : lengths) {
      for (int length : rows) {
        operations += length * blocks() * (perToken + 2.0 * 2 * whole.width() * length);
        count += length;
      }
    }
    double times = trains() ? 3 : 1;
    return new LayersReport.Work(
        (double) count / lengths.length, times * operations / lengths.length);
  }
}
