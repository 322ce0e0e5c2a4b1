package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.network.FineTuning;
import io.attune.neural.network.ModelConfig.Tune;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.stage.train.data.SpeedTask;
import io.attune.pipeline.stage.train.data.StemReference;
import io.attune.pipeline.stage.train.data.TokenInputs;
import io.attune.schemas.json.Json;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Records how many blocks of an encoder a run trains, and why: {@code tuning.json} in the run's
 * folder. A run that is resumed keeps its choice, for the measurement would give another one.
 *
 * @param encoder SHA-256 of its weights
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

  private static final double SECONDS = 60;
  private static final double GIBIBYTE = 1 << 30;

  /** Is the fraction of the allowed memory that is planned with: batches differ. */
  private static final double USABLE = 0.8;

  /**
   * Counts the copies of trained parameters: themselves, packed, their gradient, two moments, and
   * the state that a round starts from.
   */
  private static final int COPIES = 6;

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
  }

  /** Returns the configured choice, that of an earlier attempt at the run, or measures. */
  static TuneChoice of(Case given) {
    int blocks = given.blocks();
    int top = Math.min(blocks, given.spec().model().tuneLayers());
    Tune tune = given.spec().model().tune();
    return switch (tune) {
      case FROZEN -> configured(given, 0);
      case TOP -> configured(given, top);
      case LORA, FULL -> configured(given, blocks);
      case AUTO -> kept(given, top);
    };
  }

  private static TuneChoice configured(Case given, int trained) {
    return new TuneChoice(
        given.whole().encoder().weights(),
        given.data().identity(),
        given.blocks(),
        trained,
        given.spec().train().budgetMinutes(),
        Map.of(),
        Map.of(),
        0);
  }

  private static TuneChoice kept(Case given, int top) {
    if (given.context().storage().exists(given.path())) {
      TuneChoice before = given.context().storage().readJson(given.path(), TuneChoice.class);
      if (before.encoder.equals(given.whole().encoder().weights())
          && before.dataset.equals(given.data().identity())) {
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
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(given.context().spark().sparkContext());
    FineTuning tuning = new FineTuning(given.encoder(), top, spec.model(), spec.task(data));
    RowRange all = data.epoch(spec.train().seed(), 0).get(0);
    RowRange rows = new RowRange(all.file(), 0, Math.min(MEASURED_ROWS, all.rows()), all.order());
    SpeedTask.Speed speed =
        new SpeedTask(
                given.whole(),
                tuning.configuration(spec.updater()).toJson(),
                data.loader(spark, new TokenInputs()).drawing(data.resampling()),
                rows,
                spec.train().batch())
            .measure(given.context().spark());
    Map<Integer, Double> minutes = new TreeMap<>();
    Map<Integer, Double> gibibytes = new TreeMap<>();
    for (int trained = 0; trained <= given.blocks(); trained++) {
      Cost cost = new Cost(given.blocks(), trained, top, speed);
      minutes.put(
          trained,
          cost.seconds(data.index(), spec.train())
              / spec.workers(data, spark.defaultParallelism())
              / SECONDS);
      gibibytes.put(trained, cost.bytes(given) / GIBIBYTE);
    }
    double budget = spec.train().budgetMinutes();
    double allowed = USABLE * speed.allowedBytes() / GIBIBYTE;
    int deepest =
        minutes.keySet().stream()
            .filter(trained -> minutes.get(trained) <= budget && gibibytes.get(trained) <= allowed)
            .max(Comparator.naturalOrder())
            .orElse(0);
    return new TuneChoice(
        given.whole().encoder().weights(),
        data.identity(),
        given.blocks(),
        deepest,
        budget,
        minutes,
        gibibytes,
        allowed);
  }

  /**
   * Estimates the time and the memory of one worker.
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

    /** Estimates the memory of one task outside the heap. */
    double bytes(Case given) {
      EncoderLayout layout = EncoderLayout.of(given.encoder().shape());
      long ofBlocks =
          layout.slots().stream()
              .filter(slot -> EncoderLayout.block(slot.name()) >= 0)
              .mapToLong(EncoderLayout.Slot::length)
              .sum();
      BatchLimits limits = given.spec().train().batch();
      long tokens =
          Math.min(limits.tokens(), (long) limits.rows() * given.data().index().maxTokens());
      double kept = tokens * speed.keptBytes() / measured * trained;
      double copies = (double) COPIES * ofBlocks / blocks * trained;
      return kept + Float.BYTES * (copies + layout.length());
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
