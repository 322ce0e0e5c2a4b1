package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.PromotionPower;
import io.attune.schemas.report.VerdictRecord.AnchorRecord;
import io.attune.schemas.report.VerdictRecord.BaselineRecord;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what the tests of one model find. */
final class Findings {

  /** Says what follows from the tests of one model. */
  enum Outcome {
    PROMOTE,
    CANNOT_TELL,
    KEEP
  }

  private final List<String> against = new ArrayList<>();
  private final List<String> open = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<TestRecord> tests = new ArrayList<>();
  private final List<BaselineRecord> baselines = new ArrayList<>();
  private final List<AnchorRecord> anchors = new ArrayList<>();
  private final List<String> idleNetworks = new ArrayList<>();
  private boolean belowBaseline;
  private PromotionPower power; // null where no head has rows

  /** Adds a finding that speaks against the model. */
  void object(String sentence) {
    against.add(sentence);
  }

  /** Adds a finding that leaves open whether the model is good enough. */
  void leaveOpen(String sentence) {
    open.add(sentence);
  }

  /** Adds a finding that hinders nothing. */
  void remark(String sentence) {
    remarks.add(sentence);
  }

  void add(TestRecord test) {
    tests.add(test);
  }

  void add(BaselineRecord baseline) {
    baselines.add(baseline);
  }

  void add(AnchorRecord anchor) {
    anchors.add(anchor);
  }

  /** Notes that the model is below the best linear one on a head that counts. */
  void noteBelowBaseline() {
    belowBaseline = true;
  }

  /** Notes that the network adds nothing to the linear part on a head. */
  void noteIdleNetwork(String head, String sentence) {
    idleNetworks.add(head);
    remark(sentence);
  }

  void note(PromotionPower found) {
    power = found;
  }

  boolean isBelowBaseline() {
    return belowBaseline;
  }

  Outcome outcome() {
    return !against.isEmpty()
        ? Outcome.KEEP
        : !open.isEmpty() ? Outcome.CANNOT_TELL : Outcome.PROMOTE;
  }

  /** Returns all sentences, those that decide first. */
  List<String> reasons() {
    List<String> reasons = new ArrayList<>(against);
    reasons.addAll(open);
    reasons.addAll(remarks);
    return reasons;
  }

  List<TestRecord> tests() {
    return List.copyOf(tests);
  }

  List<BaselineRecord> baselines() {
    return List.copyOf(baselines);
  }

  List<AnchorRecord> anchors() {
    return List.copyOf(anchors);
  }

  /** Returns the heads on which the network adds nothing to the linear part. */
  List<String> idleNetworks() {
    return List.copyOf(idleNetworks);
  }

  Optional<PromotionPower> power() {
    return Optional.ofNullable(power);
  }
}
