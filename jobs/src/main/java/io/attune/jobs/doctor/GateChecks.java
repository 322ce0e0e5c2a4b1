package io.attune.jobs.doctor;

import io.attune.jobs.doctor.Check.Subject;
import io.attune.jobs.root.NewestRun;
import io.attune.pipeline.metric.PromotionPower;
import io.attune.pipeline.metric.TestRows;
import io.attune.pipeline.stage.compare.GateConfig;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.PowerRecord;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Says how often the gate of a task lets an equally good model pass. */
final class GateChecks {
  private static final Subject GATE =
      new Subject("gate", "good models that are kept out because too few rows test them");

  /** Sets the probability below which most good models are kept out. */
  private static final double LEAST = 0.5;

  private GateChecks() {}

  /**
   * Judges by the last verdict, which knows how much two models differ; before there is one, by the
   * test rows of the newest dataset. Empty before the first night, and where the root cannot be
   * read, which another check says, and where a better model is demanded: an equally good one is to
   * be kept out then.
   */
  static Optional<Check> examine(Target target) {
    if (target.task().isEmpty()
        || target.root().isEmpty()
        || target.task().get().gate().require() == GateConfig.Demand.BETTER) {
      return Optional.empty();
    }
    String task = target.task().get().task();
    GateConfig gate = target.task().get().gate();
    try {
      Storage storage = Storage.at(target.root().get(), target.hadoop());
      return lastVerdict(storage, task)
          .or(() -> newestDataset(storage, task, gate))
          .map(GateChecks::check);
    } catch (Failure e) {
      return Optional.empty();
    }
  }

  static Check check(PowerRecord power) {
    OptionalLong needed =
        power.rowsForFourInFive() == null
            ? OptionalLong.empty()
            : OptionalLong.of(power.rowsForFourInFive());
    String found =
        String.format(
            Locale.ROOT,
            "%,d test rows: %s",
            power.rows(),
            PromotionPower.sentence(power.probability(), needed));
    return power.probability() >= LEAST
        ? GATE.ok(found)
        : GATE.warning(
            found,
            "label more test documents (a corpus with split: test, or a larger split.test), or name"
                + " a larger gate.margin");
  }

  private static Optional<PowerRecord> lastVerdict(Storage storage, String task) {
    return NewestRun.with("verdict/" + VerdictRecord.FILE_NAME, "runs/" + task, task, storage)
        .map(file -> storage.readJson(file, VerdictRecord.class))
        .map(VerdictRecord::power);
  }

  private static Optional<PowerRecord> newestDataset(
      Storage storage, String task, GateConfig gate) {
    return NewestRun.with(ShardIndex.FILE_NAME, "datasets/" + task, task, storage)
        .map(file -> storage.readJson(file, ShardIndex.class))
        .map(index -> index.labelCounts().getOrDefault(Split.TEST.word(), Map.of()))
        .map(GateChecks::rows)
        .filter(rows -> !rows.isEmpty())
        .filter(rows -> rows.containsKey(gate.head()) || gate.head().equals(GateConfig.ALL_HEADS))
        .map(gate::expectedPower)
        .map(PromotionPower::toRecord);
  }

  private static Map<String, TestRows> rows(Map<String, Map<String, Long>> counts) {
    Map<String, TestRows> rows = new TreeMap<>();
    counts.forEach(
        (head, classes) -> {
          List<Long> found = classes.values().stream().filter(count -> count > 0).toList();
          if (!found.isEmpty()) {
            rows.put(head, new TestRows(found));
          }
        });
    return rows;
  }
}
