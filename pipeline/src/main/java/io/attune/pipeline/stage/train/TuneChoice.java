package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.network.FineTuning;
import io.attune.neural.network.ModelConfig.Tune;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.encoder.TuningMemory;
import io.attune.pipeline.stage.train.checkpoint.Checkpoints;
import io.attune.pipeline.stage.train.data.SpeedTask;
import io.attune.pipeline.stage.train.data.StemReference;
import io.attune.pipeline.stage.train.data.TokenInputs;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Records how many blocks of an encoder a run trains, and why: {@code tuning.json} in the run's
 * folder. A run that is resumed keeps its choice, for the measurement would give another one; with
 * another budget only if it has a checkpoint.
 *
 * @param encoder SHA-256 of its content
 * @param dataset SHA-256 of the dataset's index
 * @param blocks of the encoder
 * @param trained its last blocks that are trained
 * @param budgetMinutes that the training may take
 * @param minutes estimated for all networks, by the number of trained blocks; empty if nothing was
 *     measured
 * @param gibibytes estimated memory of a task outside the heap, by the number of trained blocks
 * @param allowedGibibytes that a task may use; 0 if nothing was measured
 */
record TuneChoice(
    String encoder,
    String dataset,
    int blocks,
    int trained,
    double budgetMinutes,
    Map<Integer, Double> minutes,
    Map<Integer, Double> gibibytes,
    double allowedGibibytes) {
  static final String FILE_NAME = "tuning.json";

  /** Limits the rows of a measurement: a few minibatches. */
  private static final int MEASURED_ROWS = 256;

  /** Is the time of one of the measurements of the speed, three at least. */
  private static final Duration MEASURED = Duration.ofMillis(500);

  private static final double SECONDS = 60;
  private static final double GIBIBYTE = 1 << 30;

  /** Is the fraction of the allowed memory that is planned with: batches differ. */
  private static final double USABLE = 0.8;

  /** Is how far an estimate may be above the allowed memory before a training is refused. */
  private static final double UNCERTAIN = 1.25;

  TuneChoice {
    minutes = new TreeMap<>(minutes);
    gibibytes = new TreeMap<>(gibibytes);
  }

  /** Holds what a choice depends on. */
  record Case(
      StageContext context,
      TrainingData data,
      TrainingSpec spec,
      PretrainedEncoder encoder,
      StemReference whole) {
    int blocks() {
      return encoder.shape().blocks();
    }

    String path() {
      return context.run().folder() + "/" + FILE_NAME;
    }

    /** Returns whether a training goes on, whose checkpoints are of the blocks chosen before. */
    boolean hasCheckpoint() {
      return context.storage().exists(Train.folder(context.run(), 1) + "/" + Checkpoints.FOLDER);
    }

    TuningMemory memory(double keptBytes) {
      return TuningMemory.of(encoder.shape(), spec.model().tune(), keptBytes);
    }

    /** Returns the most tokens of a minibatch. */
    long tokens() {
      BatchLimits limits = spec.train().batch();
      return Math.min(limits.tokens(), (long) limits.rows() * data.index().maxTokens());
    }
  }

  /**
   * Returns the configured choice, that of an earlier attempt at the run, or measures.
   *
   * @throws Failure.BadUsage saying what to lower, if what is configured cannot fit the memory of a
   *     task
   */
  static TuneChoice of(Case given) {
    int blocks = given.blocks();
    int top = Math.min(blocks, given.spec().model().tuneLayers());
    Tune tune = given.spec().model().tune();
    return switch (tune) {
      case FROZEN -> configured(given, 0);
      case TOP -> fitting(given, top);
      case LORA, FULL -> fitting(given, blocks);
      case AUTO -> kept(given, top);
    };
  }

  private static TuneChoice configured(Case given, int trained) {
    return new TuneChoice(
        given.whole().encoder().identity(),
        given.data().identity(),
        given.blocks(),
        trained,
        given.spec().train().budgetMinutes(),
        Map.of(),
        Map.of(),
        0);
  }

  private static TuneChoice fitting(Case given, int trained) {
    int few = Math.min(2, trained);
    SpeedTask.Speed speed = speed(given, few, Duration.ZERO);
    requireMemory(
        given, trained, given.memory(speed.keptBytes() / few), (double) speed.allowedBytes());
    return configured(given, trained);
  }

  /** Fails, or warns, before a training whose tasks would not have the memory that they need. */
  private static void requireMemory(
      Case given, int trained, TuningMemory memory, double allowedBytes) {
    double needed = memory.bytes(trained, given.tokens());
    if (needed <= allowedBytes) {
      return;
    }
    String message =
        "Training %d of %d blocks takes about %s outside the heap for each task, and a task may use %s; %s"
            .formatted(
                trained,
                given.blocks(),
                TuningMemory.gibibytes(needed),
                TuningMemory.gibibytes(allowedBytes),
                memory.advice(
                    trained, given.tokens(), given.data().index().maxTokens(), allowedBytes));
    if (needed > UNCERTAIN * allowedBytes) {
      throw new Failure.BadUsage("%s", message);
    }
    given.context().progress().warn(message);
  }

  private static TuneChoice kept(Case given, int top) {
    if (given.context().storage().exists(given.path())) {
      TuneChoice before = given.context().storage().readJson(given.path(), TuneChoice.class);
      if (before.encoder.equals(given.whole().encoder().identity())
          && before.dataset.equals(given.data().identity())
          && (before.budgetMinutes == given.spec().train().budgetMinutes()
              || given.hasCheckpoint())) {
        return before;
      }
    }
    TuneChoice chosen = measured(given, top);
    given.context().storage().replace(given.path(), Json.pretty(chosen));
    return chosen;
  }

  private static TuneChoice measured(Case given, int top) {
    TrainingSpec spec = given.spec();
    TrainingData data = given.data();
    int slots =
        JavaSparkContext.fromSparkContext(given.context().spark().sparkContext())
            .defaultParallelism();
    SpeedTask.Speed speed = speed(given, top, MEASURED);
    TuningMemory memory = given.memory(speed.keptBytes() / top);
    int workers = WorkerCount.of(given.context(), data, spec.train(), slots).workers();
    Map<Integer, Double> minutes = new TreeMap<>();
    Map<Integer, Double> gibibytes = new TreeMap<>();
    for (int trained = 0; trained <= given.blocks(); trained++) {
      Cost cost = new Cost(given.blocks(), trained, top, speed);
      minutes.put(trained, cost.seconds(data.index(), spec.train()) / workers / SECONDS);
      gibibytes.put(trained, memory.bytes(trained, given.tokens()) / GIBIBYTE);
    }
    double budget = spec.train().budgetMinutes();
    double allowed = USABLE * speed.allowedBytes() / GIBIBYTE;
    int deepest =
        minutes.keySet().stream()
            .filter(trained -> minutes.get(trained) <= budget && gibibytes.get(trained) <= allowed)
            .max(Comparator.naturalOrder())
            .orElse(0);
    requireMemory(given, deepest, memory, (double) speed.allowedBytes());
    return new TuneChoice(
        given.whole().encoder().identity(),
        data.identity(),
        given.blocks(),
        deepest,
        budget,
        minutes,
        gibibytes,
        allowed);
  }

  /**
   * Measures on executors.
   *
   * @param trained blocks of the network whose steps are measured
   * @param least time of each of the two measurements
   */
  private static SpeedTask.Speed speed(Case given, int trained, Duration least) {
    TrainingSpec spec = given.spec();
    TrainingData data = given.data();
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(given.context().spark().sparkContext());
    FineTuning tuning =
        FineTuning.ofBlocks(given.encoder(), trained, spec.model(), spec.task(data));
    RowRange all = data.epoch(spec.train().seed(), 0).get(0);
    RowRange rows = new RowRange(all.file(), 0, Math.min(MEASURED_ROWS, all.rows()), all.order());
    return new SpeedTask(
            given.whole(),
            tuning.configuration(spec.updater()).toJson(),
            data.loader(spark, new TokenInputs()).drawing(data.resampling()),
            rows,
            spec.train().batch(),
            least)
        .measure(given.context().spark());
  }

  /**
   * Estimates the time of one worker.
   *
   * @param measured trained blocks of the network whose steps were measured
   */
  record Cost(int blocks, int trained, int measured, SpeedTask.Speed speed) {
    /** Estimates the time for the vectors, which all networks share, and for their epochs. */
    double seconds(ShardIndex index, TrainConfig config) {
      double forward = speed.forward() / blocks;
      double step = speed.step() / measured;
      double train = index.tokens(Split.TRAIN);
      double validation = index.tokens(Split.VALIDATION);
      int epochs = config.seeds() * config.stopping().epochs();
      double once = (train + validation) * forward * (blocks - trained);
      return once + epochs * trained * (train * step + validation * forward);
    }
  }

  /** Returns the choice for people, and what more time or memory would change. */
  String note() {
    StringBuilder note = new StringBuilder();
    note.append(String.format(Locale.ROOT, "%d of %d blocks trained", trained, blocks));
    if (!minutes.isEmpty()) {
      note.append(
          String.format(
              Locale.ROOT, ", about %.1f of %.1f minutes", minutes.get(trained), budgetMinutes));
      minutes.entrySet().stream()
          .filter(entry -> entry.getKey() == trained + 1 || entry.getKey() == blocks)
          .filter(entry -> entry.getKey() > trained)
          .forEach(
              entry ->
                  note.append(
                      String.format(
                          Locale.ROOT,
                          " (%d blocks: train.budget-minutes %.1f%s)",
                          entry.getKey(),
                          Math.ceil(10 * entry.getValue()) / 10,
                          more(entry.getKey()))));
    }
    return note.toString();
  }

  /** Returns the memory that other trained blocks would need, where it is more than there is. */
  private String more(int blocks) {
    double needed = gibibytes.getOrDefault(blocks, 0.0);
    return needed <= allowedGibibytes
        ? ""
        : String.format(
            Locale.ROOT,
            ", and %.1f GiB outside the heap for each task, where %.1f can be used",
            needed,
            allowedGibibytes);
  }
}
