package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.stage.compare.Answers.Head;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Interval;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Says where the network of a candidate adds nothing to the linear part beside it: the two together
 * are not above the linear part alone, and the network has next to no weight, or answers as if by
 * chance. A model that is only not clearly above its linear part is another matter: more test rows
 * might show what its network adds.
 *
 * @param combination of the candidate's parts; empty if it has only one
 */
record IdleNetwork(GateConfig config, Bootstrap bootstrap, Optional<Combination> combination) {
  /** Sets the weight of the network, as a fraction of both, up to which it decides nothing. */
  private static final double NO_WEIGHT = 0.05;

  /** Notes it of each head that a network and a linear part answer. */
  static void note(Evidence evidence, GateConfig config, Findings findings) {
    Bootstrap bootstrap = new Bootstrap(config.resamples(), config.seed());
    IdleNetwork idle = new IdleNetwork(config, bootstrap, evidence.combination());
    Answers answers = evidence.answers();
    for (HeadResult result : Compare.results(evidence.evaluation(), Evaluation.CANDIDATE_NETWORK)) {
      Head head = Head.of(result);
      PairedOutcomes whole = answers.of(head, Evaluation.CANDIDATE, Evaluation.CANDIDATE_LINEAR);
      idle.sentence(
              head.name(),
              whole,
              () -> answers.of(head, Evaluation.CANDIDATE_NETWORK, Evaluation.CANDIDATE_LINEAR))
          .ifPresent(sentence -> findings.noteIdleNetwork(head.name(), sentence));
    }
  }

  /**
   * Returns the sentence; empty where the network adds something, or may.
   *
   * @param whole outcomes of the candidate and of its linear part alone
   * @param network outcomes of the network alone, asked for only where they matter
   */
  Optional<String> sentence(String head, PairedOutcomes whole, Supplier<PairedOutcomes> network) {
    PairedOutcomes judged = whole.judging(config.minRows().ofClass());
    if (whole.rows() == 0
        || bootstrap.macroF1Difference(judged).interval(config.significance()).low() > 0) {
      return Optional.empty();
    }
    return ofWeight(head).or(() -> ofChance(network.get())).map(why -> sentence(head, why));
  }

  private static String sentence(String head, String why) {
    return VerdictReasons.of(
        "On '%s' the network adds nothing to the linear part: %s, and with it the model is not above"
            + " its linear part alone.",
        head, why);
  }

  private Optional<String> ofWeight(String head) {
    return combination.stream()
        .flatMap(parts -> parts.heads().stream())
        .filter(weights -> weights.head().equals(head) && isWithoutNetwork(weights))
        .map(
            weights ->
                VerdictReasons.of(
                    "its weight is %.3f, that of the linear part %.3f",
                    weights.network(), weights.linear()))
        .findFirst();
  }

  private static boolean isWithoutNetwork(HeadWeights weights) {
    return weights.network() <= NO_WEIGHT * (weights.network() + weights.linear());
  }

  private Optional<String> ofChance(PairedOutcomes network) {
    Interval kappa = bootstrap.kappa(network).interval(config.significance());
    return kappa.low() > 0
        ? Optional.empty()
        : Optional.of(
            VerdictReasons.of(
                "by itself it agrees with the labels no more than chance would (kappa between %.3f"
                    + " and %.3f on %,d test rows)",
                kappa.low(), kappa.high(), network.rows()));
  }
}
