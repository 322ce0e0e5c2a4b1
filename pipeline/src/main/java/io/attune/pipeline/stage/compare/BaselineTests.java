package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.Holm;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.Resampled;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.VerdictRecord.BaselineRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Tests whether a model is below the best linear one: on a head that counts, with Holm's correction
 * over those heads. Of the others it is only said.
 */
record BaselineTests(
    GateConfig config, Bootstrap bootstrap, VerdictReasons words, Findings findings) {
  static final String ABOVE = "above";
  static final String LEVEL = "level";
  static final String BELOW = "below";

  /** Tests every head that has a baseline, and returns those on which the model is below it. */
  Set<String> test(List<HeadEvidence> evidence, List<String> heads) {
    evidence.forEach(head -> head.baseline().remarks().forEach(findings::remark));
    List<HeadEvidence> known = evidence.stream().filter(head -> head.baseline().isKnown()).toList();
    List<Resampled> differences =
        known.stream()
            .map(head -> bootstrap.macroF1Difference(head.baseline().outcomes()))
            .toList();
    List<Integer> counting =
        IntStream.range(0, known.size())
            .filter(i -> config.counts(known.get(i).head(), heads))
            .boxed()
            .toList();
    List<Double> adjusted =
        Holm.adjust(counting.stream().map(i -> differences.get(i).pValueBelow()).toList());
    Set<String> below = new HashSet<>();
    for (int i = 0; i < known.size(); i++) {
      HeadEvidence head = known.get(i);
      Interval interval = differences.get(i).interval(config.significance());
      int rank = counting.indexOf(i);
      boolean isBelow =
          rank >= 0
              ? differences.get(i).value() < 0 && adjusted.get(rank) <= config.significance()
              : interval.high() < 0;
      BaselineRecord record =
          record(head, differences.get(i), isBelow ? BELOW : interval.low() > 0 ? ABOVE : LEVEL);
      findings.add(record);
      String sentence = words.ofBaseline(head, record);
      if (isBelow) {
        below.add(head.head());
      }
      if (isBelow && rank >= 0 && config.baseline() == Floor.NOT_BELOW) {
        findings.noteBelowBaseline();
        findings.object(sentence);
      } else {
        findings.remark(sentence);
      }
    }
    if (findings.isBelowBaseline()) {
      findings.remark(words.ofFloor());
    }
    return below;
  }

  private BaselineRecord record(HeadEvidence head, Resampled difference, String place) {
    PairedOutcomes outcomes = head.baseline().outcomes();
    return new BaselineRecord(
        head.head(),
        words.version(),
        head.baseline().kind().word(),
        outcomes.rows(),
        outcomes.candidateMacroF1(),
        outcomes.otherMacroF1(),
        difference.value(),
        difference.interval(config.significance()),
        config.significance(),
        difference.pValueBelow(),
        place);
  }
}
