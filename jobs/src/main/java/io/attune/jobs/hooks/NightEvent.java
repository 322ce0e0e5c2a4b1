package io.attune.jobs.hooks;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.attune.schemas.report.SurgeAlert;
import java.util.List;

/**
 * Describes the end of a night, as hooks receive it in JSON.
 *
 * @param event {@link #SUCCESS}, {@link #FAILURE} or {@link #ALERT}
 * @param text one sentence for people; chat services show a field of this name
 * @param exitCode of the command; see {@code docs/EXIT_CODES.md}
 * @param alerts what needs attention; empty unless the event is an alert
 * @param runs that were worked on, in order; empty if nothing was new or none was begun
 * @param at ISO 8601, UTC
 * @param surges the alerts on surges of negative news that the event tells of; null if it tells of
 *     something else
 * @param key the same whenever the same of them are told again, the header {@code Idempotency-Key}
 *     of a webhook; null if the event tells of something else
 */
public record NightEvent(
    String event,
    String text,
    String task,
    String root,
    int exitCode,
    List<String> alerts,
    List<RunSummary> runs,
    String at,
    List<Surge> surges,
    String key) {
  public static final String SUCCESS = "success";
  public static final String FAILURE = "failure";
  public static final String ALERT = "alert";

  public NightEvent {
    alerts = List.copyOf(alerts);
    runs = List.copyOf(runs);
    surges = surges == null ? null : List.copyOf(surges);
  }

  /** Describes the end of a night. */
  public NightEvent(
      String event,
      String text,
      String task,
      String root,
      int exitCode,
      List<String> alerts,
      List<RunSummary> runs,
      String at) {
    this(event, text, task, root, exitCode, alerts, runs, at, null, null);
  }

  /**
   * Holds one alert on a surge of negative news.
   *
   * @param run that raised it
   * @param alert whose fields stand beside {@code run}
   */
  public record Surge(String run, @JsonUnwrapped SurgeAlert alert) {}

  /**
   * Returns an alert on surges, of the same night.
   *
   * @param what one sentence for people
   * @param lines one for each surge
   * @param found the surges
   * @param key of this delivery
   */
  public NightEvent ofSurges(String what, List<String> lines, List<Surge> found, String key) {
    return new NightEvent(ALERT, what, task, root, exitCode, lines, runs, at, found, key);
  }

  /**
   * Summarises one run.
   *
   * @param state {@code finished}, or {@code stopped}
   * @param stoppedAt the stage that failed; null if none did
   * @param report absolute path of its page; null until it is published
   */
  public record RunSummary(
      String run,
      String state,
      String stoppedAt,
      double seconds,
      double coreSeconds,
      double gpuSeconds,
      String report,
      List<StageSummary> stages) {
    public RunSummary {
      stages = List.copyOf(stages);
    }
  }

  /** Summarises one stage that is done. */
  public record StageSummary(String stage, double seconds, String summary) {}

  /** Returns the id of the latest run; empty if there is none. */
  String lastRun() {
    return runs.isEmpty() ? "" : runs.get(runs.size() - 1).run();
  }

  /** Returns the report of the latest run; empty if there is none. */
  String lastReport() {
    String report = runs.isEmpty() ? null : runs.get(runs.size() - 1).report();
    return report == null ? "" : report;
  }
}
