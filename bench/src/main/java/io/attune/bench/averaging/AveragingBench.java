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

/** Measures parameter averaging side by side: Attune's master and DL4J's, in turn. */
@Command(
    name = "averaging",
    mixinStandardHelpOptions = true,
    description = {
      "Measures Attune's AveragingMaster beside DL4J's ParameterAveragingTrainingMaster: the same"
          + " network (self-attention, vocabulary 20,000, 4 heads), the same rows (words at random,"
          + " of which some tell the class; made here, or --corpus), Adam, 16 rows a minibatch.",
      "",
      "Trainings take turns within a round, with another seed in each; figures are medians of the"
          + " rounds, and ratios are medians of the rounds' ratios. Workers are threads of one JVM:"
          + " more of them than cores show what averaging does to learning, not to speed.",
      "",
      "'rows trained' are counted on the workers. 'not training' is the share of the time in which"
          + " a worker is in no forward or backward pass: averaging, scheduling, reading, waiting."
          + " DL4J's master is told to keep Adam's state (saveUpdater), which by default it"
          + " forgets, and to take the RDD directly, since its export needs libraries that are not"
          + " here; 'row ranges' is how the stage 'train' reads.",
      "",
      "Bytes to the driver are those of the results of tasks, seen on a Spark cluster of this"
          + " machine with two executors of their own. A cost model is fitted to the times of its"
          + " rounds; what it says of up to 256 workers is a prediction."
    })
public final class AveragingBench implements Callable<Integer> {
  private static final int BATCH = 16;
  private static final int WARM_UP_ROWS = 320;
  private static final double BYTES_PER_GIGABIT = 1.25e8;

  @Option(names = "--rounds", description = "Of all trainings (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(names = "--rows", description = "Of an epoch (${DEFAULT-VALUE}).")
  private int rows = 2000;

  @Option(names = "--epochs", description = "Of a training (${DEFAULT-VALUE}).")
  private int epochs = 3;

  @Option(names = "--workers", split = ",", description = "Of the trainings (${DEFAULT-VALUE}).")
  private List<Integer> workers = List.of(1, 2, 4, 8);

  @Option(names = "--frequency", description = "Minibatches between averages (${DEFAULT-VALUE}).")
  private int frequency = 8;

  @Option(
      names = "--corpus",
      description = "Trains on the texts of this corpus, such as ag_news, below --data.")
  private String corpus;

  @Option(names = "--data", description = "Where the corpora lie (${DEFAULT-VALUE}).")
  private Path data = Path.of("../shared/data");

  @Option(names = "--tokens", description = "Of the longest row (${DEFAULT-VALUE}).")
  private int tokens = 32;

  @Option(names = "--width", description = "Of the network; divisible by 16 (${DEFAULT-VALUE}).")
  private int width = 64;

  @Option(names = "--rate", description = "Adam's learning rate (${DEFAULT-VALUE}).")
  private double rate = 1e-3;

  @Option(
      names = "--network-gbit",
      description = "What a machine of the predicted cluster sends a second (${DEFAULT-VALUE}).")
  private double networkGigabits = 10;

  @Option(names = "--no-cluster", description = "Leaves out bytes, costs and prediction.")
  private boolean noCluster;

  @Option(
      names = "--out",
      description = "Where averaging.json and averaging.md go (${DEFAULT-VALUE}).")
  private Path out = Path.of("build/bench");

  private final AveragingReport report = new AveragingReport();

  @Override
  public Integer call() throws IOException {
    PrintStream answers = System.out;
    // DL4J prints there what it likes, for each network.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      train();
      Optional<CostReport> costs = Optional.empty();
      if (!noCluster) {
        System.err.println("starting a cluster of two executors, about a minute");
        List<AveragingCluster.RoundCost> seen =
            ClusterProcess.measure(
                width,
                one ->
                    System.err.printf(
                        "between JVMs: %s, workers: %d%n", one.master(), one.workers()));
        costs =
            Optional.of(
                new CostReport(seen, report.stepSeconds(), networkGigabits * BYTES_PER_GIGABIT));
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
          tell(start, round * cases.size() + i + 1, cases);
        }
        report.write(out, Optional.empty()); // A long run that is cut short was not for nothing.
        Collections.rotate(cases, 1); // No training always follows the same other one.
      }
    }
  }

  private void tell(Instant start, int done, List<AveragingCase> cases) {
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

  /** As many threads as the most workers, so that all workers of a round run at once. */
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
