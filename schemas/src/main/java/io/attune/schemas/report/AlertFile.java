package io.attune.schemas.report;

import java.util.List;

/**
 * Holds the alerts of one night: {@code alerts.json}.
 *
 * @param version of this format
 * @param note why none could be looked for; absent if they were
 * @param alerts those that are new first, then those that go on, that ended, and those withdrawn
 */
public record AlertFile(
    int version, String task, String run, String date, String note, List<SurgeAlert> alerts) {
  public static final int VERSION = 1;
  public static final String FILE_NAME = "alerts.json";

  /** Names the same as a text for mail and chat. */
  public static final String TEXT = "alerts.txt";

  public AlertFile {
    alerts = List.copyOf(alerts);
  }

  /** Returns the alerts that a reader who knew of them yesterday is to be told of again. */
  public List<SurgeAlert> news() {
    return alerts.stream().filter(SurgeAlert::isNews).toList();
  }
}
