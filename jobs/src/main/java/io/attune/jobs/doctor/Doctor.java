package io.attune.jobs.doctor;

import com.sun.jna.NativeLibrary;
import io.attune.pipeline.failure.Failure;
import io.attune.pipeline.storage.Storage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Examines this process and a root, in seconds. */
public final class Doctor {
  /** Side of the square matrices that the speed is measured with: large enough for full speed. */
  private static final int SIDE = 1024;

  /** Below this, in GFLOP/s, OpenBLAS has surely chosen a generic kernel. */
  private static final double SLOW = 20;

  private Doctor() {}

  /**
   * Makes every check.
   *
   * @param root to check for rights; null for none
   */
  public static List<Check> examine(String root, Configuration hadoop, Map<String, String> env) {
    List<Check> checks = new ArrayList<>();
    checks.add(java());
    checks.add(heap());
    checks.add(spark());
    checks.add(vectors());
    checks.add(natives());
    checks.add(blas(env));
    if (root != null) {
      checks.add(rights(root, hadoop));
      checks.add(space(root));
    }
    return checks;
  }

  private static Check java() {
    String version = Runtime.version().toString();
    boolean opened =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .anyMatch(argument -> argument.contains("java.base/sun.nio.ch"));
    if (Runtime.version().feature() != 17) {
      return Check.failure(
          "java",
          version,
          "Spark 3.5 and ND4J are run and tested on 17; set JAVA_HOME to a JDK 17");
    }
    return opened
        ? Check.ok("java", version)
        : Check.failure(
            "java",
            version + ", closed to Spark",
            "Spark fails with IllegalAccessError; start through ./attune or spark-submit");
  }

  private static Check heap() {
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    String found = "%,d MiB".formatted(heap);
    return heap >= 1024
        ? Check.ok("heap", found)
        : Check.warning(
            "heap", found, "large corpora end in OutOfMemoryError; set ATTUNE_JAVA_OPTS=-Xmx4g");
  }

  private static Check spark() {
    String spark = org.apache.spark.package$.MODULE$.SPARK_VERSION();
    String library = scala.util.Properties.versionNumberString();
    String found = "Spark " + spark + ", Scala " + library;
    return spark.startsWith("3.5.") && library.startsWith("2.12.")
        ? Check.ok("spark", found)
        : Check.failure(
            "spark",
            found,
            "dl4j-spark exists for Scala 2.12 only, and Iceberg's runtime is for 3.5; point"
                + " SPARK_HOME to a Spark 3.5 for Scala 2.12");
  }

  private static Check vectors() {
    boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return present
        ? Check.ok("vector-api", "present")
        : Check.warning(
            "vector-api",
            "absent",
            "training falls back to slower loops; start java with"
                + " --add-modules jdk.incubator.vector");
  }

  private static Check natives() {
    try {
      String backend = Nd4j.getBackend().getClass().getSimpleName();
      String extension = System.getProperty("org.bytedeco.javacpp.platform.extension", "generic");
      return Check.ok("natives", backend + ", " + extension.replaceFirst("^-", ""));
    } catch (LinkageError | RuntimeException e) {
      return Check.failure(
          "natives",
          e.toString(),
          "training cannot start; ND4J's natives are for Linux on x86-64 with AVX2, set"
              + " ATTUNE_NATIVES=generic on older processors");
    }
  }

  private static Check blas(Map<String, String> env) {
    double gflops = gflops();
    String kernel = kernel();
    String found =
        String.format(Locale.ROOT, "%s kernel, %.0f GFLOP/s on one thread", kernel, gflops);
    if (env.containsKey("OPENBLAS_CORETYPE")) {
      return Check.warning(
          "blas",
          found + ", OPENBLAS_CORETYPE=" + env.get("OPENBLAS_CORETYPE"),
          "OpenBLAS would know this processor by itself; unset OPENBLAS_CORETYPE unless it is meant");
    }
    return gflops >= SLOW
        ? Check.ok("blas", found)
        : Check.warning("blas", found, "training is several times slower than it could be");
  }

  /** The kernel that OpenBLAS chose, asked of the very library that ND4J has loaded. */
  private static String kernel() {
    try {
      Path binding = Path.of(Loader.load(openblas.class));
      String library = binding.resolveSibling("libopenblas.so.0").toString();
      return NativeLibrary.getInstance(library)
          .getFunction("openblas_get_corename")
          .invokeString(new Object[0], false);
    } catch (LinkageError | RuntimeException e) {
      return "unknown";
    }
  }

  private static double gflops() {
    INDArray a = Nd4j.rand(SIDE, SIDE).castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT);
    INDArray b = Nd4j.rand(SIDE, SIDE).castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT);
    INDArray c =
        Nd4j.create(org.nd4j.linalg.api.buffer.DataType.FLOAT, new long[] {SIDE, SIDE}, 'f');
    double best = 0;
    for (int i = 0; i < 5; i++) {
      long started = System.nanoTime();
      a.mmuli(b, c);
      best = Math.max(best, 2.0 * SIDE * SIDE * SIDE / (System.nanoTime() - started));
    }
    return best;
  }

  private static Check rights(String root, Configuration hadoop) {
    try {
      Storage.at(root, hadoop).requireWritable();
      return Check.ok("root", root + ": create, rename and remove are allowed");
    } catch (Failure e) {
      return Check.failure("root", root, e.getMessage());
    }
  }

  private static Check space(String root) {
    try {
      Path path = Path.of(root.replaceFirst("^file:/*", "/"));
      if (!Files.exists(path)) {
        return Check.ok("space", "not a local folder; not checked");
      }
      long free = Files.getFileStore(path).getUsableSpace() >> 30;
      return free >= 2
          ? Check.ok("space", free + " GiB free")
          : Check.warning("space", free + " GiB free", "a night may end with a full disk");
    } catch (IOException | java.nio.file.InvalidPathException e) {
      return Check.ok("space", "not checked: " + e.getMessage());
    }
  }
}
