package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.Resampled;
import io.attune.pipeline.stage.compare.Findings.Outcome;
import io.attune.pipeline.stage.compare.Verdict.Versions;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.VerdictRecord.BaselineRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Says in one sentence which model is in use once a verdict was acted on, and what it beats.
 *
 * @param evidence of the candidate
 */
record Headline(Versions versions, List<HeadEvidence> evidence, GateConfig config) {
  private static final int MOST_HEADS = 3;

  /** Returns the sentence where the candidate goes into use or is kept out. */
  String of(Findings findings) {
    if (findings.outcome() == Outcome.PROMOTE) {
      return VerdictReasons.of(
          "%s goes into use%s: %s%s.",
          versions.candidate(), replacing(), beats(findings), idle(findings));
    }
    String why = inSentence(findings.reasons().get(0));
    String reason =
        findings.outcome() == Outcome.CANNOT_TELL
            ? VerdictReasons.of(
                "whether %s is good enough cannot be told, since %s", versions.candidate(), why)
            : VerdictReasons.of("%s is kept out, since %s", versions.candidate(), why);
    return versions.current() == null
        ? VerdictReasons.of("No model is in use: %s", reason)
        : VerdictReasons.of("%s stays in use%s: %s", versions.current(), currentBeats(), reason);
  }

  /** Returns the sentence where the linear part of the candidate goes into use without it. */
  String ofLinearPart(Findings whole, Findings part) {
    String better =
        whole.baselines().stream()
            .filter(record -> record.place().equals(BaselineTests.BELOW))
            .map(
                record ->
                    VerdictReasons.of(
                        "on '%s' macro-F1 %.4f against %.4f",
                        record.head(), record.modelMacroF1(), record.baselineMacroF1()))
            .limit(MOST_HEADS)
            .reduce((a, b) -> a + ", " + b)
            .orElse("");
    return VerdictReasons.of(
        "%s goes into use%s, the linear part of %s alone, since with its network it is below a"
            + " linear model (%s): %s.",
        versions.linearPart(), replacing(), versions.candidate(), better, beatsAlone(part));
  }

  private String replacing() {
    return versions.current() == null ? "" : " in place of " + versions.current();
  }

  /** Returns on which heads that count the network adds nothing; empty for none. */
  private String idle(Findings findings) {
    List<String> heads =
        findings.idleNetworks().stream()
            .filter(this::counts)
            .map(head -> "'" + head + "'")
            .toList();
    return heads.isEmpty()
        ? ""
        : VerdictReasons.of(
            "; the network adds nothing to the linear part on %s",
            heads.size() <= MOST_HEADS
                ? String.join(", ", heads)
                : VerdictReasons.of("%d heads", heads.size()));
  }

  private String beats(Findings findings) {
    return joined(
        evidence.stream()
            .filter(head -> counts(head.head()))
            .filter(head -> head.outcomes().rows() > 0)
            .map(head -> beats(head, findings)));
  }

  /** Returns the macro-F1 of the model and of the linear one, on the same rows and classes. */
  private String beats(HeadEvidence head, Findings findings) {
    return findings.baselines().stream()
        .filter(record -> record.head().equals(head.head()))
        .findFirst()
        .map(
            record ->
                VerdictReasons.of(
                    "on '%s' macro-F1 %.4f, which %s",
                    head.head(),
                    record.modelMacroF1(),
                    place(record, head.baseline().kind().named())))
        .orElseGet(
            () ->
                VerdictReasons.of(
                    "on '%s' macro-F1 %.4f, with no linear model to compare",
                    head.head(),
                    head.judging(config.minRows().ofClass()).outcomes().candidateMacroF1()));
  }

  private String beatsAlone(Findings part) {
    return joined(
            part.baselines().stream()
                .filter(record -> counts(record.head()))
                .map(
                    record ->
                        VerdictReasons.of(
                            "on '%s' it %s",
                            record.head(), place(record, Baseline.Kind.TF_IDF.named()))))
        .transform(
            others ->
                others.isEmpty()
                    ? "it is the better linear model on the validation split"
                    : others);
  }

  private static String place(BaselineRecord record, String named) {
    return words(record.place(), VerdictReasons.of("%s (%.4f)", named, record.baselineMacroF1()));
  }

  private static String words(String place, String other) {
    return switch (place) {
      case BaselineTests.ABOVE -> "beats " + other;
      case BaselineTests.BELOW -> "is below " + other;
      default -> "cannot be told from " + other;
    };
  }

  /** Returns how the model that stays compares with the linear one, in brackets. */
  private String currentBeats() {
    Bootstrap bootstrap = new Bootstrap(config.resamples(), config.seed());
    String heads =
        joined(
            evidence.stream()
                .filter(head -> counts(head.head()))
                .filter(head -> inUse(head).rows() > 0)
                .map(head -> current(head, bootstrap)));
    return heads.isEmpty() ? "" : " (" + heads + ")";
  }

  /** Returns the rows of classes that the current model knows; those with rows enough count. */
  private PairedOutcomes inUse(HeadEvidence head) {
    return head.baseline()
        .inUse()
        .ofActual(label -> !head.scope().added().contains(label))
        .judging(config.minRows().ofClass());
  }

  private String current(HeadEvidence head, Bootstrap bootstrap) {
    PairedOutcomes outcomes = inUse(head);
    Resampled difference = bootstrap.macroF1Difference(outcomes);
    Interval interval = difference.interval(config.significance());
    String place =
        interval.low() > 0
            ? BaselineTests.ABOVE
            : interval.high() < 0 ? BaselineTests.BELOW : BaselineTests.LEVEL;
    String linear =
        head.baseline().kind() == Baseline.Kind.LINEAR_PART
            ? "tonight's linear part alone"
            : "tonight's TF-IDF regression";
    return VerdictReasons.of(
        "on '%s' its macro-F1 %.4f %s",
        head.head(),
        outcomes.candidateMacroF1(),
        words(place, VerdictReasons.of("%s (%.4f)", linear, outcomes.otherMacroF1())));
  }

  private boolean counts(String head) {
    return config.counts(head, evidence.stream().map(HeadEvidence::head).toList());
  }

  private static String joined(Stream<String> parts) {
    List<String> all = parts.toList();
    List<String> shown = new ArrayList<>(all.subList(0, Math.min(MOST_HEADS, all.size())));
    if (all.size() > shown.size()) {
      shown.add(VerdictReasons.of("and so on for %d more heads", all.size() - shown.size()));
    }
    return String.join("; ", shown);
  }

  private static String inSentence(String reason) {
    return reason.startsWith("On ") || reason.startsWith("No ") || reason.startsWith("The ")
        ? Character.toLowerCase(reason.charAt(0)) + reason.substring(1)
        : reason;
  }
}
