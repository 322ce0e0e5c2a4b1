package io.attune.bench.averaging;

import io.attune.bench.averaging.AveragingCase.Input;
import io.attune.bench.averaging.AveragingCase.Layers;
import io.attune.bench.averaging.AveragingCase.Master;
import io.attune.bench.averaging.AveragingTraining.Outcome;
import io.attune.bench.averaging.AveragingTraining.Plan;
import io.attune.bench.layers.Lengths;
import io.attune.pipeline.figure.Figures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares parameter averaging by Attune's master and by DL4J's, in turn. */
@Command(
    name = "averaging",
    mixinStandardHelpOptions = true,
    description = {
      "Compares Attune's AveragingMaster with DL4J's ParameterAveragingTrainingMaster: the same"
          + " network (self-attention, vocabulary 20,000, 4 heads), the same rows (random words,"
          + " some of which indicate the class, or --corpus), Adam, minibatches of 16 rows.",
      "",
      "Trainings alternate within a round; each round has its own seed. Numbers are medians of the"
          + " rounds, and ratios are medians of the rounds' ratios. Workers are threads of one JVM:"
          + " more workers than cores show the effect of averaging on accuracy, not on speed.",
      "",
      "'rows trained' are counted on the workers. 'not training' is the fraction of the time in"
          + " which a worker is in no forward or backward pass: averaging, scheduling, reading,"
          + " waiting. DL4J's master is configured to keep Adam's state (saveUpdater), which is not"
          + " its default, and to read the RDD directly, since its export needs libraries that"
          + " Attune lacks; 'row ranges' is how the stage 'train' reads.",
      "",
      "Bytes to the driver are those of the results of tasks, measured on a Spark cluster of this"
          + " machine with two executors. A cost model is fitted to the times of its rounds; its"
          + " values for up to 256 workers are a prediction."
    })
public final class AveragingBench implements Callable<Integer> {
  private static final int BATCH = 16;
  private static final int WARM_UP_ROWS = 320;
  private static final double BYTES_PER_GIGABIT = 1.25e8;

  @Option(names = "--rounds", description = "Rounds of all trainings (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(names = "--rows", description = "Rows of an epoch (${DEFAULT-VALUE}).")
  private int rows = 2000;

  @Option(names = "--epochs", description = "Epochs of a training (${DEFAULT-VALUE}).")
  private int epochs = 3;

  @Option(names = "--workers", split = ",", description = "Numbers of workers (${DEFAULT-VALUE}).")
  private List<Integer> workers = List.of(1, 2, 4, 8);

  @Option(names = "--frequency", description = "Minibatches between averages (${DEFAULT-VALUE}).")
  private int frequency = 8;

  @Option(names = "--corpus", description = "Corpus below --data to train on, such as ag_news.")
  private String corpus;

  @Option(names = "--data", description = "Folder of the corpora (${DEFAULT-VALUE}).")
  private Path data = Path.of("../shared/data");

  @Option(names = "--tokens", description = "Tokens of the longest row (${DEFAULT-VALUE}).")
  private int tokens = 32;

  @Option(
      names = "--width",
      description = "Width of the network; divisible by 16 (${DEFAULT-VALUE}).")
  private int width = 64;

  @Option(names = "--rate", description = "Adam's learning rate (${DEFAULT-VALUE}).")
  private double rate = 1e-3;

  @Option(
      names = "--network-gbit",
      description = "Gbit/s that a machine of the predicted cluster sends (${DEFAULT-VALUE}).")
  private double networkGigabits = 10;

  @Option(names = "--no-cluster", description = "Omits bytes, costs and prediction.")
  private boolean noCluster;

  @Option(
      names = "--out",
      description = "Folder for averaging.json and averaging.md (${DEFAULT-VALUE}).")
  private Path out = Path.of("build/bench");

  private final AveragingReport report = new AveragingReport();

  @Override
  public Integer call() throws IOException {
    PrintStream answers = System.out;
    // DL4J prints text of its own there, for each network.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      train();
      Optional<CostReport> costs = Optional.empty();
      if (!noCluster) {
        System.err.println("starting a cluster of two executors, about a minute");
        List<AveragingCluster.RoundCost> measured =
            ClusterProcess.measure(
                width,
                one ->
                    System.err.printf(
                        "between JVMs: %s, workers: %d%n", one.master(), one.workers()));
        costs =
            Optional.of(
                new CostReport(
                    measured, report.stepSeconds(), networkGigabits * BYTES_PER_GIGABIT));
      }
      report.write(out, costs);
      answers.print(report.markdown());
      costs.ifPresent(found -> answers.print("\n" + found.markdown()));
    } finally {
      System.setOut(answers);
    }
    answers.println(
        "written: " + out.resolve("averaging.json") + ", " + out.resolve("averaging.md"));
    return 0;
  }

  private NumberedRows source() {
    if (corpus == null) {
      return new SyntheticTexts(tokens);
    }
    if (!Lengths.has(data, corpus)) {
      throw new IllegalArgumentException(
          "There is no corpus '%s' below '%s' (see --data)".formatted(corpus, data));
    }
    return new RealTexts(Lengths.file(data, corpus).toString(), tokens);
  }

  private void train() throws IOException {
    Plan plan = new Plan(source(), width, rows, epochs, BATCH, frequency, rate);
    List<AveragingCase> cases = cases();
    try (JavaSparkContext spark = new JavaSparkContext(conf())) {
      System.err.println("warming up");
      for (AveragingCase given : cases) {
        if (given.workers() <= 2) {
          AveragingTraining.run(spark, given, plan.withRows(WARM_UP_ROWS, 1), 0);
        }
      }
      Instant start = Instant.now();
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < cases.size(); i++) {
          Outcome outcome = AveragingTraining.run(spark, cases.get(i), plan, round + 1L);
          report.add(cases.get(i), outcome);
          showProgress(start, round * cases.size() + i + 1, cases);
        }
        report.write(out, Optional.empty()); // A run that is stopped early keeps its results.
        Collections.rotate(cases, 1); // The order of trainings differs from round to round.
      }
    }
  }

  private void showProgress(Instant start, int done, List<AveragingCase> cases) {
    int all = rounds * cases.size();
    long left = Duration.between(start, Instant.now()).toSeconds() * (all - done) / done;
    AveragingCase given = cases.get((done - 1) % cases.size());
    System.err.printf(
        Locale.ROOT,
        "[%d/%d] about %s left; done: %s, workers: %d%n",
        done,
        all,
        Figures.minutes(left),
        given.name(),
        given.workers());
  }

  private List<AveragingCase> cases() {
    Set<AveragingCase> cases = new LinkedHashSet<>();
    for (int count : workers) {
      cases.add(new AveragingCase(Master.ATTUNE, Layers.ATTUNE, Input.RDD, count));
      cases.add(new AveragingCase(Master.DL4J, Layers.ATTUNE, Input.RDD, count));
      cases.add(new AveragingCase(Master.ATTUNE, Layers.ATTUNE, Input.RANGES, count));
    }
    int most = Collections.max(workers);
    cases.add(new AveragingCase(Master.ATTUNE_NESTEROV, Layers.ATTUNE, Input.RANGES, most));
    cases.add(new AveragingCase(Master.ATTUNE, Layers.DL4J, Input.RDD, 2));
    cases.add(new AveragingCase(Master.DL4J, Layers.DL4J, Input.RDD, 2));
    return new ArrayList<>(cases);
  }

  /** Configures as many threads as the most workers, so that all workers of a round run at once. */
  private SparkConf conf() {
    int most = Math.max(2, workers.stream().mapToInt(Integer::intValue).max().orElse(1));
    return new SparkConf()
        .setMaster("local[" + most + "]")
        .setAppName("attune bench averaging")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.ui.enabled", "false");
  }
}
