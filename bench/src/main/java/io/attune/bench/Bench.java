package io.attune.bench;

import io.attune.bench.alerts.AlertsBench;
import io.attune.bench.averaging.AveragingBench;
import io.attune.bench.copies.CopiesBench;
import io.attune.bench.encode.EncodeBench;
import io.attune.bench.export.ExportBench;
import io.attune.bench.ingest.IngestBench;
import io.attune.bench.layers.EncodersBench;
import io.attune.bench.layers.LayersBench;
import io.attune.bench.layers.MemoryBench;
import io.attune.bench.replay.ReplayBench;
import io.attune.bench.score.ScoreBench;
import io.attune.bench.student.StudentBench;
import io.attune.bench.tokenizer.TokenizerBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Lists the benchmarks: {@code ./attune bench NAME}. */
@Command(
    name = "attune bench",
    mixinStandardHelpOptions = true,
    subcommands = {
      AlertsBench.class,
      AveragingBench.class,
      CopiesBench.class,
      EncodeBench.class,
      EncodersBench.class,
      ExportBench.class,
      IngestBench.class,
      LayersBench.class,
      MemoryBench.class,
      RealSets.class,
      ReplayBench.class,
      ScoreBench.class,
      StudentBench.class,
      TokenizerBench.class
    },
    description = "Compares Attune with its peers in one run; only ratios of one run are valid.")
public final class Bench {
  private Bench() {}

  /** Runs one benchmark; {@code NAME --help} shows its options. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** Returns the command line, which fails without the name of a benchmark and lists them. */
  static CommandLine commandLine() {
    return new CommandLine(new Bench()).setExpandAtFiles(false);
  }
}
