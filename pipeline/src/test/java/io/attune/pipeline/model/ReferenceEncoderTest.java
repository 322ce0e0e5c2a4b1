package io.attune.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

class ReferenceEncoderTest {
  private static final int CASES = 60;

  @Test
  void agreesWithTheTwinInDoublePrecision() {
    for (long seed = 0; seed < CASES; seed++) {
      EncoderCase given = EncoderCase.random(seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new ReferenceEncoder(given.shape(), DataType.DOUBLE), DataType.DOUBLE);

      Closeness.assertClose(found, expected, 1e-8, given);
    }
  }

  @Test
  void agreesWithTheTwinInSinglePrecision() {
    for (long seed = 100; seed < 100 + CASES; seed++) {
      EncoderCase given = EncoderCase.random(seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new ReferenceEncoder(given.shape(), DataType.FLOAT), DataType.FLOAT);

      Closeness.assertClose(found, expected, 1e-4, given);
    }
  }

  @ParameterizedTest
  @EnumSource(EncoderShape.Part.class)
  void partsAgreeWithTheTwinInDoublePrecision(EncoderShape.Part part) {
    for (long seed = 0; seed < CASES; seed++) {
      EncoderCase given = EncoderCase.part(part, seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new ReferenceEncoder(given.shape(), DataType.DOUBLE), DataType.DOUBLE);

      Closeness.assertClose(found, expected, 1e-8, given);
    }
  }

  @ParameterizedTest
  @EnumSource(EncoderShape.Part.class)
  void partsAgreeWithTheTwinInSinglePrecision(EncoderShape.Part part) {
    for (long seed = 100; seed < 100 + CASES; seed++) {
      EncoderCase given = EncoderCase.part(part, seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new ReferenceEncoder(given.shape(), DataType.FLOAT), DataType.FLOAT);

      Closeness.assertClose(found, expected, 1e-4, given);
    }
  }

  @Test
  void casesCoverEveryChoice() {
    assertThat(
            java.util.stream.LongStream.range(0, CASES)
                .mapToObj(EncoderCase::random)
                .map(
                    c -> c.shape().norm() + "/" + c.shape().positions() + "/" + c.shape().pooling())
                .distinct())
        .hasSize(18);
  }
}
