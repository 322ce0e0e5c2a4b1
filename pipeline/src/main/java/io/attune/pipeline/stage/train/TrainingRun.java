package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.AveragingMaster;
import io.attune.neural.averaging.RoundListener;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import io.attune.neural.averaging.state.Score;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.stage.train.EnsembleRun.Parallelism;
import io.attune.pipeline.stage.train.checkpoint.Checkpoint;
import io.attune.pipeline.stage.train.checkpoint.Checkpoints;
import io.attune.pipeline.stage.train.checkpoint.KeptParameters;
import io.attune.pipeline.stage.train.checkpoint.TrainingProgress;
import io.attune.pipeline.stage.train.checkpoint.WeightAveraging;
import io.attune.pipeline.stage.train.data.ShardLoader;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains one network of a model from the start, or from a checkpoint, to its best epoch. */
final class TrainingRun implements RoundListener {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

  private final StageContext context;
  private final TrainingData data;
  private final Member member;
  private final TrainConfig config;
  private final WeightAveraging weightAveraging;
  private final List<String> heads;
  private final JavaSparkContext spark;
  private final Parallelism parallelism;
  private final ShardLoader labels;
  private final ShardLoader loader;
  private final AveragingMaster master;
  private final SparkComputationGraph graph;
  private final Checkpoints checkpoints;
  private final TrainingReports reports;
  private final NetworkProbe probe;
  private TrainingProgress progress;
  private float[] velocity = {};
  private KeptParameters kept = KeptParameters.NONE;
  private NetworkState bestNetwork;

  TrainingRun(
      StageContext context,
      TrainingData data,
      Member member,
      ShardLoader labels,
      Parallelism parallelism) {
    this.context = context;
    this.data = data;
    this.member = member;
    this.labels = labels;
    loader =
        labels
            .toward(member.plan().targets())
            .drawing(data.resampling())
            .reading(member.plan().trainingInputs().orElse(labels.inputs()));
    this.parallelism = parallelism;
    config = member.spec().train();
    weightAveraging = config.weightAveraging();
    heads = data.labels().heads().stream().map(LabelSets.Head::name).toList();
    spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    master =
        new AveragingMaster(config.master(parallelism.workers(), data.epochRows()))
            .on(config.device(), config.gpuDiscoveryScript())
            .listen(this);
    NetworkPlan plan = member.plan();
    plan.hooks().forEach(master::addHook);
    graph = new SparkComputationGraph(spark, plan.start(), master);
    String networkJson = graph.getNetwork().getConfiguration().toJson();
    checkpoints = new Checkpoints(context, member.folder(), data.provenance(), networkJson);
    reports = new TrainingReports(context, member, data.epochRows());
    probe = NetworkProbe.of(data, loader);
    progress =
        TrainingProgress.start(
            new TrainingProgress.Identity(
                data.identity(),
                data.tokenizerHash(),
                member.spec().identity(plan.identity()),
                config.seed()));
  }

  /** Trains what an earlier attempt at the run left, which may be nothing. */
  TrainedNetwork run() {
    restore();
    if (!isOver()) {
      reports.start(progress);
      while (!isOver()) {
        train();
        validate();
        reports.write();
      }
      reports.writeLedger(progress);
      publishCheckpoint(NetworkState.of(graph.getNetwork()));
      AveragingMaster.releaseNetworks(spark);
    }
    return result();
  }

  private boolean isOver() {
    return config.stopping().isReached(progress);
  }

  private void restore() {
    Optional<Checkpoint> newest = checkpoints.newest(progress.training());
    TrainingProgress reached = newest.map(Checkpoint::progress).orElse(progress);
    boolean isOver = config.stopping().isReached(reached);
    if (!isOver) {
      FirstBatch.requireTrains(graph.getNetwork(), data, loader, config);
    }
    newest.ifPresent(this::restore);
    progress = reached;
    if (newest.isPresent() && !isOver) {
      progress = reached.resumed();
      LOG.info("Training resumes after round {} from {}", progress.rounds(), lastGood());
    }
  }

  private void restore(Checkpoint checkpoint) {
    ComputationGraph network = graph.getNetwork();
    checkpoint.network().copyTo(network);
    network.getConfiguration().setEpochCount(checkpoint.progress().epoch());
    velocity = checkpoint.velocity();
    master.resumeAfter(new OuterState(checkpoint.progress().averaging(), velocity));
    bestNetwork = checkpoint.best().orElse(null);
    kept = checkpoint.kept();
  }

  private void train() {
    List<String> paths =
        data.epoch(config.seed(), progress.epoch()).stream().map(RowRange::toString).toList();
    graph.fitPaths(spark.parallelize(paths), loader);
  }

  /**
   * Judges the epoch by the parameters that would be published with it, and leaves the network with
   * those that training goes on from.
   */
  private void validate() {
    if (weightAveraging.isOff()) {
      judge();
      return;
    }
    NetworkState reached = NetworkState.of(graph.getNetwork());
    weightAveraging.published(kept, reached).copyTo(graph.getNetwork());
    judge();
    kept = weightAveraging.afterEpoch(kept, reached.parameters());
    reached.copyTo(graph.getNetwork());
  }

  private void judge() {
    long started = System.nanoTime();
    Score score = master.score(graph, data.validation(), labels);
    double seconds = (double) (System.nanoTime() - started) / TimeUnit.SECONDS.toNanos(1);
    EpochRecord epoch =
        new EpochRecord(
            progress.epoch() + 1,
            progress.current().loss(),
            score.loss(),
            score.accuracy(),
            progress.current().seconds() + seconds,
            config.stopping().macroF1(score, heads));
    requireFinite(epoch);
    reports.add(epoch, probe.inspect(graph.getNetwork()));
    progress = progress.after(epoch, config.stopping()::isBetter);
    if (progress.best().epoch() == epoch.epoch()) {
      bestNetwork = NetworkState.of(graph.getNetwork());
    }
  }

  private void requireFinite(EpochRecord epoch) {
    if (!Double.isFinite(epoch.validationLoss())) {
      throw new Failure.TrainingDiverged(
          "The validation loss after epoch %d is %s; train again with a smaller"
              + " updater.learning-rate; the last good checkpoint is %s",
          epoch.epoch(), epoch.validationLoss(), lastGood());
    }
  }

  @Override
  public void onRound(Round round, NetworkState network, OuterState outer) {
    progress = progress.after(round, network, outer.progress(), parallelism.slots());
    velocity = outer.velocity();
    double weight =
        weightAveraging.weight(
            round.rowsTrained(), progress.total().rowsTrained(), data.epochRows());
    kept = weightAveraging.afterRound(kept, network.parameters(), weight);
    reports.add(round, progress);
    if (progress.rounds() % config.checkpointEveryRounds() == 0) {
      reports.write();
      publishCheckpoint(network);
    }
  }

  private void publishCheckpoint(NetworkState network) {
    checkpoints.publish(
        new Checkpoint(progress, network, velocity, Optional.ofNullable(bestNetwork), kept));
  }

  @Override
  public void onWarning(String message) {
    context.progress().warn(message);
  }

  @Override
  public String lastGood() {
    return checkpoints.lastGood();
  }

  /** Returns the network as it was judged after its best epoch. */
  private TrainedNetwork result() {
    ComputationGraph network = graph.getNetwork();
    bestNetwork.copyTo(network);
    network.getConfiguration().setEpochCount(progress.best().epoch());
    ComputationGraph published = member.plan().published(network);
    return new TrainedNetwork(member, progress, ModelParts.of(published), published.numParams());
  }
}
