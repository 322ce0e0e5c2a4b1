package io.attune.neural.layer;

import io.attune.neural.Nd4jDevice;
import io.attune.neural.cpu.CpuEncoder;
import io.attune.neural.cpu.Kernels;
import io.attune.neural.cpu.ScalarKernels;
import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Precision;
import io.attune.neural.memory.Floats;
import io.attune.neural.nd4j.Nd4jEncoder;
import io.attune.neural.ngram.CpuNgrams;
import io.attune.neural.ngram.NgramLayout;
import io.attune.neural.ngram.NgramShape;
import io.attune.neural.ngram.PlainNgrams;
import io.attune.neural.onednn.OneDnn;
import io.attune.schemas.failure.Failure;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the backend of an encoder that a {@link BackendChoice} names, where it is available. */
final class EncoderBackends {
  private static final Logger LOG = LoggerFactory.getLogger(EncoderBackends.class);
  private static final AtomicBoolean LOGGED = new AtomicBoolean();

  private EncoderBackends() {}

  /** Makes a backend that multiplies floats; as the method that takes a precision. */
  static EncoderBackend create(
      String name, EncoderShape shape, DataType dataType, BackendChoice choice) {
    return create(name, shape, dataType, choice, Precision.FLOAT32);
  }

  /**
   * Makes a backend.
   *
   * @param name of the layer, for messages
   * @throws Failure.BadUsage if the choice is not available
   */
  static EncoderBackend create(
      String name,
      EncoderShape shape,
      DataType dataType,
      BackendChoice choice,
      Precision precision) {
    requireAvailable(name, shape, dataType, choice, precision);
    return logged(create(shape, dataType, choice, precision));
  }

  private static EncoderBackend logged(EncoderBackend backend) {
    if (LOGGED.compareAndSet(false, true)) {
      LOG.info("The encoder is computed by {}", backend);
    }
    return backend;
  }

  private static EncoderBackend create(
      EncoderShape shape, DataType dataType, BackendChoice choice, Precision precision) {
    if (choice == BackendChoice.ND4J || reasonAgainstCpu(shape, dataType).isPresent()) {
      return new Nd4jEncoder(shape, dataType);
    }
    if (choice == BackendChoice.CPU_SCALAR || reasonAgainstVectors(shape).isPresent()) {
      return new CpuEncoder(shape, new ScalarKernels(), precision);
    }
    return new CpuEncoder(shape, Kernels.best(), precision);
  }

  /**
   * Makes the backend of a network of hashed n-grams.
   *
   * @param name of the layer, for messages
   * @param rowsStayZero as {@link CpuNgrams} takes it
   * @throws Failure.BadUsage if the choice is not available
   */
  static EncoderBackend create(
      String name,
      NgramShape shape,
      DataType dataType,
      BackendChoice choice,
      boolean rowsStayZero) {
    requireAvailable(name, shape, dataType, choice);
    if (choice == BackendChoice.ND4J || reasonAgainstCpu(length(shape), dataType).isPresent()) {
      return logged(new PlainNgrams(shape));
    }
    boolean plain =
        choice == BackendChoice.CPU_SCALAR || reasonAgainstVectors(shape.width(), 0).isPresent();
    Kernels kernels = plain ? new ScalarKernels() : Kernels.best();
    return logged(new CpuNgrams(shape, kernels, rowsStayZero));
  }

  private static long length(NgramShape shape) {
    return NgramLayout.of(shape).length();
  }

  /**
   * Refuses a choice that this machine, this JVM or the shape of n-grams rules out.
   *
   * @param name of the layer, for messages
   * @throws Failure.BadUsage naming what the choice needs and what to do
   */
  static void requireAvailable(
      String name, NgramShape shape, DataType dataType, BackendChoice choice) {
    if (choice == BackendChoice.AUTO || choice == BackendChoice.ND4J) {
      return;
    }
    require(name, choice, reasonAgainstCpu(length(shape), dataType), "auto or nd4j");
    if (choice == BackendChoice.CPU_VECTOR) {
      require(name, choice, reasonAgainstVectors(shape.width(), 0), "auto or cpu-scalar");
    }
  }

  /**
   * Refuses a choice that this machine, this JVM or the layer's shape rules out.
   *
   * @param name of the layer, for messages
   * @throws Failure.BadUsage naming what the choice needs and what to do
   */
  static void requireAvailable(
      String name,
      EncoderShape shape,
      DataType dataType,
      BackendChoice choice,
      Precision precision) {
    if (precision == Precision.BFLOAT16) {
      requireBfloat16(name, shape, dataType, choice);
    }
    if (choice == BackendChoice.AUTO || choice == BackendChoice.ND4J) {
      return;
    }
    require(name, choice, reasonAgainstCpu(shape, dataType), "auto or nd4j");
    if (choice == BackendChoice.CPU_VECTOR) {
      require(name, choice, reasonAgainstVectors(shape), "auto or cpu-scalar");
    }
  }

  private static void requireBfloat16(
      String name, EncoderShape shape, DataType dataType, BackendChoice choice) {
    Optional<String> reason =
        choice == BackendChoice.ND4J
            ? Optional.of("a CPU backend, and nd4j is chosen")
            : reasonAgainstCpu(shape, dataType).or(EncoderBackends::reasonAgainstBfloat16);
    if (reason.isPresent()) {
      throw new Failure.BadUsage(
          "%s: precision bfloat16 needs %s; or choose precision auto or float32 (model.precision of a"
              + " task)",
          name, reason.get());
    }
  }

  private static Optional<String> reasonAgainstBfloat16() {
    if (!OneDnn.isAvailable()) {
      return Optional.of("oneDNN, which does not load on this machine");
    }
    return OneDnn.hasFastBfloat16()
        ? Optional.empty()
        : Optional.of(
            "a processor that multiplies bfloat16, and this one has the instructions "
                + OneDnn.instructions());
  }

  private static void require(
      String name, BackendChoice choice, Optional<String> reason, String others) {
    if (reason.isPresent()) {
      throw new Failure.BadUsage(
          "%s: backend %s needs %s; or choose backend %s (model.backend of a task)",
          name, choice.word(), reason.get(), others);
    }
  }

  private static Optional<String> reasonAgainstCpu(EncoderShape shape, DataType dataType) {
    return reasonAgainstCpu(EncoderLayout.of(shape).length(), dataType);
  }

  private static Optional<String> reasonAgainstCpu(long parameters, DataType dataType) {
    if (dataType != DataType.FLOAT) {
      return Optional.of("a network of floats, and this one has the data type " + dataType);
    }
    if (!Nd4jDevice.isCpu()) {
      return Optional.of("ND4J on a CPU, and this process computes on a GPU");
    }
    return parameters <= Floats.MAX_LENGTH
        ? Optional.empty()
        : Optional.of(
            "at most %d parameters in a layer, and this one has %d"
                .formatted(Floats.MAX_LENGTH, parameters));
  }

  private static Optional<String> reasonAgainstVectors(EncoderShape shape) {
    return reasonAgainstVectors(shape.width(), shape.feedForward());
  }

  private static Optional<String> reasonAgainstVectors(int width, int feedForward) {
    Optional<Kernels> kernels = Kernels.vector();
    if (kernels.isEmpty()) {
      return Optional.of("a JVM started with --add-modules jdk.incubator.vector");
    }
    int lanes = kernels.get().lanes();
    return width % lanes == 0 && feedForward % lanes == 0
        ? Optional.empty()
        : Optional.of(
            "widths that are a multiple of %d, got width %d and feed-forward width %d"
                .formatted(lanes, width, feedForward));
  }
}
