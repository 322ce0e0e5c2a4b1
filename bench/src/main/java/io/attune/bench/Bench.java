package io.attune.bench;

import io.attune.bench.averaging.AveragingBench;
import io.attune.bench.layers.LayersBench;
import io.attune.bench.layers.MemoryBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./attune bench NAME}: the benchmarks that there are. */
@Command(
    name = "attune bench",
    mixinStandardHelpOptions = true,
    subcommands = {AveragingBench.class, LayersBench.class, MemoryBench.class, RealSets.class},
    description = "Measures Attune beside its peers, in one run; only ratios of one run hold.")
public final class Bench {
  private Bench() {}

  /** Runs one benchmark; {@code NAME --help} shows its options. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line: without a benchmark's name it fails, and shows them. */
  static CommandLine commandLine() {
    return new CommandLine(new Bench()).setExpandAtFiles(false);
  }
}
