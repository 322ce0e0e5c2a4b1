package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.AveragingMaster;
import io.attune.neural.averaging.RoundListener;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import io.attune.neural.averaging.state.Score;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.stage.train.data.ShardLoader;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import io.attune.schemas.table.Split;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains from the start, or from a checkpoint, to the published bundle. */
final class TrainingRun implements RoundListener {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

  private final StageContext context;
  private final TrainingData data;
  private final NetworkPlan plan;
  private final TrainConfig config;
  private final JavaSparkContext spark;
  private final CandidatePublisher.Parallelism parallelism;
  private final ShardLoader labels;
  private final ShardLoader loader;
  private final AveragingMaster master;
  private final SparkComputationGraph graph;
  private final Checkpoints checkpoints;
  private final TrainingReports reports;
  private final NetworkProbe probe;
  private final CandidatePublisher publisher;
  private TrainingProgress progress;
  private NetworkState bestNetwork;

  TrainingRun(StageContext context, TrainingData data, TrainingSpec spec, NetworkPlan plan) {
    this.context = context;
    this.data = data;
    this.plan = plan;
    config = spec.train();
    spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    int slots = spark.defaultParallelism();
    parallelism = new CandidatePublisher.Parallelism(spec.workers(data, slots), slots);
    labels = data.loader(spark, plan.inputs());
    loader = labels.toward(plan.targets());
    long rows = data.index().rows(Split.TRAIN);
    master =
        new AveragingMaster(config.master(parallelism.workers(), rows))
            .on(config.device(), config.gpuDiscoveryScript())
            .listen(this);
    plan.hooks().forEach(master::addHook);
    graph = new SparkComputationGraph(spark, plan.start(), master);
    Provenance provenance = data.provenance();
    String networkJson = graph.getNetwork().getConfiguration().toJson();
    checkpoints = new Checkpoints(context, provenance, networkJson);
    reports = new TrainingReports(context, config.stopping().epochs(), rows);
    probe = NetworkProbe.of(data, loader);
    publisher = new CandidatePublisher(context, data, spec, plan, provenance);
    progress =
        TrainingProgress.start(
            new TrainingProgress.Identity(
                data.identity(),
                data.tokenizerHash(),
                spec.identity(plan.identity()),
                config.seed()));
  }

  StageResult run() {
    FirstBatch.requireTrains(graph.getNetwork(), data, loader, config);
    checkpoints.newest(progress.training()).ifPresent(this::resume);
    reports.start(progress);
    while (!config.stopping().isReached(progress)) {
      train();
      validate();
      reports.write();
    }
    return publish();
  }

  private void resume(Checkpoint checkpoint) {
    ComputationGraph network = graph.getNetwork();
    checkpoint.network().copyTo(network);
    network.getConfiguration().setEpochCount(checkpoint.progress().epoch());
    master.resumeAfter(new OuterState(checkpoint.progress().averaging(), checkpoint.velocity()));
    bestNetwork = checkpoint.best().orElse(null);
    progress = checkpoint.progress().resumed();
    LOG.info("Training resumes after round {} from {}", progress.rounds(), lastGood());
  }

  private void train() {
    List<String> paths =
        data.epoch(config.seed(), progress.epoch()).stream().map(RowRange::toString).toList();
    graph.fitPaths(spark.parallelize(paths), loader);
  }

  private void validate() {
    long started = System.nanoTime();
    Score score = master.score(graph, data.validation(), labels);
    double seconds = (double) (System.nanoTime() - started) / TimeUnit.SECONDS.toNanos(1);
    EpochRecord epoch =
        new EpochRecord(
            progress.epoch() + 1,
            progress.current().loss(),
            score.loss(),
            score.accuracy(),
            progress.current().seconds() + seconds);
    reports.add(epoch, probe.inspect(graph.getNetwork()));
    progress = progress.after(epoch, config.stopping());
    if (progress.best().epoch() == epoch.epoch()) {
      bestNetwork = NetworkState.of(graph.getNetwork());
    }
  }

  @Override
  public void onRound(Round round, NetworkState network, OuterState outer) {
    progress = progress.after(round, network, outer.progress(), parallelism.slots());
    reports.add(round, progress);
    if (progress.rounds() % config.checkpointEveryRounds() == 0) {
      reports.write();
      checkpoints.publish(
          new Checkpoint(progress, network, outer.velocity(), Optional.ofNullable(bestNetwork)));
    }
  }

  @Override
  public void onWarning(String message) {
    context.progress().warn(message);
  }

  @Override
  public String lastGood() {
    return checkpoints.lastGood();
  }

  private StageResult publish() {
    publisher.publishLedger(progress);
    reports.write();
    ComputationGraph network = graph.getNetwork();
    bestNetwork.copyTo(network);
    network.getConfiguration().setEpochCount(progress.best().epoch());
    AveragingMaster.releaseNetworks(spark);
    StageResult result = publisher.publish(plan.published(network), progress, parallelism);
    plan.finish();
    return result;
  }
}
