package io.attune.neural.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.TokenBatch;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tests encoders of BERT's form: split into a stem and a stack, and of its size. */
class EncoderSplitTest {
  private static final int BLOCKS = 3;

  /** Holds an encoder with its input, and the gradient with respect to its output. */
  private record Given(EncoderShape shape, INDArray parameters, INDArray mask, INDArray epsilon) {
    EncoderLayout layout() {
      return EncoderLayout.of(shape);
    }
  }

  /** Holds an output and, unless it is of a stem, the gradients of the parameters and the input. */
  private record Result(INDArray output, INDArray gradient, INDArray inputGradient) {}

  private static EncoderShape.Builder bert(Part part, int width) {
    return EncoderShape.builder(part, width)
        .maxTokens(9)
        .heads(4)
        .feedForward(2 * width)
        .norm(Norm.POST)
        .normEpsilon(1e-12)
        .pooling(Pooling.MEAN);
  }

  private static EncoderShape embeds(EncoderShape.Builder shape) {
    return shape.vocabulary(30).positions(Positions.LEARNED).embeddingNorm(true).build();
  }

  /** Makes parameters about as large as those of a trained encoder, and a batch for them. */
  private static Given given(EncoderShape shape, int rows, int time, Random random) {
    EncoderLayout layout = EncoderLayout.of(shape);
    INDArray parameters = Nd4j.zeros(DataType.FLOAT, layout.length());
    double deviation = 1 / Math.sqrt(shape.width());
    layout
        .views(parameters)
        .forEach(
            (name, view) -> {
              double gain = layout.slot(name).role() == EncoderLayout.Role.GAIN ? 1 : 0;
              view.assign(random(random, deviation, view.shape()).addi(gain));
            });
    INDArray mask = Nd4j.zeros(DataType.FLOAT, rows, time);
    for (int row = 0; row < rows; row++) {
      int length = row == 0 ? time : random.nextInt(time + 1);
      for (int column = 0; column < length; column++) {
        mask.putScalar(row, column, 1);
      }
    }
    return new Given(shape, parameters, mask, random(random, 1, rows, shape.width()));
  }

  private static INDArray random(Random random, double deviation, long... sizes) {
    INDArray result = Nd4j.createUninitialized(DataType.FLOAT, sizes);
    for (long i = 0; i < result.length(); i++) {
      result.putScalar(i, deviation * random.nextGaussian());
    }
    return result;
  }

  private static TokenBatch tokens(Given given) {
    Random random = new Random(17);
    INDArray ids = Nd4j.zeros(DataType.FLOAT, given.mask().shape());
    for (long i = 0; i < ids.length(); i++) {
      ids.putScalar(i, random.nextInt(given.shape().vocabulary()));
    }
    TokenBatch batch = batch(given.shape());
    batch.read(ids, given.mask());
    return batch;
  }

  private static TokenBatch batch(EncoderShape shape) {
    return new TokenBatch("encoder", shape.vocabulary(), shape.maxTokens());
  }

  private static INDArray output(
      EncoderBackend backend, EncoderShape shape, TokenBatch batch, Pass pass, INDArray values) {
    INDArray output =
        shape.pools()
            ? Nd4j.zeros(DataType.FLOAT, batch.rows(), shape.width())
            : Nd4j.zeros(DataType.FLOAT, batch.rows(), batch.time(), shape.width());
    backend.forward(batch, pass, values, output);
    return output;
  }

  private static Result compute(Given given, TokenBatch batch, BackendChoice choice) {
    EncoderShape shape = given.shape();
    EncoderBackend backend = EncoderBackends.create("encoder", shape, DataType.FLOAT, choice);
    INDArray output = output(backend, shape, batch, Pass.TRACE, given.parameters());
    INDArray gradient = values(given.layout());
    INDArray inputGradient =
        shape.embeds()
            ? null
            : Nd4j.zeros(DataType.FLOAT, batch.rows(), batch.time(), shape.width());
    backend.backward(given.epsilon(), gradient, inputGradient);
    return new Result(output, gradient, inputGradient);
  }

  /** Returns an array for all parameters, or null as a backend expects if there are none. */
  private static INDArray values(EncoderLayout layout) {
    return layout.length() == 0 ? null : Nd4j.zeros(DataType.FLOAT, layout.length());
  }

  /** Copies the parameters that a part has, where its blocks start at {@code first}. */
  private static INDArray part(EncoderShape part, int first, INDArray of, EncoderLayout whole) {
    INDArray result = values(EncoderLayout.of(part));
    EncoderLayout.of(part)
        .views(result)
        .forEach((name, view) -> view.assign(whole.views(of).get(nameInTheWhole(name, first))));
    return result;
  }

  private static String nameInTheWhole(String name, int first) {
    if (!name.startsWith("block")) {
      return name;
    }
    int dot = name.indexOf('.');
    return "block" + (first + Integer.parseInt(name.substring(5, dot))) + name.substring(dot);
  }

  @ParameterizedTest
  @EnumSource(BackendChoice.class)
  void aStemAndItsStackAreTheWholeWhereverTheyAreSplit(BackendChoice choice) {
    for (Norm norm : Norm.values()) {
      for (Pooling pooling : Pooling.values()) {
        EncoderShape.Builder shape = bert(Part.WHOLE, 32).norm(norm).pooling(pooling);
        Given whole = given(embeds(shape.blocks(BLOCKS)), 5, 7, new Random(3));
        Result expected = compute(whole, tokens(whole), choice);
        for (int split = 0; split <= BLOCKS; split++) {
          requireSame(whole, expected, split, choice);
        }
      }
    }
  }

  private static void requireSame(Given whole, Result expected, int split, BackendChoice choice) {
    EncoderShape.Builder lower = bert(Part.STEM, 32).norm(whole.shape().norm());
    EncoderShape stem = embeds(lower.blocks(split));
    EncoderShape stack =
        bert(Part.STACK, 32)
            .norm(whole.shape().norm())
            .pooling(whole.shape().pooling())
            .blocks(BLOCKS - split)
            .build();
    EncoderBackend below = EncoderBackends.create("stem", stem, DataType.FLOAT, choice);
    INDArray ofStem = part(stem, 0, whole.parameters(), whole.layout());
    INDArray ofStack = part(stack, split, whole.parameters(), whole.layout());

    INDArray states = output(below, stem, tokens(whole), Pass.INFERENCE, ofStem);
    TokenBatch vectors = batch(stack);
    vectors.readVectors(states.permute(0, 2, 1), whole.mask(), 32);
    Result found =
        compute(new Given(stack, ofStack, whole.mask(), whole.epsilon()), vectors, choice);

    assertClose(found.output(), expected.output(), 1e-6, "output");
    if (ofStack != null) {
      INDArray gradient = part(stack, split, expected.gradient(), whole.layout());
      assertClose(found.gradient(), gradient, 1e-5, "gradient of the stack split at " + split);
    }
    INDArray trace = output(below, stem, tokens(whole), Pass.TRACE, ofStem);
    assertThat(trace).isEqualTo(states);
    INDArray ofBelow = Nd4j.zeros(DataType.FLOAT, ofStem.length());
    below.backward(found.inputGradient(), ofBelow);
    assertClose(
        ofBelow,
        part(stem, 0, expected.gradient(), whole.layout()),
        1e-5,
        "gradient of the stem split at " + split);
  }

  @ParameterizedTest
  @CsvSource({"384, 12, 96", "768, 3, 512"})
  void backendsAgreeOnManyBlocksWideOnesAndTheLongestRows(int width, int blocks, int tokens) {
    EncoderShape.Builder shape =
        bert(Part.WHOLE, width).maxTokens(512).blocks(blocks).heads(12).feedForward(4 * width);
    Given given = given(embeds(shape), 2, tokens, new Random(5));

    Result expected = compute(given, tokens(given), BackendChoice.ND4J);
    Result found = compute(given, tokens(given), BackendChoice.CPU_VECTOR);

    assertClose(found.output(), expected.output(), 1e-4, "output");
    Map<String, INDArray> gradients = given.layout().views(found.gradient());
    given
        .layout()
        .views(expected.gradient())
        .forEach((name, gradient) -> assertClose(gradients.get(name), gradient, 1e-4, name));
  }

  /** Asserts that values agree, relative to the largest. */
  private static void assertClose(INDArray found, INDArray expected, double tolerance, String of) {
    double largest = expected.amaxNumber().doubleValue();
    assertThat(found.shape()).as(of).isEqualTo(expected.shape());
    assertThat(found.sub(expected).amaxNumber().doubleValue() / largest)
        .as(of)
        .isLessThan(tolerance);
  }
}
