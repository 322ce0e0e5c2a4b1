package io.attune.neural.encoder;

import java.util.Locale;

/**
 * Names the {@link EncoderBackend} that an encoder is computed with: the values of the key {@code
 * model.backend}.
 */
public enum BackendChoice {
  /**
   * Uses the fastest that is available: CPU kernels for floats where ND4J computes on a CPU, on the
   * Vector API if the JVM has it and the widths are a multiple of its vectors; ND4J operations
   * otherwise.
   */
  AUTO,
  /** Uses ND4J operations, for any data type and device. */
  ND4J,
  /** Uses CPU kernels in plain Java loops; needs floats on a CPU. */
  CPU_SCALAR,
  /**
   * Uses CPU kernels on the Vector API; needs floats on a CPU, {@code --add-modules
   * jdk.incubator.vector}, and widths that are a multiple of its vectors.
   */
  CPU_VECTOR;

  /** Returns the value as a configuration spells it, such as {@code cpu-vector}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
