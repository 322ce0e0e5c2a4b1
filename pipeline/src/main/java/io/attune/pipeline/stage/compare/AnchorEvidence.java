package io.attune.pipeline.stage.compare;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.stage.compare.AnchorTests.OnHead;
import io.attune.pipeline.stage.compare.Answers.Head;
import io.attune.pipeline.storage.AnchorModel;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers what the anchor answered to the test rows, and how many it has learned from. */
record AnchorEvidence(
    StageContext context, StageInputs inputs, Evidence evidence, GateConfig config) {

  /**
   * Tests a model against the anchor, if the evaluation has one.
   *
   * @param heads the evidence about the model
   * @param model its name in the evaluation
   * @param version of the model
   */
  void test(List<HeadEvidence> heads, String model, String version, Findings findings) {
    Optional<String> anchor = Compare.version(evidence.evaluation(), Evaluation.ANCHOR);
    Optional<String> current = Compare.version(evidence.evaluation(), Evaluation.CURRENT);
    boolean isCurrent =
        anchor.isEmpty()
            && current.isPresent()
            && current.equals(AnchorModel.of(context.storage(), context.run().task()).version());
    if (anchor.isEmpty() && !isCurrent) {
      return;
    }
    Anchor held =
        isCurrent
            ? new Anchor(Evaluation.CURRENT, current.get())
            : new Anchor(Evaluation.ANCHOR, anchor.get());
    new AnchorTests(config, held.version(), version, isCurrent)
        .test(onHeads(heads, model, held), findings);
  }

  /**
   * Names the anchor.
   *
   * @param name in the evaluation
   */
  private record Anchor(String name, String version) {}

  private List<OnHead> onHeads(List<HeadEvidence> heads, String model, Anchor anchor) {
    Optional<LabelSets> known = Compare.labels(context, inputs, anchor.name(), anchor.version());
    List<OnHead> all = new ArrayList<>();
    for (HeadResult result : Compare.results(evidence.evaluation(), model)) {
      Head head = Head.of(result);
      boolean mayAnswer = known.isEmpty() || known.get().head(head.name()).isPresent();
      long leftOut = mayAnswer ? evidence.leftOut(anchor.name(), head.name()) : 0;
      heads.stream()
          .filter(each -> each.head().equals(head.name()))
          .forEach(
              each ->
                  all.add(
                      new OnHead(
                          each, evidence.answers().of(head, model, anchor.name()), leftOut)));
    }
    return all;
  }
}
