package io.attune.neural.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.cpu.Kernels;
import io.attune.neural.cpu.ScalarKernels;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NgramsTest {
  private static final int CASES = 60;
  private static final int PAIR = 0x51CEA0C8;
  private static final int PAIR_AT_THE_END = 0x1027EC14;
  private static final NgramShape SHAPE = new NgramShape(40, 9, 3, 64, 32, 3);

  private static CpuNgrams vector(NgramShape shape, boolean rowsStayZero) {
    return new CpuNgrams(shape, Kernels.vector().orElseThrow(), rowsStayZero);
  }

  private static void assertClose(
      NgramCase.Result found, NgramCase.Result expected, double tolerance, NgramCase given) {
    for (int row = 0; row < expected.output().length; row++) {
      assertThat(found.output()[row])
          .as("output row %d of %s", row, given.shape())
          .containsExactly(expected.output()[row], within(tolerance));
    }
    assertThat(found.gradient())
        .as("gradient of %s", given.shape())
        .containsExactly(expected.gradient(), within(tolerance));
  }

  @Test
  void plainLoopsAgreeWithTheTwin() {
    for (long seed = 0; seed < CASES; seed++) {
      NgramCase given = NgramCase.random(seed, 1 + (int) seed % 7);

      NgramCase.Result found =
          given.by(new CpuNgrams(given.shape(), new ScalarKernels(), false), DataType.FLOAT);

      assertClose(found, given.twin(), 1e-4, given);
    }
  }

  @Test
  void theVectorApiAgreesWithTheTwin() {
    int lanes = Kernels.vector().orElseThrow().lanes();
    for (long seed = 0; seed < CASES / 2; seed++) {
      NgramCase given = NgramCase.random(seed, lanes * (1 + (int) seed % 2));

      NgramCase.Result found = given.by(vector(given.shape(), false), DataType.FLOAT);

      assertClose(found, given.twin(), 1e-4, given);
    }
  }

  @Test
  void thePlainBackendAgreesWithTheTwinInDoublePrecision() {
    for (long seed = 0; seed < CASES; seed++) {
      NgramCase given = NgramCase.random(seed, 1 + (int) seed % 5);

      NgramCase.Result found = given.by(new PlainNgrams(given.shape()), DataType.DOUBLE);

      assertClose(found, given.twin(), 1e-10, given);
    }
  }

  @Test
  void oneBackendServesBatchesOfAnySizeInAnyOrder() {
    CpuNgrams backend = vector(SHAPE, false);
    for (long seed = 0; seed < 10; seed++) {
      NgramCase given = batch(seed);

      NgramCase.Result found = given.by(backend, DataType.FLOAT);

      NgramCase.Result expected = given.by(vector(SHAPE, false), DataType.FLOAT);
      assertThat(found.output()).isDeepEqualTo(expected.output());
      assertThat(found.gradient()).isEqualTo(expected.gradient());
    }
  }

  private static NgramCase batch(long seed) {
    Random random = new Random(seed);
    return NgramCase.of(SHAPE, Noise.of(Dropout.NONE, 1, 1, 1), 1 + random.nextInt(5), 9, random);
  }

  @Test
  void clearingOnlyTheRowsOfTheBatchBeforeGivesTheSameBits() {
    CpuNgrams backend = vector(SHAPE, true);
    INDArray gradient = Nd4j.valueArrayOf(new long[] {parameters()}, 99.0, DataType.FLOAT);
    for (long seed = 0; seed < 12; seed++) {
      NgramCase given = batch(seed);

      NgramCase.Result found = given.by(backend, DataType.FLOAT, gradient);

      NgramCase.Result expected = given.by(vector(SHAPE, false), DataType.FLOAT);
      assertThat(found.gradient()).isEqualTo(expected.gradient());
      gradient.muli(0.5); // what an updater leaves there: rows of 0 stay 0
      if (seed % 3 == 0) { // a pass without a backward pass in between
        backend.forward(
            batch(seed + 100).batch(),
            EncoderBackend.Pass.INFERENCE,
            given.parameterArray(DataType.FLOAT),
            Nd4j.zeros(DataType.FLOAT, batch(seed + 100).mask().length, SHAPE.pooledWidth()));
      }
    }
  }

  private static long parameters() {
    return NgramLayout.of(SHAPE).length();
  }

  @Test
  void aBackwardPassThatIsRepeatedGivesTheSame() {
    CpuNgrams backend = vector(SHAPE, true);
    NgramCase given = batch(3);
    INDArray gradient = Nd4j.zeros(DataType.FLOAT, parameters());
    NgramCase.Result once = given.by(backend, DataType.FLOAT, gradient);

    backend.backward(Nd4j.createFromArray(given.epsilon()).castTo(DataType.FLOAT), gradient);

    assertThat(gradient.castTo(DataType.DOUBLE).toDoubleVector()).isEqualTo(once.gradient());
  }

  @Test
  void memoryStaysTheSameOverManySteps() {
    CpuNgrams backend = vector(SHAPE, true);
    NgramCase given = batch(4);
    INDArray parameters = given.parameterArray(DataType.FLOAT);
    INDArray gradient = parameters.dup();
    INDArray pooled = Nd4j.zeros(DataType.FLOAT, given.mask().length, SHAPE.pooledWidth());
    TokenBatch batch = given.batch();
    EncoderBackend.Pass pass = EncoderBackend.Pass.TRACE;
    for (int warm = 0; warm < 50; warm++) {
      backend.forward(batch, pass, parameters, pooled);
      backend.backward(pooled, gradient);
    }
    long before = org.bytedeco.javacpp.Pointer.totalBytes();

    for (int step = 0; step < 2_000; step++) {
      backend.forward(batch, pass, parameters, pooled);
      backend.backward(pooled, gradient);
    }

    assertThat(org.bytedeco.javacpp.Pointer.totalBytes()).isLessThanOrEqualTo(before);
  }

  /** Saved models depend on the hash; the values follow from docs/formats/model.md. */
  @Test
  void theHashNeverChanges() {
    int pair = NgramHash.then(NgramHash.then(NgramHash.EMPTY, 5), 7);

    assertThat(pair).isEqualTo(hash(hash(0, 6), 8));
    assertThat(NgramHash.thenEnd(pair)).isEqualTo(hash(pair, 0));
    assertThat(new int[] {pair, NgramHash.thenEnd(pair)}).containsExactly(PAIR, PAIR_AT_THE_END);
    for (int value : new int[] {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, pair}) {
      assertThat(NgramHash.bucket(value, 1 << 16)).isEqualTo(value >>> 16);
      assertThat(NgramHash.bucket(value, 1)).isZero();
      assertThat(NgramHash.bucket(value, 1000)).isBetween(0, 999);
    }
  }

  private static int hash(int before, int next) {
    long x = (before * 0x9E3779B9L + next) & 0xFFFFFFFFL;
    x ^= x >> 16;
    x = x * 0x7FEB352DL & 0xFFFFFFFFL;
    x ^= x >> 15;
    x = x * 0x846CA68BL & 0xFFFFFFFFL;
    x ^= x >> 16;
    return (int) x;
  }

  @Test
  void hashesOfPairsSpreadOverTheTable() {
    int buckets = 1 << 12;
    int[] counts = new int[buckets];
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        int hash = NgramHash.then(NgramHash.then(NgramHash.EMPTY, first), second);
        counts[NgramHash.bucket(hash, buckets)]++;
      }
    }

    double square = 0; // chi squared: its mean is the buckets, its deviation the root of twice them
    for (int count : counts) {
      square += (count - 16.0) * (count - 16.0) / 16;
    }
    assertThat(square)
        .isBetween(buckets - 5 * Math.sqrt(2.0 * buckets), buckets + 5 * Math.sqrt(2.0 * buckets));
  }

  @Test
  void refusesAShapeThatCannotBe() {
    assertThatThrownBy(() -> new NgramShape(10, 5, 6, 8, 4, 1))
        .hasMessage("longest must be in [1, 5], got 6");
    assertThatThrownBy(() -> new NgramShape(10, 5, 2, 0, 4, 1))
        .hasMessage("buckets must be in [1, 16777216], got 0");
    assertThatThrownBy(() -> new NgramShape(10, 5, 2, 8, 4, 0))
        .hasMessage("queries must be at least 1, got 0");
  }
}
