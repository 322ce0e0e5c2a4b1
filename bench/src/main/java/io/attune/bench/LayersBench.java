package io.attune.bench;

import io.attune.pipeline.model.ModelConfig.Kind;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures attention layers side by side: every contender takes a few steps in turn, round after
 * round, so that whatever else the machine does strikes all alike.
 */
@Command(
    name = "layers",
    description = "Measures Attune's attention layers beside DL4J's own and PyTorch.",
    mixinStandardHelpOptions = true)
public final class LayersBench implements Callable<Integer> {
  private static final int GEMM_SIZE = 1024;

  @Option(names = "--python", description = "A Python that can import torch (${DEFAULT-VALUE}).")
  private String python = "python3";

  @Option(names = "--rounds", description = "Rounds of a case (${DEFAULT-VALUE}).")
  private int rounds = 9;

  @Option(names = "--seconds", description = "Of a contender in a round (${DEFAULT-VALUE}).")
  private double seconds = 1;

  @Option(names = "--full", description = "All shapes: tokens 32 to 512, width 64 to 512, 1 to 6.")
  private boolean full;

  @Option(
      names = "--threads",
      description =
          "Of PyTorch (${DEFAULT-VALUE}); ND4J's are set by" + " OMP_NUM_THREADS before the start.")
  private int threads = 1;

  @Option(names = "--out", description = "Where layers.json and layers.md go (${DEFAULT-VALUE}).")
  private Path out = Path.of("build/bench");

  private final List<Map<String, Object>> results = new ArrayList<>();
  private final StringBuilder table =
      new StringBuilder(
          """
          | case | contender | tokens/s | attune is so many times as fast | of the GEMM peak |
          |---|---|---|---|---|
          """);

  /** Runs the benchmark; {@code --help} shows its options. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LayersBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    for (BenchCase given : full ? allCases() : cases()) {
      measure(given);
    }
    Files.createDirectories(out);
    Files.write(out.resolve("layers.json"), Json.pretty(results));
    Files.writeString(out.resolve("layers.md"), table, StandardCharsets.UTF_8);
    System.out.println("written: " + out.resolve("layers.json") + ", " + out.resolve("layers.md"));
    return 0;
  }

  private static List<BenchCase> cases() {
    return List.of(
        new BenchCase(Kind.SELF_ATTENTION, 1, 128, 64, true),
        new BenchCase(Kind.TRANSFORMER, 1, 128, 64, true),
        new BenchCase(Kind.TRANSFORMER, 2, 128, 128, true),
        new BenchCase(Kind.TRANSFORMER, 1, 128, 64, false),
        new BenchCase(Kind.TRANSFORMER, 1, 128, 256, false));
  }

  private static List<BenchCase> allCases() {
    List<BenchCase> all = new ArrayList<>(cases());
    for (int tokens : new int[] {32, 128, 512}) {
      for (int width : new int[] {64, 256, 512}) {
        for (int layers : new int[] {1, 6}) {
          all.add(new BenchCase(Kind.TRANSFORMER, layers, width, tokens, true));
        }
      }
    }
    return all;
  }

  private void measure(BenchCase given) {
    Batches batches = new Batches(given, 1);
    List<Contender> contenders = contenders(given, batches);
    List<Measurement> measurements =
        contenders.stream().map(contender -> new Measurement(contender.name())).toList();
    List<Double> peaks = new ArrayList<>();
    int[] steps = contenders.stream().mapToInt(this::warmUp).toArray();
    for (int round = 0; round < rounds; round++) {
      peaks.add(gemmPeak());
      for (int i = 0; i < steps.length; i++) {
        double speed = steps[i] * batches.tokensPerStep() / contenders.get(i).run(steps[i]);
        measurements.get(i).add(speed);
      }
    }
    contenders.forEach(Contender::close);
    report(given, batches, measurements, Measurement.median(peaks));
  }

  private List<Contender> contenders(BenchCase given, Batches batches) {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(NetworkContender.attune(given, batches, "auto"));
    contenders.add(NetworkContender.attune(given, batches, "reference"));
    if (!given.feedForwardBlocks()) {
      contenders.add(NetworkContender.dl4j(given, batches));
    }
    TorchContender.start(python, given, batches, threads).ifPresent(contenders::add);
    return contenders;
  }

  /** Runs until compiled, and returns the steps that fill a round. */
  private int warmUp(Contender contender) {
    contender.run(20);
    double perStep = contender.run(10) / 10;
    return (int) Math.max(2, Math.ceil(seconds / perStep));
  }

  /** Operations per second of a square product that fits the caches, by ND4J's own BLAS. */
  private static double gemmPeak() {
    INDArray a = Nd4j.rand(GEMM_SIZE, GEMM_SIZE);
    INDArray b = Nd4j.rand(GEMM_SIZE, GEMM_SIZE);
    INDArray c = Nd4j.createUninitialized(a.dataType(), new long[] {GEMM_SIZE, GEMM_SIZE}, 'f');
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      a.mmuli(b, c);
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return 2.0 * GEMM_SIZE * GEMM_SIZE * GEMM_SIZE / best;
  }

  private void report(
      BenchCase given, Batches batches, List<Measurement> measurements, double peak) {
    System.out.printf("%s (GEMM peak %.0f GFLOP/s)%n", given.name(), peak / 1e9);
    Measurement ours = measurements.get(0);
    for (Measurement measurement : measurements) {
      double ratio = ours.timesAsFastAs(measurement);
      double share =
          measurement.median() / batches.tokensPerStep() * batches.operationsPerStep() / peak;
      System.out.printf(
          "  %-22s %,12.0f tokens/s   attune / it %5.2f   %3.0f %% of the peak%n",
          measurement.name(), measurement.median(), ratio, 100 * share);
      table.append(
          "| %s | %s | %,.0f | %.2f | %.0f %% |%n"
              .formatted(
                  given.name(), measurement.name(), measurement.median(), ratio, 100 * share));
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("case", given.name());
      result.put("contender", measurement.name());
      result.put("tokensPerSecond", measurement.median());
      result.put("attuneTimesAsFast", ratio);
      result.put("shareOfGemmPeak", share);
      result.put("gemmPeak", peak);
      results.add(result);
    }
  }
}
