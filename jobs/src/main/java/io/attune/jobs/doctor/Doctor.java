package io.attune.jobs.doctor;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.spark.Engine;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Examines this process, a root and a task, in seconds. */
public final class Doctor {
  private Doctor() {}

  /** Makes every check that applies; none throws for what it finds. */
  public static List<Check> examine(Place place, Clock clock) {
    List<Check> checks = new ArrayList<>(JvmChecks.examine());
    checks.add(EngineChecks.spark(Engine.spark(), Engine.scala()));
    checks.addAll(NativeChecks.examine(place.env()));
    boolean computes = checks.stream().noneMatch(Check::failed);
    Optional<ModelSize> model =
        computes ? place.task().map(ModelSize::of) : Optional.empty(); // DL4J's classes need both
    checks.add(MemoryChecks.offHeap(place, model));
    model.ifPresent(size -> checks.add(MemoryChecks.results(place, size)));
    checks.add(GpuChecks.examine(place));
    place
        .task()
        .map(RunConfig::hooks)
        .ifPresent(hooks -> checks.add(HookChecks.examine(hooks, place.env())));
    place.root().ifPresent(root -> checks.addAll(RootChecks.examine(root, place.hadoop(), clock)));
    return List.copyOf(checks);
  }
}
