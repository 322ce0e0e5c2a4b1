package io.attune.jobs.doctor;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.spark.SparkRuntime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Examines this process, a root and a task, in seconds. */
public final class Doctor {
  private Doctor() {}

  /** Makes every check that applies; failed checks are returned, not thrown. */
  public static List<Check> examine(Target target, Clock clock) {
    List<Check> checks = new ArrayList<>(JvmChecks.examine());
    checks.add(SparkChecks.spark(SparkRuntime.spark(), SparkRuntime.scala()));
    checks.addAll(NativeChecks.examine(target.env()));
    boolean computes = checks.stream().noneMatch(Check::failed);
    Optional<ModelSize> model =
        computes // DL4J needs both checks
            ? target.task().flatMap(ModelSize::ofVocabulary)
            : Optional.empty();
    checks.add(MemoryChecks.offHeap(target, model));
    model.ifPresent(size -> checks.add(MemoryChecks.results(target, size)));
    if (computes) {
      checks.addAll(EncoderChecks.examine(target));
    }
    checks.add(GpuChecks.examine(target));
    target
        .task()
        .map(RunConfig::hooks)
        .ifPresent(hooks -> checks.add(HookChecks.examine(hooks, target.env())));
    List<Check> root =
        target
            .root()
            .map(each -> RootChecks.examine(each, target.hadoop(), clock))
            .orElse(List.of());
    checks.addAll(root);
    if (root.stream().noneMatch(Check::failed)) {
      target.task().map(task -> HeadChecks.examine(task, target)).ifPresent(checks::add);
      GateChecks.examine(target).ifPresent(checks::add);
    }
    return List.copyOf(checks);
  }
}
