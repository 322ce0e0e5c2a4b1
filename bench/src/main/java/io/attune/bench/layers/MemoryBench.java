package io.attune.bench.layers;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.network.ModelConfig.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.Pointer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Measures memory over a long training: it must not grow after the first batches. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a Transformer encoder of width 64 on 64 rows of up to 32 tokens and prints, at ten"
          + " points, heap in use after a collection, off-heap and resident memory; 2 minutes.",
      "",
      "The resident size varies with that of the heap, which these options fix:"
          + " ATTUNE_JAVA_OPTS=\"-Xms1g -Xmx1g -XX:+AlwaysPreTouch\"."
    })
public final class MemoryBench implements Callable<Integer> {
  private static final int LINES = 10;

  @Parameters(
      arity = "0..1",
      paramLabel = "STEPS",
      defaultValue = "10000",
      description = "Steps of training (${DEFAULT-VALUE}).")
  private int steps;

  @Override
  public Integer call() throws IOException {
    BenchCase given = BenchCase.uniform(Kind.TRANSFORMER, 1, 64, 32, true);
    SyntheticBatches batches = new SyntheticBatches(given, Lengths.of(given, Path.of("")));
    try (Contender network = NetworkContender.attune(given, batches, BackendChoice.AUTO)) {
      System.out.println("| steps | heap, MiB | off-heap, MiB | resident, MiB |");
      System.out.println("|---|---|---|---|");
      print(0);
      for (int line = 1; line <= LINES; line++) {
        network.run(steps / LINES);
        print(steps / LINES * line);
      }
    }
    return 0;
  }

  private static void print(int steps) {
    System.gc(); // Measures memory in use, without garbage.
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
