package io.attune.pipeline.stage.compare;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.smoke.SmokeTest;
import io.attune.pipeline.smoke.SmokeTest.Result;
import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.model.Manifest.FileEntry;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.KeptAnswers;
import java.util.Optional;

/**
 * Tests the published bundle of a model that nothing else speaks against: its size, what it answers
 * when a fresh process opens it, and how long an answer takes.
 *
 * @param evaluated holds the answers to compare with
 */
record BundleTests(StageContext context, Artefact evaluated, GateConfig config) {
  private static final double MEGABYTE = 1e6;

  /**
   * Adds what is found. A run without a bundle, whose evaluation stands for itself, has nothing to
   * test.
   *
   * @param model {@link Evaluation#CANDIDATE}, or {@link Evaluation#CANDIDATE_LINEAR} for its
   *     linear part alone
   */
  void test(Findings findings, String model) {
    if (findings.outcome() != Findings.Outcome.PROMOTE
        || !context.artefacts().isPublished(context.run().model())) {
      return;
    }
    Artefact bundle = context.artefacts().open(context.run().model());
    testSize(bundle, model, findings);
    if (!config.smokeTest()) {
      findings.remark(
          "No process of its own opened the published bundle, since gate.smoke-test is false.");
      return;
    }
    Optional<KeptAnswers> kept = evaluated.find(KeptAnswers.FILE_NAME, KeptAnswers.class);
    if (kept.isEmpty()) {
      findings.remark(
          "No process of its own opened the published bundle: the evaluation kept no answers.");
      return;
    }
    context.progress().update(0, 1, "open the bundle in a fresh process");
    Result result = new SmokeTest(kept.get(), model).run(bundle, config.maxMsPerDocument() > 0);
    result
        .fault()
        .ifPresentOrElse(
            fault -> findings.object("The published bundle is not fit for use: " + fault + "."),
            () ->
                findings.remark(
                    VerdictReasons.of(
                        "The published bundle, opened by a fresh process, answers %d stored"
                            + " documents as in the evaluation.",
                        kept.get().texts().size())));
    testTime(result, findings);
  }

  private void testSize(Artefact bundle, String model, Findings findings) {
    double size =
        bundle.manifest().files().stream()
                .filter(file -> model.equals(Evaluation.CANDIDATE) || !isNetwork(file.path()))
                .mapToLong(FileEntry::bytes)
                .sum()
            / MEGABYTE;
    if (config.maxSizeMb() > 0 && size > config.maxSizeMb()) {
      findings.object(
          VerdictReasons.of(
              "The published bundle has %.2f MB, and gate.max-size-mb allows %.2f.",
              size, config.maxSizeMb()));
    }
  }

  private static boolean isNetwork(String file) {
    return (file.startsWith("model") && file.endsWith(".zip"))
        || file.equals(ModelBundle.COMBINATION);
  }

  private void testTime(Result result, Findings findings) {
    Double milliseconds = result.milliseconds();
    if (config.maxMsPerDocument() <= 0 || milliseconds == null) {
      return;
    }
    String sentence =
        VerdictReasons.of(
            "The answer to one document takes %.2f ms, and gate.max-ms-per-document allows %.2f.",
            milliseconds, config.maxMsPerDocument());
    if (milliseconds > config.maxMsPerDocument()) {
      findings.object(sentence);
    } else {
      findings.remark(sentence);
    }
  }
}
