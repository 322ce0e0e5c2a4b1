package io.attune.jobs.doctor;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.doctor.Check.Subject;
import io.attune.jobs.root.UnfilledHeads;
import io.attune.pipeline.storage.Storage;
import java.util.List;

/** Checks that each label head of a task can have labels. */
final class HeadChecks {
  private static final Subject HEADS =
      new Subject("heads", "a night that ends at once, with exit code 3");

  private HeadChecks() {}

  static Check examine(RunConfig task, Target target) {
    List<String> unfilled =
        task.unfilledHeads().isEmpty()
            ? List.of()
            : UnfilledHeads.find(task, Storage.at(task.root(), target.hadoop()));
    return unfilled.isEmpty()
        ? HEADS.ok(String.join(", ", task.heads().keySet()))
        : HEADS.failure(UnfilledHeads.found(unfilled), UnfilledHeads.fix(unfilled));
  }
}
