package io.attune.neural.encoder;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the results of an encoder with those expected. */
public final class Closeness {
  private Closeness() {}

  /**
   * Asserts that outputs and gradients agree.
   *
   * @param tolerance of each value, relative to the largest of its kind or to 1
   */
  public static void assertClose(
      EncoderTwin.Result found, EncoderTwin.Result expected, double tolerance, EncoderCase given) {
    for (int row = 0; row < expected.output().length; row++) {
      assertClose(
          found.output()[row], expected.output()[row], tolerance, "output row of " + given.shape());
      assertClose(
          found.inputGradient()[row],
          expected.inputGradient()[row],
          tolerance,
          "gradient by an input row of " + given.shape());
    }
    for (EncoderLayout.Slot slot : EncoderLayout.of(given.shape()).slots()) {
      int from = (int) slot.offset();
      int to = (int) slot.end();
      assertClose(
          java.util.Arrays.copyOfRange(found.gradient(), from, to),
          java.util.Arrays.copyOfRange(expected.gradient(), from, to),
          tolerance,
          "gradient of " + slot.name() + " of " + given.shape());
    }
  }

  private static void assertClose(
      double[] found, double[] expected, double tolerance, String what) {
    double largest = 1;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(found).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(found[i] - expected[i]) / largest)
          .as("%s at %d: %s, not %s", what, i, found[i], expected[i])
          .isLessThan(tolerance);
    }
  }
}
