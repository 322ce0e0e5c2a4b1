package io.attune.bench.layers;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.pipeline.figure.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Compares attention layers: every contender takes a few steps in turn, round after round, so that
 * other load on the machine affects all equally.
 */
@Command(
    name = "layers",
    mixinStandardHelpOptions = true,
    description = {
      "Compares Attune's attention layers with DL4J's own and PyTorch: same model, Adam on"
          + " everything, batch 64, vocabulary 20,000, 4 heads, one thread each.",
      "",
      "Contenders alternate within a round; a ratio is the median of the rounds' ratios, of elapsed"
          + " time and, for a busy machine, of processor time. Padding is not counted as tokens."
          + " The last column is the speed of the matrix products of real tokens, relative to that"
          + " of ND4J's BLAS on a square product.",
      "",
      "For PyTorch: python3 -m venv VENV && VENV/bin/pip install torch numpy, then"
          + " --python VENV/bin/python."
    })
public final class LayersBench implements Callable<Integer> {
  @Mixin private MeasureOptions options;

  @Option(
      names = "--sweep",
      description =
          "Compares tokens 32, 128, 512, widths 64, 256, 512 and 1 and 6 blocks with PyTorch; takes"
              + " hours.")
  private boolean sweep;

  @Option(
      names = "--data",
      description = "Folder of ag_news and imdb, for their lengths (${DEFAULT-VALUE}).")
  private Path data = Path.of("../shared/data");

  @Option(names = "--out", description = "Folder for layers.json and layers.md (${DEFAULT-VALUE}).")
  private Path out = Path.of("build/bench");

  private final LayersReport report = new LayersReport();

  @Override
  public Integer call() throws IOException {
    List<BenchCase> cases = new ArrayList<>(sweep ? sweep() : cases());
    cases.removeIf(given -> !given.name().contains(options.only) || isLeftOut(given));
    Instant start = Instant.now();
    for (int i = 0; i < cases.size(); i++) {
      long left =
          i == 0 ? 0 : Duration.between(start, Instant.now()).toSeconds() * (cases.size() - i) / i;
      System.err.printf(
          "[%d/%d]%s %s%n",
          i + 1,
          cases.size(),
          i == 0 ? "" : " about %s left;".formatted(Figures.minutes(left)),
          cases.get(i).name());
      measure(cases.get(i));
      report.write(
          out, "layers"); // After each case: a run that is stopped early keeps its results.
    }
    System.out.println("written: " + out.resolve("layers.json") + ", " + out.resolve("layers.md"));
    return 0;
  }

  private static List<BenchCase> cases() {
    return List.of(
        BenchCase.uniform(Kind.SELF_ATTENTION, 1, 128, 64, true),
        BenchCase.uniform(Kind.TRANSFORMER, 1, 128, 64, true),
        BenchCase.uniform(Kind.TRANSFORMER, 2, 128, 128, true),
        BenchCase.uniform(Kind.TRANSFORMER, 1, 128, 64, false),
        BenchCase.uniform(Kind.TRANSFORMER, 1, 128, 256, false),
        new BenchCase(Kind.TRANSFORMER, 1, 128, 128, true, "ag_news"),
        new BenchCase(Kind.TRANSFORMER, 1, 128, 512, true, "imdb"));
  }

  private static List<BenchCase> sweep() {
    List<BenchCase> all = new ArrayList<>();
    for (int tokens : new int[] {32, 128, 512}) {
      for (int width : new int[] {64, 256, 512}) {
        for (int layers : new int[] {1, 6}) {
          all.add(BenchCase.uniform(Kind.TRANSFORMER, layers, width, tokens, true));
        }
      }
    }
    return all;
  }

  private boolean isLeftOut(BenchCase given) {
    if (given.corpus() == null || Lengths.has(data, given.corpus())) {
      return false;
    }
    System.out.printf(
        "skipped: %s; there is no %s below %s (see --data)%n", given.name(), given.corpus(), data);
    return true;
  }

  private void measure(BenchCase given) throws IOException {
    int[][] lengths = Lengths.of(given, data);
    List<Contender> contenders = contenders(given, lengths);
    try {
      List<Double> peaks = new ArrayList<>();
      List<ContenderTimes> measurements =
          options.rounds().measure(contenders, lengths.length, () -> peaks.add(GemmPeak.floats()));
      report.add(
          given.name(),
          new LayersReport.Work(
              SyntheticBatches.tokensPerStep(lengths),
              SyntheticBatches.operationsPerStep(given, lengths)),
          measurements,
          any -> ContenderTimes.median(peaks));
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  private List<Contender> contenders(BenchCase given, int[][] lengths) throws IOException {
    SyntheticBatches batches = new SyntheticBatches(given, lengths);
    List<Contender> contenders = new ArrayList<>();
    contenders.add(NetworkContender.attune(given, batches, BackendChoice.AUTO));
    ProcessContender.torch(options.python, given, lengths).ifPresent(contenders::add);
    if (sweep || given.corpus() != null || !given.trains()) {
      return contenders;
    }
    contenders.add(NetworkContender.attune(given, batches, BackendChoice.ND4J));
    ProcessContender.attuneOnAvx2(given, lengths).ifPresent(contenders::add);
    if (given.tokens() == 64) {
      contenders.add(
          new TwoNetworks(
              NetworkContender.attune(given, batches, BackendChoice.AUTO),
              NetworkContender.attune(
                  given, new SyntheticBatches(given, lengths), BackendChoice.AUTO)));
    }
    if (!given.feedForwardBlocks()) {
      contenders.add(NetworkContender.dl4j(given, batches));
      ProcessContender.dl4jOnAvx2(given, lengths).ifPresent(contenders::add);
    }
    return contenders;
  }
}
