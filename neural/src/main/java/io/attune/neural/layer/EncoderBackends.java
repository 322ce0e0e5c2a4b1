package io.attune.neural.layer;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.Nd4jDevice;
import io.attune.neural.cpu.CpuEncoder;
import io.attune.neural.cpu.Floats;
import io.attune.neural.cpu.Kernels;
import io.attune.neural.cpu.ScalarKernels;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.nd4j.Nd4jEncoder;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses how to compute an encoder on this machine: the CPU path for floats where ND4J runs on the
 * CPU, plain ND4J operations otherwise.
 *
 * <p>The system property {@value #PROPERTY} forces a choice: {@code reference}, {@code plain} (CPU,
 * without the Vector API), {@code vector} or {@code auto}.
 */
final class EncoderBackends {
  static final String PROPERTY = "attune.model.compute";

  private static final Logger LOG = LoggerFactory.getLogger(EncoderBackends.class);
  private static final AtomicBoolean LOGGED = new AtomicBoolean();

  /** The ways to compute. */
  enum Way {
    AUTO,
    REFERENCE,
    PLAIN,
    VECTOR
  }

  private EncoderBackends() {}

  static EncoderBackend choose(EncoderShape shape, DataType dataType) {
    Way way = Way.valueOf(System.getProperty(PROPERTY, "auto").toUpperCase(Locale.ROOT));
    EncoderBackend compute = choose(shape, dataType, way);
    if (LOGGED.compareAndSet(false, true)) {
      LOG.info("Attention is computed by {}", compute);
    }
    return compute;
  }

  static EncoderBackend choose(EncoderShape shape, DataType dataType, Way way) {
    if (way == Way.REFERENCE
        || dataType != DataType.FLOAT
        || !Nd4jDevice.isCpu()
        || tooLarge(shape)) {
      require(
          way == Way.AUTO || way == Way.REFERENCE,
          "%s=%s needs floats on a CPU, got %s",
          PROPERTY,
          way,
          dataType);
      return new Nd4jEncoder(shape, dataType);
    }
    Optional<Kernels> vector =
        way == Way.PLAIN
            ? Optional.empty()
            : Kernels.vector().filter(kernels -> fits(kernels, shape));
    require(
        way != Way.VECTOR || vector.isPresent(),
        "%s=vector needs --add-modules jdk.incubator.vector and widths that are a multiple of its"
            + " vectors, got %s",
        PROPERTY,
        shape);
    return new CpuEncoder(shape, vector.orElseGet(ScalarKernels::new));
  }

  private static boolean tooLarge(EncoderShape shape) {
    return EncoderLayout.of(shape).length() > Floats.MAX_LENGTH;
  }

  private static boolean fits(Kernels kernels, EncoderShape shape) {
    return shape.width() % kernels.lanes() == 0 && shape.feedForward() % kernels.lanes() == 0;
  }
}
