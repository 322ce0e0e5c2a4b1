package io.attune.bench.layers;

import io.attune.bench.layers.Contender.StepTime;
import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.pipeline.figure.Figures;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
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
  private static final int GEMM_SIZE = 1024;
  private static final double WARM_UP_SECONDS = 6;
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

  @Option(names = "--python", description = "A Python that can import torch (${DEFAULT-VALUE}).")
  private String python = "python3";

  @Option(names = "--rounds", description = "Rounds of a case (${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      description = "Seconds of a contender in a round, at least (${DEFAULT-VALUE}).")
  private double seconds = 0.5;

  @Option(
      names = "--sweep",
      description =
          "Compares tokens 32, 128, 512, widths 64, 256, 512 and 1 and 6 blocks with PyTorch; takes"
              + " hours.")
  private boolean sweep;

  @Option(names = "--case", description = "Runs only cases whose name contains this.")
  private String only = "";

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
    cases.removeIf(given -> !given.name().contains(only) || isLeftOut(given));
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
      report.write(out); // After each case: a run that is stopped early keeps its results.
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
      List<ContenderTimes> measurements =
          contenders.stream().map(contender -> new ContenderTimes(contender.name())).toList();
      List<Double> peaks = new ArrayList<>();
      int[] steps =
          contenders.stream().mapToInt(contender -> warmUp(contender, lengths.length)).toArray();
      for (int round = 0; round < rounds; round++) {
        peaks.add(gemmPeak());
        for (int i = 0; i < steps.length; i++) {
          measurements.get(i).add(contenders.get(i).run(steps[i]).perStep(steps[i]));
        }
      }
      report.add(given, lengths, measurements, ContenderTimes.median(peaks));
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  private List<Contender> contenders(BenchCase given, int[][] lengths) throws IOException {
    SyntheticBatches batches = new SyntheticBatches(given, lengths);
    List<Contender> contenders = new ArrayList<>();
    contenders.add(NetworkContender.attune(given, batches, BackendChoice.AUTO));
    ProcessContender.torch(python, given, lengths).ifPresent(contenders::add);
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

  /**
   * Runs a contender until its code is compiled.
   *
   * @param batches a round goes through all of them, since they differ
   * @return the steps of a round
   */
  private int warmUp(Contender contender, int batches) {
    double spent = 0;
    StepTime took = new StepTime(0, 0);
    for (int run = 0; run < 10 && (run < 2 || spent < WARM_UP_SECONDS); run++) {
      took = contender.run(batches).perStep(batches);
      spent += took.seconds() * batches;
    }
    return batches * (int) Math.max(1, Math.ceil(seconds / took.seconds() / batches));
  }

  /**
   * Measures the operations per second of a square product that fits the caches, by ND4J's own BLAS
   * on one thread; by processor time, so that other work on the machine does not lower it.
   */
  private static double gemmPeak() {
    INDArray a = Nd4j.rand(GEMM_SIZE, GEMM_SIZE);
    INDArray b = Nd4j.rand(GEMM_SIZE, GEMM_SIZE);
    INDArray c = Nd4j.createUninitialized(a.dataType(), new long[] {GEMM_SIZE, GEMM_SIZE}, 'f');
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = THREAD.getCurrentThreadCpuTime();
      a.mmuli(b, c);
      best = Math.min(best, (THREAD.getCurrentThreadCpuTime() - start) / 1e9);
    }
    return 2.0 * GEMM_SIZE * GEMM_SIZE * GEMM_SIZE / best;
  }
}
