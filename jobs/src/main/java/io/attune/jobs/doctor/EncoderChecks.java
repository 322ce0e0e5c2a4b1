package io.attune.jobs.doctor;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.doctor.Check.Subject;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.pipeline.encoder.EncoderTrial;
import io.attune.pipeline.encoder.TuningMemory;
import io.attune.schemas.model.EncoderCard;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Estimates what it takes to train the task's encoder: memory of a JVM, and time. */
final class EncoderChecks {
  private static final Subject MEMORY =
      new Subject("encoder", "a training that ends at its first minibatch for want of memory");
  private static final Subject TIME =
      new Subject("speed", "a training that is not over when its result is needed");

  private static final double MINUTE = 60;
  private static final int EPOCHS = 3;

  private EncoderChecks() {}

  /** Measures with an encoder of that kind for some seconds, and compares with the settings. */
  static List<Check> examine(Target target) {
    Optional<EncoderCard> card = TaskEncoder.of(target);
    if (card.isEmpty()) {
      return List.of();
    }
    RunConfig config = target.task().orElseThrow();
    Plan plan = Plan.of(config, card.get(), OffHeap.of(target));
    EncoderShape shape = EncoderTrial.shape(card.get());
    EncoderTrial.Cost cost =
        new EncoderTrial(
                shape,
                config.model(),
                config.updater(),
                new Networks.Task(
                    card.get().vocabulary(),
                    plan.longest(),
                    config.labels(),
                    config.train().seed()))
            .measure();
    TuningMemory memory = TuningMemory.of(shape, config.model().tune(), cost.keptBytes());
    return List.of(
        memory(plan, memory), time(plan, cost, memory, TaskEncoder.tokensOfNewest(target)));
  }

  /**
   * Holds what the settings say of a training.
   *
   * @param name of the encoder
   * @param trained blocks that are asked for; empty for as many as fit
   * @param tokens of the largest minibatch
   * @param longest tokens of a text
   * @param passes over the train split, by all networks together
   */
  record Plan(
      String name,
      int blocks,
      Optional<Integer> trained,
      int tokens,
      int longest,
      int passes,
      double budgetMinutes,
      OffHeap limit) {

    static Plan of(RunConfig config, EncoderCard card, OffHeap limit) {
      ModelConfig model = config.model();
      int longest = Math.min(config.tokenize().maxTokens(), card.maxTokens());
      int epochs = config.train().stopping().epochs();
      return new Plan(
          card.name(),
          card.layers(),
          switch (model.tune()) {
            case FROZEN -> Optional.of(0);
            case TOP -> Optional.of(Math.min(card.layers(), model.tuneLayers()));
            case LORA, FULL -> Optional.of(card.layers());
            case AUTO -> Optional.empty();
          },
          Math.max(
              longest,
              Math.min(config.train().batch().tokens(), config.train().batch().rows() * longest)),
          longest,
          (epochs == 0 ? EPOCHS : epochs) * config.train().seeds(),
          config.train().budgetMinutes(),
          limit);
    }

    /** Returns the blocks that are asked for, or that fit the memory. */
    int trained(TuningMemory memory) {
      return trained.orElseGet(() -> Math.max(0, memory.blocks(tokens, limit.ofTask())));
    }
  }

  static Check memory(Plan plan, TuningMemory memory) {
    int trained = plan.trained(memory);
    double allowed = plan.limit().ofTask();
    double needed = memory.bytes(trained, plan.tokens());
    String found =
        "%s, %d of %d blocks trained: about %s outside the heap for each of %d tasks of a JVM, which may use %s"
            .formatted(
                plan.name(),
                trained,
                plan.blocks(),
                TuningMemory.gibibytes(needed),
                plan.limit().tasks(),
                plan.limit().bytes() == Long.MAX_VALUE
                    ? "any"
                    : TuningMemory.gibibytes(allowed) + " each");
    if (needed > allowed) {
      return MEMORY.failure(found, memory.advice(trained, plan.tokens(), plan.longest(), allowed));
    }
    return MEMORY.ok(found);
  }

  /**
   * Compares the time with the budget.
   *
   * @param known tokens of the train split, if there is a dataset of the task
   */
  static Check time(Plan plan, EncoderTrial.Cost cost, TuningMemory memory, OptionalLong known) {
    ToDoubleFunction<Integer> seconds =
        trained -> cost.seconds(plan.blocks(), trained, plan.passes(), 1) / plan.limit().workers();
    int deepest = plan.trained(memory);
    String speed =
        String.format(
            Locale.ROOT,
            "%s: %,.0f tokens/s forward and %,.0f trained through %d blocks on one thread here",
            plan.name(),
            1 / (plan.blocks() * cost.forward()),
            1 / (plan.blocks() * cost.step()),
            plan.blocks());
    double budget = plan.budgetMinutes() * MINUTE;
    if (known.isEmpty()) {
      return TIME.ok(
          String.format(
              Locale.ROOT,
              "%s; %d workers train %d blocks on %,.0f tokens of text in train.budget-minutes %s",
              speed,
              plan.limit().workers(),
              deepest,
              budget / seconds.applyAsDouble(deepest),
              plan.budgetMinutes()));
    }
    long tokens = known.getAsLong();
    int fitting =
        IntStream.iterate(deepest, blocks -> blocks >= 0, blocks -> blocks - 1)
            .filter(blocks -> tokens * seconds.applyAsDouble(blocks) <= budget)
            .findFirst()
            .orElse(-1);
    int chosen = plan.trained().isPresent() ? deepest : Math.max(0, fitting);
    double minutes = tokens * seconds.applyAsDouble(chosen) / MINUTE;
    String found =
        String.format(
            Locale.ROOT,
            "%s; %,d tokens, as in the newest dataset: about %.1f minutes with %d of %d blocks trained, train.budget-minutes %s",
            speed,
            tokens,
            minutes,
            chosen,
            plan.blocks(),
            plan.budgetMinutes());
    return minutes <= plan.budgetMinutes()
        ? TIME.ok(found)
        : TIME.warning(found, "have more workers, " + shorter(plan, fitting, minutes));
  }

  private static String shorter(Plan plan, int fitting, double minutes) {
    String longer =
        String.format(
            Locale.ROOT, "train.budget-minutes: %.0f if that is the time there is", minutes + 1);
    return plan.trained().isPresent() && fitting >= 0
        ? "or model.tune: auto, which would train %d of %d blocks, or %s"
            .formatted(fitting, plan.blocks(), longer)
        : "a smaller encoder, fewer train.seeds, or " + longer;
  }
}
