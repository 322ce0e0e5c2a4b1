package io.attune.bench;

import io.attune.pipeline.model.ModelConfig.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;

/** Memory over a long training: it must not grow once the first batches have been seen. */
final class MemoryBench {
  private static final int STEPS = 10_000;
  private static final int LINES = 10;

  private MemoryBench() {}

  /**
   * Trains and prints.
   *
   * @param arguments the steps, if others than 10,000
   */
  public static void main(String[] arguments) throws IOException {
    int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : STEPS;
    BenchCase given = BenchCase.uniform(Kind.TRANSFORMER, 1, 64, 32, true);
    Batches batches = new Batches(given, Lengths.of(given, Path.of("")));
    try (Contender network = NetworkContender.attune(given, batches, "auto")) {
      System.out.println("| steps | heap, MiB | off-heap, MiB | resident, MiB |");
      System.out.println("|---|---|---|---|");
      print(0);
      for (int line = 1; line <= LINES; line++) {
        network.run(steps / LINES);
        print(steps / LINES * line);
      }
    }
  }

  private static void print(int steps) {
    System.gc(); // What is still used, not what has not been collected yet.
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "| %,d | %.1f | %.1f | %.1f |%n",
        steps,
        mebibytes(runtime.totalMemory() - runtime.freeMemory()),
        mebibytes(Pointer.totalBytes()),
        mebibytes(Pointer.physicalBytes()));
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
