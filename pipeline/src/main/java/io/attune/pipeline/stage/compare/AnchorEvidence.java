package io.attune.pipeline.stage.compare;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.stage.compare.AnchorTests.OnHead;
import io.attune.pipeline.stage.compare.Answers.Head;
import io.attune.pipeline.storage.AnchorModel;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Gathers what the anchor answered to the test rows. */
record AnchorEvidence(
    StageContext context, Evaluation evaluation, Answers answers, GateConfig config) {

  /**
   * Tests a model against the anchor, if the evaluation has one.
   *
   * @param heads the evidence about the model
   * @param model its name in the evaluation
   * @param version of the model
   */
  void test(List<HeadEvidence> heads, String model, String version, Findings findings) {
    Optional<String> anchor = version(Evaluation.ANCHOR);
    Optional<String> current = version(Evaluation.CURRENT);
    boolean isCurrent =
        anchor.isEmpty()
            && current.isPresent()
            && current.equals(AnchorModel.of(context.storage(), context.run().task()).version());
    if (anchor.isEmpty() && !isCurrent) {
      return;
    }
    List<OnHead> evidence = new ArrayList<>();
    for (HeadResult result : Compare.results(evaluation, model)) {
      Head head = Head.of(result);
      heads.stream()
          .filter(each -> each.head().equals(head.name()))
          .forEach(
              each ->
                  evidence.add(
                      new OnHead(
                          each,
                          answers.of(
                              head, model, isCurrent ? Evaluation.CURRENT : Evaluation.ANCHOR))));
    }
    new AnchorTests(config, anchor.or(() -> current).orElseThrow(), version, isCurrent)
        .test(evidence, findings);
  }

  private Optional<String> version(String model) {
    return evaluation.results().stream()
        .filter(result -> result.model().equals(model))
        .map(HeadResult::version)
        .filter(Objects::nonNull)
        .findFirst();
  }
}
