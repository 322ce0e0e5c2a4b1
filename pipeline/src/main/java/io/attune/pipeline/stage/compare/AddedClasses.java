package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.Holm;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.Resampled;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import java.util.ArrayList;
import java.util.List;

/**
 * Tests the classes that tonight's label sets have and the current model does not know. Compared
 * with a model that never answers such a class any other wins, so that they are compared with
 * always answering the most frequent class and with the best linear model.
 */
record AddedClasses(
    GateConfig config, Bootstrap bootstrap, VerdictReasons words, Findings findings) {
  private static final int MOST_SENTENCES = 10;

  /**
   * Holds what the test rows show of one class.
   *
   * @param outcomes of the model and of the best linear one, on all test rows
   * @param aboveMajority F1 of the model minus that of the majority class
   * @param aboveBaseline F1 of the model minus that of the linear model; null where there is none
   */
  record Added(
      HeadEvidence head,
      int label,
      PairedOutcomes outcomes,
      Resampled aboveMajority,
      Resampled aboveBaseline) {
    String name() {
      return head.scope().classes().get(label);
    }

    double pValueBelow() {
      return aboveBaseline == null ? 1 : aboveBaseline.pValueBelow();
    }
  }

  /**
   * Tests those of every head that have enough test rows; of heads that do not count it is said.
   */
  void test(List<HeadEvidence> evidence, List<String> heads) {
    List<Added> counting = new ArrayList<>();
    List<Added> others = new ArrayList<>();
    for (HeadEvidence head : evidence) {
      (config.counts(head.head(), heads) ? counting : others).addAll(added(head));
    }
    List<Double> adjusted = Holm.adjust(counting.stream().map(Added::pValueBelow).toList());
    int said = 0;
    for (int i = 0; i < counting.size(); i++) {
      Added added = counting.get(i);
      boolean finds = added.aboveMajority().interval(config.significance()).low() > 0;
      boolean isBelow =
          adjusted.get(i) <= config.significance() && added.aboveBaseline().value() < 0;
      String sentence = words.ofAdded(added, finds, isBelow);
      if (!finds || (isBelow && config.baseline() == Floor.NOT_BELOW)) {
        findings.object(sentence);
      } else if (said++ < MOST_SENTENCES) {
        findings.remark(sentence);
      }
    }
    others.stream()
        .limit(MOST_SENTENCES)
        .map(
            added ->
                words.ofAdded(
                    added,
                    added.aboveMajority().interval(config.significance()).low() > 0,
                    added.pValueBelow() <= config.significance()))
        .forEach(findings::remark);
  }

  private List<Added> added(HeadEvidence head) {
    PairedOutcomes all = head.baseline().isKnown() ? head.baseline().outcomes() : head.outcomes();
    PairedOutcomes againstMajority = all.againstConstant(head.scope().majority());
    return head.scope().added().stream()
        .sorted()
        .filter(label -> all.candidate().support(label) >= config.minRows().ofClass())
        .map(
            label ->
                new Added(
                    head,
                    label,
                    all,
                    bootstrap.f1Difference(againstMajority, label),
                    head.baseline().isKnown() ? bootstrap.f1Difference(all, label) : null))
        .toList();
  }
}
