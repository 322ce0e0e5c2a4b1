package io.attune.pipeline.stage.report;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.figure.Csv;
import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.stage.report.page.Pages;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.NightReport.CorpusIntake;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Runs the last stage of a night, which reports the artefacts of the others to people and tools.
 */
public final class Report {
  private Report() {}

  /**
   * Publishes {@code reports/<task>/<run>/} and brings {@code reports/index.html} up to date. The
   * form of both is in {@code docs/formats/report.md}.
   *
   * @param stages of the night so far, in order; may be empty if they are not known
   * @return counts {@code documents}, {@code rejected}, {@code page-bytes} and {@code tables}
   * @throws io.attune.schemas.failure.Failure.AlreadyPublished if the run has its report; the page
   *     over all runs is brought up to date even then
   * @throws io.attune.schemas.failure.Failure.BadInput if a stage before did not publish, or what
   *     it published is damaged
   */
  public static StageResult run(
      StageContext context, ReportConfig config, List<NightReport.StageRecord> stages) {
    Storage storage = context.storage();
    Run run = context.run();
    Artefacts artefacts = context.artefacts();
    if (artefacts.isPublished(run.report())) {
      // A night that failed right after publishing did not update the page over all runs.
      Overview.rewrite(storage, config.maxOverviewRuns());
    }
    artefacts.requireUnpublished(run.report());
    NightReport night = ReportAssembler.night(context, config, stages);
    byte[] page = Pages.night(night, config.pageLimits(), config.maxPageBytes());
    Map<String, Csv> tables = CsvTables.of(night);
    Map<String, Long> counts = counts(night, page, tables);
    Map<String, byte[]> mood = mood(artefacts, run);
    Provenance provenance = night.lineage().get("report");
    artefacts.publish(
        run.report(),
        provenance,
        staging -> {
          staging.write(NightReport.PAGE, page);
          staging.write(NightReport.FILE_NAME, Json.pretty(night));
          for (Map.Entry<String, Csv> table : tables.entrySet()) {
            byte[] bytes = table.getValue().toString().getBytes(StandardCharsets.UTF_8);
            staging.write("tables/" + table.getKey(), bytes);
          }
          for (Map.Entry<String, byte[]> file : mood.entrySet()) {
            staging.write(file.getKey(), file.getValue());
          }
          return counts;
        });
    Overview.rewrite(storage, config.maxOverviewRuns());
    String summary =
        "%s/%s, %s kB".formatted(run.report(), NightReport.PAGE, Figures.count(page.length / 1000));
    return new StageResult(run.report(), summary, counts);
  }

  /** Returns the page of the mood and what it was made from; none where no mood was followed. */
  private static Map<String, byte[]> mood(Artefacts artefacts, Run run) {
    if (!artefacts.isPublished(run.mood())) {
      return Map.of();
    }
    Artefact published = artefacts.open(run.mood());
    Map<String, byte[]> files = new TreeMap<>();
    Optional<Advice> advice = Optional.empty();
    if (artefacts.isPublished(run.advice())) { // not in runs of versions without it
      Artefact advised = artefacts.open(run.advice());
      advice = Optional.of(advised.json(Advice.FILE_NAME, Advice.class));
      files.put(Advice.FILE_NAME, advised.bytes(Advice.FILE_NAME));
      files.put(Advice.REQUESTS, advised.bytes(Advice.REQUESTS));
    }
    for (String file : List.of(Mood.FILE_NAME, AlertFile.FILE_NAME, AlertFile.TEXT)) {
      files.put(file, published.bytes(file));
    }
    files.put(
        Mood.PAGE,
        Pages.mood(
            published.json(Mood.FILE_NAME, Mood.class),
            published.json(AlertFile.FILE_NAME, AlertFile.class),
            advice));
    return files;
  }

  private static Map<String, Long> counts(NightReport night, byte[] page, Map<String, Csv> tables) {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("documents", night.intake().stream().mapToLong(CorpusIntake::documents).sum());
    counts.put("rejected", night.intake().stream().mapToLong(CorpusIntake::rejected).sum());
    counts.put("page-bytes", (long) page.length);
    counts.put("tables", (long) tables.size());
    return counts;
  }
}
