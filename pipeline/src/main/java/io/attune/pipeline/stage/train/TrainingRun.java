package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.AveragingMaster;
import io.attune.neural.averaging.RoundListener;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import io.attune.neural.averaging.state.Score;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.telemetry.TrainingGauges;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training from its start, or from a checkpoint, to the published bundle. */
final class TrainingRun implements RoundListener {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

  /** Rows of the batch that is tried before the long run. */
  private static final int FIRST_ROWS = 4;

  private final StageContext context;
  private final TrainingData data;
  private final TrainingSpec spec;
  private final JavaSparkContext spark;
  private final ShardLoader loader;
  private final AveragingMaster master;
  private final SparkComputationGraph graph;
  private final Provenance provenance;
  private final Checkpoints checkpoints;
  private final Metrics metrics;
  private final NetworkProbe probe;
  private final int workers;
  private final int slots;
  private final long rowsInAll;
  private final List<EpochRecord> curve = new ArrayList<>();
  private final List<Ledger.Entry> ledger = new ArrayList<>();
  private Totals total = Totals.NONE;
  private Totals current = Totals.NONE;
  private TrainingProgress.Best best;
  private NetworkState bestNetwork;
  private int resumes;

  TrainingRun(StageContext context, TrainingData data, TrainingSpec spec) {
    this.context = context;
    this.data = data;
    this.spec = spec;
    spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    slots = spark.defaultParallelism();
    workers = spec.workers(data, slots);
    loader = data.loader(spark);
    long rows = data.index().rows(Split.TRAIN);
    master =
        new AveragingMaster(spec.averaging(workers, rows))
            .on(spec.train().device(), spec.train().gpuDiscoveryScript())
            .listen(this);
    graph = new SparkComputationGraph(spark, spec.network(data), master);
    provenance =
        context
            .recorder()
            .record(
                "train",
                Map.of(
                    "dataset", data.identity(), Candidate.TOKENIZER_INPUT, data.tokenizerHash()));
    String networkJson = graph.getNetwork().getConfiguration().toJson();
    checkpoints = new Checkpoints(context, provenance, networkJson);
    metrics = new Metrics(context.storage(), context.run().folder(), context.recorder().clock());
    probe = NetworkProbe.of(data, loader);
    rowsInAll = rows * spec.train().epochs();
  }

  StageResult run() {
    requireFirstBatchTrains();
    Optional<Checkpoint> checkpoint = checkpoints.newest(state(0, OuterState.START, 0));
    checkpoint.ifPresent(this::resume);
    metrics.start(checkpoint.map(found -> found.state().metrics()).orElse(0), total.rounds());
    for (int epoch = curve.size(); epoch < spec.train().epochs(); epoch++) {
      if (patienceExhausted()) {
        break;
      }
      train(epoch);
      validate(epoch);
      metrics.write();
    }
    return publish();
  }

  /** Fails in a second on what would fail in an hour, on a network that is thrown away. */
  private void requireFirstBatchTrains() {
    RowRange all = data.epoch(spec.train().seed(), 0).get(0);
    RowRange first = new RowRange(all.file(), 0, Math.min(FIRST_ROWS, all.rows()), all.order());
    ComputationGraph trial = graph.getNetwork().clone();
    try {
      BatchLimits limits = new BatchLimits(FIRST_ROWS, spec.train().batchTokens());
      MultiDataSet batch = loader.minibatches(List.of(first), limits, 0).next();
      trial.fit(batch);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + first, e);
    }
    if (!Double.isFinite(trial.score())) {
      throw new Failure.TrainingDiverged(
          "The loss of the first minibatch is %s before any training; check the model and updater"
              + " configuration",
          trial.score());
    }
  }

  private void resume(Checkpoint checkpoint) {
    TrainingProgress state = checkpoint.state();
    checkpoint.network().copyTo(graph.getNetwork());
    graph.getNetwork().getConfiguration().setEpochCount(state.epoch());
    master.resumeAfter(state.outerState(checkpoint.velocity()));
    total = state.total();
    current = state.current();
    best = state.best();
    bestNetwork = checkpoint.best().orElse(null);
    curve.addAll(state.curve());
    ledger.addAll(state.ledger());
    resumes = state.resumes() + 1;
    LOG.info("Training goes on after round {} from {}", total.rounds(), checkpoints.lastGood());
  }

  private boolean patienceExhausted() {
    int patience = spec.train().patience();
    return patience > 0 && best != null && curve.size() - best.epoch() >= patience;
  }

  private void train(int epoch) {
    List<String> paths =
        data.epoch(spec.train().seed(), epoch).stream().map(RowRange::toString).toList();
    graph.fitPaths(spark.parallelize(paths), loader);
  }

  private void validate(int epoch) {
    long started = System.nanoTime();
    Score score = master.score(graph, data.validation(), loader);
    double seconds = (double) (System.nanoTime() - started) / TimeUnit.SECONDS.toNanos(1);
    curve.add(
        new EpochRecord(
            epoch + 1,
            current.loss(),
            score.loss(),
            score.accuracy(),
            current.seconds() + seconds));
    metrics.add(curve.get(epoch), probe.inspect(graph.getNetwork()));
    current = Totals.NONE;
    if (best == null || isBetter(score)) {
      bestNetwork = NetworkState.of(graph.getNetwork());
      best =
          new TrainingProgress.Best(
              epoch + 1, score.loss(), score.accuracy(), bestNetwork.iteration());
    }
  }

  private boolean isBetter(Score score) {
    boolean lowerLoss = score.loss() < best.validationLoss();
    return switch (spec.train().validationMetric()) {
      case LOSS -> lowerLoss;
      case ACCURACY ->
          score.accuracy() > best.validationAccuracy()
              || (score.accuracy() == best.validationAccuracy() && lowerLoss);
    };
  }

  @Override
  public void onRound(Round round, NetworkState network, OuterState outer) {
    total = total.plus(round, slots);
    current = current.plus(round, slots);
    ledger.add(
        new Ledger.Entry(
            round.epoch() + 1,
            total.rounds(),
            round.workers(),
            round.rowsPlanned(),
            round.rowsTrained()));
    metrics.add(round, total.rounds());
    TrainingGauges.ofDriver().show(values(round));
    context
        .progress()
        .update(
            total.rowsTrained(),
            rowsInAll,
            String.format(
                Locale.ROOT,
                "epoch %d/%d loss %.3f",
                round.epoch() + 1,
                spec.train().epochs(),
                current.loss()));
    if (total.rounds() % spec.train().checkpointEveryRounds() == 0) {
      metrics.write();
      TrainingProgress state = state(round.epoch(), outer, network.iteration());
      checkpoints.publish(
          new Checkpoint(state, network, outer.velocity(), Optional.ofNullable(bestNetwork)));
    }
  }

  private TrainingGauges.Values values(Round round) {
    return new TrainingGauges.Values(
        round.epoch() + 1,
        total.rounds(),
        round.workers(),
        total.rowsTrained(),
        rowsInAll,
        current.loss(),
        total.tokensPerSecond(),
        total.averagingShare());
  }

  @Override
  public void onWarning(String message) {
    context.progress().warn(message);
  }

  @Override
  public String lastGood() {
    return checkpoints.lastGood();
  }

  private TrainingProgress state(int epoch, OuterState outer, int iteration) {
    return new TrainingProgress(
        TrainingProgress.VERSION,
        data.identity(),
        data.tokenizerHash(),
        spec.identity(),
        spec.train().seed(),
        epoch,
        outer.segments(),
        TrainingProgress.Outer.of(outer),
        iteration,
        best,
        total,
        current,
        resumes,
        metrics.size(),
        curve,
        ledger);
  }

  private StageResult publish() {
    String folder = context.run().folder();
    Ledger all = new Ledger(data.index().rows(Split.TRAIN), ledger);
    context.storage().replace(folder + "/" + Ledger.FILE_NAME, Json.pretty(all));
    metrics.write();
    bestNetwork.copyTo(graph.getNetwork());
    graph.getNetwork().getConfiguration().setEpochCount(best.epoch());
    TrainingRecord record = record();
    new Candidate(
            graph.getNetwork(),
            data.tokenizer(),
            data.labels(),
            data.index().maxTokens(),
            spec.yaml(),
            record,
            ModelCard.of(context.run(), data, spec, record))
        .publish(context.storage(), context.run().model(), provenance);
    EpochRecord kept = curve.get(best.epoch() - 1);
    return new StageResult(
        context.run().model(),
        String.format(
            Locale.ROOT,
            "%d epochs, %d kept, validation loss %.3f, accuracy %.3f, %,.0f tokens/s%s",
            curve.size(),
            best.epoch(),
            kept.validationLoss(),
            kept.validationAccuracy(),
            total.tokensPerSecond(),
            SpeedUp.of(total, ledger, slots)),
        Map.of(
            "epochs", (long) curve.size(),
            "rounds", (long) total.rounds(),
            "rowsTrained", total.rowsTrained(),
            "tokens", total.tokens(),
            "parameters", graph.getNetwork().numParams()));
  }

  private TrainingRecord record() {
    return new TrainingRecord(
        workers,
        curve.size(),
        best.epoch(),
        total.rounds(),
        total.seconds(),
        total.tokensPerSecond(),
        total.averagingShare(),
        graph.getNetwork().numParams(),
        total.rowsPlanned(),
        total.rowsTrained(),
        resumes,
        curve);
  }
}
