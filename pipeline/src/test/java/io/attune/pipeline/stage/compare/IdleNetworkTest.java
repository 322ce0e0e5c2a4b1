package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.stage.compare.Baseline.Kind;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.GateConfig.Veto;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.pipeline.stage.compare.Verdict.Versions;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.Combination.HeadWeights;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdleNetworkTest {
  private static final GateConfig GATE =
      new GateConfig(
          "all",
          "0.01",
          0.05,
          Demand.NOT_WORSE,
          Floor.NOT_BELOW,
          0.025,
          new Veto(0.025, 0),
          1000,
          7);
  private static final PairedOutcomes LEVEL = PairedAnswers.of(800, 3, 3, 194);
  private static final PairedOutcomes ABOVE = PairedAnswers.of(780, 100, 20, 100);
  private static final PairedOutcomes CHANCE = PairedAnswers.of(400, 100, 400, 100);
  private static final PairedOutcomes USEFUL = PairedAnswers.of(700, 60, 100, 140);

  @Test
  void saysThatANetworkAnswersByChance() {
    assertThat(sentence(0.4, LEVEL, CHANCE))
        .hasValueSatisfying(
            sentence ->
                assertThat(sentence)
                    .startsWith(
                        "On 'topic' the network adds nothing to the linear part: by itself it agrees"
                            + " with the labels no more than chance would (kappa between -0.0")
                    .endsWith(
                        " on 1,000 test rows), and with it the model is not above its linear part"
                            + " alone."));
  }

  @Test
  void saysThatANetworkHasNoWeight() {
    assertThat(sentence(0.01, LEVEL, USEFUL))
        .contains(
            "On 'topic' the network adds nothing to the linear part: its weight is 0.010, that of the"
                + " linear part 0.800, and with it the model is not above its linear part alone.");
  }

  @Test
  void saysNothingOfANetworkThatMayAddSomething() {
    assertThat(sentence(0.4, LEVEL, USEFUL)).isEmpty();
    assertThat(sentence(0.4, ABOVE, CHANCE)).isEmpty();
    assertThat(sentence(0.4, PairedOutcomes.of(2, List.of()), CHANCE)).isEmpty();
  }

  @Test
  void headlineOfAModelInUseNamesTheHeads() {
    HeadEvidence head =
        new HeadEvidence(
            "topic",
            Reference.CURRENT,
            PairedAnswers.of(800, 3, 3, 194),
            Baseline.of(Kind.LINEAR_PART, LEVEL));
    Versions versions = new Versions("2026-01-02.1", "2026-01-02.1-linear", "2026-01-01.1");
    Findings findings = Decision.ofCandidate(List.of(head), GATE, versions.candidate());
    findings.noteIdleNetwork("topic", "On 'topic' the network adds nothing.");

    assertThat(new Headline(versions, List.of(head), GATE).of(findings))
        .isEqualTo(
            "2026-01-02.1 goes into use in place of 2026-01-01.1: on 'topic' macro-F1 0.8030, which"
                + " cannot be told from its linear part alone (0.8030); the network adds nothing to"
                + " the linear part on 'topic'.");
    assertThat(findings.reasons()).endsWith("On 'topic' the network adds nothing.");
  }

  private static Optional<String> sentence(
      double weight, PairedOutcomes whole, PairedOutcomes network) {
    HeadWeights weights = new HeadWeights("topic", weight, 0.8, 500, 0.6, 0.4, 0.4);
    return new IdleNetwork(
            GATE, new Bootstrap(1000, 7), Optional.of(Combination.of(List.of(weights))))
        .sentence("topic", whole, () -> network);
  }
}
