package io.attune.schemas.report;

import io.attune.schemas.model.Provenance;
import java.util.List;
import java.util.Map;

/**
 * {@code report.json}: everything that the page of a night shows.
 *
 * @param version of this format
 * @param date of the night, ISO 8601
 * @param rows and tokens, by split
 * @param intake what came in tonight, by corpus
 * @param rejects rejected records of tonight, most frequent first
 * @param labels rows by split, head and class
 * @param timeline how topics and sentiments move over time
 * @param evaluation see {@link Evaluation#results}
 * @param stages of the night, in order
 * @param lineage provenance of each artefact, by its name
 */
public record NightReport(
    int version,
    String task,
    String run,
    String date,
    Map<String, Long> rows,
    Map<String, Long> tokens,
    List<CorpusIntake> intake,
    List<RejectCount> rejects,
    Map<String, Map<String, Map<String, Long>>> labels,
    List<TimelinePoint> timeline,
    List<Evaluation.HeadResult> evaluation,
    List<Evaluation.SliceResult> slices,
    List<Evaluation.Example> examples,
    VerdictRecord verdict,
    TrainingRecord training,
    List<StageRecord> stages,
    Map<String, Provenance> lineage) {
  public static final int VERSION = 1;
  public static final String FILE_NAME = "report.json";
  public static final String PAGE = "index.html";

  public NightReport {
    rows = Map.copyOf(rows);
    tokens = Map.copyOf(tokens);
    intake = List.copyOf(intake);
    rejects = List.copyOf(rejects);
    labels = Map.copyOf(labels);
    timeline = List.copyOf(timeline);
    evaluation = List.copyOf(evaluation);
    slices = List.copyOf(slices);
    examples = List.copyOf(examples);
    stages = List.copyOf(stages);
    lineage = Map.copyOf(lineage);
  }

  /** Documents accepted and records rejected of one corpus tonight. */
  public record CorpusIntake(String corpus, long documents, long rejected) {}

  /** Rejected records of one stage, corpus and reason, with one record to look at. */
  public record RejectCount(
      String stage, String corpus, String reason, long records, String example) {}

  /** Documents of one month (ISO 8601, {@code 2026-01}) that carry a label of a head. */
  public record TimelinePoint(String month, String head, String label, long documents) {}

  /** One stage: how long it took and what it said it did. */
  public record StageRecord(String stage, double seconds, String summary) {}
}
