package io.attune.pipeline.advice;

import io.attune.pipeline.metric.FallingLine;
import io.attune.pipeline.metric.Wilson;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.report.Advice.FreshAccuracy;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.FreshEvidence;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.AnchorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Holds what the nights after a model was trained found about it.
 *
 * @param refused nights that trained another model and kept this one
 * @param lastVerdict of the last of them, in one sentence; empty if there is none
 * @param fresh rows and right answers by head, on labelled documents that were new then
 * @param anchors the comparisons of each of the last nights' models with the anchor, in order
 */
record LaterNights(
    long refused,
    Optional<String> lastVerdict,
    Map<String, long[]> fresh,
    List<AnchorRecord> anchors) {
  /** Bounds the nights that are read: the latest. */
  private static final int MOST_NIGHTS = 60;

  /** Is the difference in accuracy that does not matter. */
  private static final double SMALL = 0.02;

  /** Sets the labelled documents below which nothing is said. */
  private static final long LEAST_ROWS = 50;

  /**
   * Reads what nights published, the night itself included.
   *
   * @param version of the model in use
   */
  static LaterNights of(Storage storage, Run night, String version) {
    Artefacts artefacts = Artefacts.of(storage);
    Run trained = Run.ofVersion(night.task(), version);
    List<Run> runs =
        storage.list("runs/" + night.task()).stream()
            .map(id -> Run.parse(night.task(), id))
            .filter(run -> run.compareTo(night) <= 0)
            .sorted()
            .toList();
    long refused = 0;
    Optional<String> lastVerdict = Optional.empty();
    Map<String, long[]> fresh = new TreeMap<>();
    List<AnchorRecord> anchors = new ArrayList<>();
    for (Run run : runs.subList(Math.max(0, runs.size() - MOST_NIGHTS), runs.size())) {
      boolean isLater = run.compareTo(trained) > 0;
      if (artefacts.isPublished(run.verdict())) {
        VerdictRecord verdict =
            artefacts.open(run.verdict()).json(VerdictRecord.FILE_NAME, VerdictRecord.class);
        anchors.addAll(verdict.anchors());
        if (isLater && !verdict.promotes() && version.equals(verdict.current())) {
          refused++;
          lastVerdict = Optional.of(verdict.summary());
        }
      }
      if (isLater && artefacts.isPublished(run.evaluation())) {
        artefacts
            .open(run.evaluation())
            .find(FreshEvidence.FILE_NAME, FreshEvidence.class)
            .filter(evidence -> evidence.run().equals(run.id())) // else taken over from another run
            .filter(evidence -> version.equals(evidence.model()))
            .ifPresent(evidence -> add(fresh, evidence));
      }
    }
    return new LaterNights(refused, lastVerdict, fresh, anchors);
  }

  private static void add(Map<String, long[]> fresh, FreshEvidence evidence) {
    evidence
        .heads()
        .forEach(
            head -> {
              long[] sums = fresh.computeIfAbsent(head.head(), name -> new long[2]);
              sums[0] += head.rows();
              sums[1] += head.correct();
            });
  }

  /** Compares what the model reached on new labelled documents with its test split. */
  List<FreshAccuracy> accuracies(TestAnswers test) {
    List<FreshAccuracy> accuracies = new ArrayList<>();
    fresh.forEach(
        (head, sums) -> {
          Optional<Double> before = test.accuracy(head);
          if (before.isPresent() && sums[0] >= LEAST_ROWS) {
            Interval interval = Wilson.interval(sums[1], sums[0]);
            accuracies.add(
                new FreshAccuracy(
                    head,
                    sums[0],
                    (double) sums[1] / sums[0],
                    interval,
                    before.get(),
                    interval.high() < before.get() - SMALL));
          }
        });
    return accuracies;
  }

  /** Holds by how much the models of a head got worse in some nights, against an anchor. */
  record Fall(String head, String anchor, double macroF1, int nights) {}

  /** Returns the heads whose models of the last month get worse, measured against one anchor. */
  List<Fall> falls() {
    Map<String, List<AnchorRecord>> byHead = new TreeMap<>();
    anchors.forEach(
        record -> byHead.computeIfAbsent(record.head(), head -> new ArrayList<>()).add(record));
    List<Fall> falls = new ArrayList<>();
    byHead.forEach(
        (head, all) -> {
          AnchorRecord last = all.get(all.size() - 1);
          List<Double> same =
              all.stream()
                  .filter(record -> record.anchor().equals(last.anchor()))
                  .map(AnchorRecord::difference)
                  .toList();
          int nights = Math.min(same.size(), FallingLine.NIGHTS);
          FallingLine.fall(same, last.margin())
              .ifPresent(fall -> falls.add(new Fall(head, last.anchor(), fall, nights)));
        });
    return falls;
  }
}
