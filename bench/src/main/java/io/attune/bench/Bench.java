package io.attune.bench;

import java.util.Arrays;

/** {@code ./attune bench <name>}: the benchmarks that there are. */
public final class Bench {
  private static final String USAGE =
      """
      Usage: attune bench NAME [ARGUMENTS]
      Measures Attune beside its peers, in one run; only ratios of one run hold.

        averaging [--rounds N] [--workers 1,2,4,8] [--out DIR]
                 Attune's averaging master beside DL4J's: rows, speed, bytes, loss, and a prediction
                 for up to 256 workers, 5 minutes; --help says more
        layers [--python PYTHON] [--sweep] [--data DIR] [--out DIR]
                 the attention layers beside DL4J's own and PyTorch, 10 minutes; PYTHON can import
                 torch; --help says more
        memory [STEPS]
                 heap, off-heap and resident memory over a training of 10,000 steps, 2 minutes
        sets NEW_ROOT [TASK ...]
                 whole nights on real labelled corpora beside their linear baseline, with the
                 configurations of config/
      """;

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    String name = arguments.length == 0 ? "" : arguments[0];
    String[] rest =
        arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
    switch (name) {
      case "averaging" -> AveragingBench.main(rest);
      case "layers" -> LayersBench.main(rest);
      case "memory" -> MemoryBench.main(rest);
      case "sets" -> RealSets.main(rest);
      default -> {
        System.err.print(USAGE);
        System.exit(name.equals("--help") ? 0 : 2);
      }
    }
  }
}
