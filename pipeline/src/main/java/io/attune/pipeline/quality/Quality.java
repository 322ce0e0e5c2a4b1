package io.attune.pipeline.quality;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.NightQuality;
import io.attune.schemas.report.NightQuality.Finding;
import io.attune.schemas.report.NightQuality.Level;
import io.attune.schemas.report.NightQuality.Measures;
import io.attune.schemas.table.CleanDocuments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Compares a night with earlier ones, warns, and publishes the result. */
public final class Quality {
  /** Says which findings end the night. */
  public enum StopOn {
    NEVER,
    FAIL
  }

  private Quality() {}

  /** Returns the folder that holds {@code quality.json} of a run. */
  public static String folder(Run run) {
    return run.folder() + "/quality";
  }

  /**
   * Measures the run's documents after clean, and publishes {@code quality.json} in the run's
   * folder; does nothing if that is there already.
   *
   * @throws Failure.BadInput if a check fails and that is to end the night; nothing is published
   */
  public static void check(StageContext context, StopOn stopOn) {
    String folder = folder(context.run());
    if (context.artefacts().isPublished(folder)) {
      return;
    }
    NightQuality quality =
        context.describe("clean: compare with earlier nights", () -> measure(context));
    for (Finding finding : quality.findings()) {
      if (finding.level() != Level.PASS) {
        context.progress().warn(message(finding));
      }
    }
    if (stopOn == StopOn.FAIL && quality.level() == Level.FAIL) {
      throw new Failure.BadInput(
          "Tonight's documents are not like those of earlier nights: %s; look at what delivers them,"
              + " or accept the night with --set ingest.stop-on=never",
          message(quality.findings().get(0)));
    }
    StageInputs inputs = context.inputs(Stage.CLEAN);
    context
        .artefacts()
        .publish(
            folder,
            inputs.provenance(),
            staging -> {
              staging.write(NightQuality.FILE_NAME, Json.pretty(quality));
              return Map.of("findings", (long) quality.findings().size());
            });
  }

  private static NightQuality measure(StageContext context) {
    Measures measures = Measuring.of(context);
    List<Finding> findings = new ArrayList<>();
    for (DecidingWords.Found found :
        DecidingWords.in(
            context.tables().readRun(CleanDocuments.SCHEMA, context.run().id()), measures.kept())) {
      findings.add(
          new Finding(
              "label in the text",
              Level.WARN,
              "the word '%s' alone tells '%s' of '%s': %.0f %% of its documents have it, %.0f %% of"
                      .formatted(
                          found.word(),
                          found.label(),
                          found.head(),
                          100 * found.recall(),
                          100 * found.precision())
                  + " the documents with it are of that class",
              "no word tells a class; a model learns this one and nothing else: remove it"));
    }
    List<Measures> earlier = History.before(context.run(), context.storage());
    findings.addAll(QualityChecks.of(measures, earlier));
    findings.sort(Comparator.comparing(Finding::level).reversed());
    return new NightQuality(
        NightQuality.VERSION, measures, findings, DriftTests.of(measures, earlier));
  }

  private static String message(Finding finding) {
    return "%s: %s (usual: %s)".formatted(finding.check(), finding.found(), finding.usual());
  }
}
