package io.attune.jobs.doctor;

import com.sun.jna.NativeLibrary;
import io.attune.jobs.doctor.Check.Subject;
import io.attune.neural.NativeBuild;
import io.attune.neural.ProcessorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Checks the processor's instructions, ND4J's native libraries, and OpenBLAS. */
final class NativeChecks {
  private static final Subject PROCESSOR =
      new Subject("processor", "a process that ends with SIGILL, or training at half its speed");
  private static final Subject NATIVES =
      new Subject("natives", "training that cannot start: UnsatisfiedLinkError");
  private static final Subject BLAS =
      new Subject("blas", "training several times slower than this processor allows");

  /** Sets the size of the square matrices of the measurement: large enough for full speed. */
  private static final int SIDE = 1024;

  /** Bounds the GFLOP/s from below; a slower OpenBLAS has chosen a generic kernel. */
  private static final double SLOW = 20;

  private NativeChecks() {}

  static List<Check> examine(Map<String, String> env) {
    List<Check> checks = new ArrayList<>();
    checks.add(processor(NativeBuild.inUse(), ProcessorKind.instructions()));
    if (checks.get(0).failed()) {
      return checks; // loading the natives would crash this process
    }
    checks.add(natives());
    if (!checks.get(1).failed()) {
      double gflops = gflops(); // first, since it loads OpenBLAS
      checks.add(blas(kernel(), gflops, env.get("OPENBLAS_CORETYPE")));
    }
    return checks;
  }

  /**
   * Compares a build of the natives with what the processor has.
   *
   * @param instructions of the processor, as Linux names them; empty if they are not known
   */
  static Check processor(NativeBuild build, Set<String> instructions) {
    if (instructions.isEmpty()) {
      return PROCESSOR.ok(build.word() + " natives; instructions not known here");
    }
    List<String> missing =
        build.needed().stream().filter(name -> !instructions.contains(name)).sorted().toList();
    if (!missing.isEmpty()) {
      return PROCESSOR.failure(
          build.word() + " natives on a processor without " + String.join(", ", missing),
          "unset ATTUNE_NATIVES: each JVM then takes what its processor has");
    }
    if (build == NativeBuild.GENERIC && instructions.containsAll(NativeBuild.AVX2.needed())) {
      return PROCESSOR.warning(
          "generic natives on a processor with avx2", "unset ATTUNE_NATIVES, or set it to avx2");
    }
    return PROCESSOR.ok(build.word() + " natives, and the processor has what they need");
  }

  private static Check natives() {
    try {
      return NATIVES.ok(
          "%s, %d threads a task"
              .formatted(
                  Nd4j.getBackend().getClass().getSimpleName(),
                  Nd4j.getEnvironment().maxMasterThreads()));
    } catch (LinkageError | RuntimeException e) {
      return NATIVES.failure(
          e.toString(),
          "ND4J's natives are for Linux on x86-64 with glibc; set ATTUNE_NATIVES=generic on older"
              + " processors");
    }
  }

  static Check blas(String kernel, double gflops, String coreType) {
    String found =
        String.format(Locale.ROOT, "%s kernel, %.0f GFLOP/s on one thread", kernel, gflops);
    if (coreType != null) {
      return BLAS.warning(
          found + ", OPENBLAS_CORETYPE=" + coreType,
          "OpenBLAS knows this processor by itself: unset OPENBLAS_CORETYPE unless it is meant");
    }
    return gflops >= SLOW
        ? BLAS.ok(found)
        : BLAS.warning(
            found, "look for other work on this machine, and for a virtual machine that hides AVX");
  }

  /**
   * Returns the kernel that OpenBLAS chose, from the same file that ND4J has loaded: a second copy
   * would free the buffers of the first.
   */
  private static String kernel() {
    try {
      Optional<String> loaded =
          Files.readAllLines(Path.of("/proc/self/maps")).stream()
              .filter(line -> line.contains("/libopenblas"))
              .map(line -> line.substring(line.indexOf('/')))
              .findFirst();
      return loaded.isEmpty()
          ? "unknown"
          : NativeLibrary.getInstance(loaded.get())
              .getFunction("openblas_get_corename")
              .invokeString(new Object[0], false);
    } catch (IOException | LinkageError | RuntimeException e) {
      return "unknown";
    }
  }

  private static double gflops() {
    INDArray a = Nd4j.rand(SIDE, SIDE).castTo(DataType.FLOAT); // [side, side]
    INDArray b = Nd4j.rand(SIDE, SIDE).castTo(DataType.FLOAT); // [side, side]
    INDArray c = Nd4j.create(DataType.FLOAT, new long[] {SIDE, SIDE}, 'f'); // [side, side]
    double best = 0;
    for (int i = 0; i < 5; i++) {
      long started = System.nanoTime();
      a.mmuli(b, c);
      best = Math.max(best, 2.0 * SIDE * SIDE * SIDE / (System.nanoTime() - started));
    }
    return best;
  }
}
