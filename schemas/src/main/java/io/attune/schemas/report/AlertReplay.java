package io.attune.schemas.report;

import java.util.List;

/**
 * Holds the alerts that the past of some documents would have raised, night by night.
 *
 * @param model the version of the model that has read them
 * @param first the first day with documents, ISO 8601
 * @param last the last one
 * @param documents that were read, copies of one text once
 * @param negatives of them
 * @param series that were judged, each by its counts and its shares
 * @param alerts all that were raised, however long each lasted
 * @param strongest of these, the one of the least p-value first
 */
public record AlertReplay(
    String model,
    String first,
    String last,
    long documents,
    long negatives,
    int series,
    int alerts,
    List<SurgeAlert> strongest) {
  public AlertReplay {
    strongest = List.copyOf(strongest);
  }
}
