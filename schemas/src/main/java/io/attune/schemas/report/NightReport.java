package io.attune.schemas.report;

import io.attune.schemas.model.Provenance;
import java.util.List;
import java.util.Map;

/**
 * Holds everything that the page of a night shows: {@code report.json}.
 *
 * @param version of this format
 * @param date of the night, ISO 8601
 * @param rows and tokens, by split
 * @param intake documents ingested and records rejected tonight, by corpus
 * @param rejects rejected records of tonight, most frequent first
 * @param findings how tonight's documents compare with those of earlier nights; null is none
 * @param changes what was changed in the texts of tonight, by corpus; null is none
 * @param labels rows by split, head and class
 * @param timeline labelled documents by month, head and class
 * @param evaluation see {@link Evaluation#results}
 * @param stages of the night, in order
 * @param lineage provenance of each artefact, by its name
 * @param drift see {@link NightQuality#drift}; null is none
 * @param priors see {@link Evaluation#priors}; null is none
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
    List<TextChange> changes,
    List<NightQuality.Finding> findings,
    Map<String, Map<String, Map<String, Long>>> labels,
    List<TimelinePoint> timeline,
    List<Evaluation.HeadResult> evaluation,
    List<Evaluation.SliceResult> slices,
    List<Evaluation.Example> examples,
    VerdictRecord verdict,
    TrainingRecord training,
    List<StageRecord> stages,
    Map<String, Provenance> lineage,
    List<NightQuality.Drift> drift,
    List<Evaluation.PriorShiftResult> priors) {
  public static final int VERSION = 1;
  public static final String FILE_NAME = "report.json";
  public static final String PAGE = "index.html";

  public NightReport {
    rows = Map.copyOf(rows);
    tokens = Map.copyOf(tokens);
    intake = List.copyOf(intake);
    rejects = List.copyOf(rejects);
    findings = findings == null ? List.of() : List.copyOf(findings);
    changes = changes == null ? List.of() : List.copyOf(changes);
    labels = Map.copyOf(labels);
    timeline = List.copyOf(timeline);
    evaluation = List.copyOf(evaluation);
    slices = List.copyOf(slices);
    examples = List.copyOf(examples);
    stages = List.copyOf(stages);
    lineage = Map.copyOf(lineage);
    drift = drift == null ? List.of() : List.copyOf(drift);
    priors = priors == null ? List.of() : List.copyOf(priors);
  }

  /** Starts the report of a run in which nothing happened yet. */
  public static Builder builder(String task, String run, String date) {
    return new Builder(task, run, date);
  }

  /** Starts a copy of this report. */
  public Builder toBuilder() {
    return new Builder(task, run, date)
        .rows(rows)
        .tokens(tokens)
        .intake(intake)
        .rejects(rejects)
        .changes(changes)
        .findings(findings)
        .labels(labels)
        .timeline(timeline)
        .evaluation(evaluation)
        .slices(slices)
        .examples(examples)
        .verdict(verdict)
        .training(training)
        .stages(stages)
        .lineage(lineage)
        .drift(drift)
        .priors(priors);
  }

  /** Counts the documents accepted and records rejected of one corpus tonight. */
  public record CorpusIntake(String corpus, long documents, long rejected) {}

  /** Counts the rejected records of one stage, corpus and reason, with one record as an example. */
  public record RejectCount(
      String stage, String corpus, String reason, long records, String example) {}

  /**
   * Counts one kind of change that {@code clean} made in the texts of a corpus; of boilerplate one
   * line.
   *
   * @param example the first of them; absent where it may identify a person
   */
  public record TextChange(
      String corpus, String change, long documents, long amount, String example) {}

  /** Counts the documents of one month (ISO 8601, {@code 2026-01}) with a label of a head. */
  public record TimelinePoint(String month, String head, String label, long documents) {}

  /**
   * Records one stage: its time, its summary and its warnings.
   *
   * @param warnings what an operator should look into; null or absent if there is nothing
   */
  public record StageRecord(String stage, double seconds, String summary, List<String> warnings) {
    public StageRecord {
      warnings = warnings == null || warnings.isEmpty() ? null : List.copyOf(warnings);
    }

    /** Records a stage without warnings. */
    public StageRecord(String stage, double seconds, String summary) {
      this(stage, seconds, summary, null);
    }
  }

  /** Collects the parts of a report; what is not set is empty or absent. */
  public static final class Builder {
    private final String task;
    private final String run;
    private final String date;
    private Map<String, Long> rows = Map.of();
    private Map<String, Long> tokens = Map.of();
    private List<CorpusIntake> intake = List.of();
    private List<RejectCount> rejects = List.of();
    private List<TextChange> changes = List.of();
    private List<NightQuality.Finding> findings = List.of();
    private Map<String, Map<String, Map<String, Long>>> labels = Map.of();
    private List<TimelinePoint> timeline = List.of();
    private List<Evaluation.HeadResult> evaluation = List.of();
    private List<Evaluation.SliceResult> slices = List.of();
    private List<Evaluation.Example> examples = List.of();
    private VerdictRecord verdict;
    private TrainingRecord training;
    private List<StageRecord> stages = List.of();
    private Map<String, Provenance> lineage = Map.of();
    private List<NightQuality.Drift> drift = List.of();
    private List<Evaluation.PriorShiftResult> priors = List.of();

    private Builder(String task, String run, String date) {
      this.task = task;
      this.run = run;
      this.date = date;
    }

    public Builder rows(Map<String, Long> rows) {
      this.rows = rows;
      return this;
    }

    public Builder tokens(Map<String, Long> tokens) {
      this.tokens = tokens;
      return this;
    }

    public Builder intake(List<CorpusIntake> intake) {
      this.intake = intake;
      return this;
    }

    public Builder rejects(List<RejectCount> rejects) {
      this.rejects = rejects;
      return this;
    }

    public Builder findings(List<NightQuality.Finding> findings) {
      this.findings = findings;
      return this;
    }

    public Builder changes(List<TextChange> changes) {
      this.changes = changes;
      return this;
    }

    public Builder labels(Map<String, Map<String, Map<String, Long>>> labels) {
      this.labels = labels;
      return this;
    }

    public Builder timeline(List<TimelinePoint> timeline) {
      this.timeline = timeline;
      return this;
    }

    public Builder evaluation(List<Evaluation.HeadResult> evaluation) {
      this.evaluation = evaluation;
      return this;
    }

    public Builder slices(List<Evaluation.SliceResult> slices) {
      this.slices = slices;
      return this;
    }

    public Builder examples(List<Evaluation.Example> examples) {
      this.examples = examples;
      return this;
    }

    public Builder verdict(VerdictRecord verdict) {
      this.verdict = verdict;
      return this;
    }

    public Builder training(TrainingRecord training) {
      this.training = training;
      return this;
    }

    public Builder stages(List<StageRecord> stages) {
      this.stages = stages;
      return this;
    }

    public Builder lineage(Map<String, Provenance> lineage) {
      this.lineage = lineage;
      return this;
    }

    public Builder drift(List<NightQuality.Drift> drift) {
      this.drift = drift;
      return this;
    }

    public Builder priors(List<Evaluation.PriorShiftResult> priors) {
      this.priors = priors;
      return this;
    }

    /** Returns the report of the set parts. */
    public NightReport build() {
      return new NightReport(
          VERSION,
          task,
          run,
          date,
          rows,
          tokens,
          intake,
          rejects,
          changes,
          findings,
          labels,
          timeline,
          evaluation,
          slices,
          examples,
          verdict,
          training,
          stages,
          lineage,
          drift,
          priors);
    }
  }
}
