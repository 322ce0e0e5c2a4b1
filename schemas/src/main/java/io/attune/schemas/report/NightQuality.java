package io.attune.schemas.report;

import java.util.List;
import java.util.Map;

/**
 * Holds what came in during one night, in numbers, and how it differs from earlier nights: {@code
 * quality.json}.
 *
 * @param version of this format
 * @param findings of all checks, those that failed first
 */
public record NightQuality(int version, Measures measures, List<Finding> findings) {
  public static final int VERSION = 1;
  public static final String FILE_NAME = "quality.json";

  public NightQuality {
    findings = List.copyOf(findings);
  }

  /** Returns the worst level of all findings; {@code PASS} without any. */
  public Level level() {
    return findings.stream().map(Finding::level).max(Level::compareTo).orElse(Level.PASS);
  }

  /** Says how far a measure is from what is usual, best first. */
  public enum Level {
    PASS,
    WARN,
    FAIL
  }

  /**
   * Measures the documents of one night; fractions are of the documents that ingest accepted.
   *
   * @param date of the night, ISO 8601
   * @param documents that ingest accepted
   * @param kept of them by clean
   * @param rejected by ingest
   * @param copies that clean rejected as copies of others
   * @param medianCharacters of a text
   * @param broken fraction with a character that could not be decoded
   * @param labels documents by head and class
   * @param languages documents by language, where it is known
   */
  public record Measures(
      String run,
      String date,
      long documents,
      long kept,
      long rejected,
      long copies,
      double medianCharacters,
      double dated,
      double labelled,
      double broken,
      Map<String, Map<String, Long>> labels,
      Map<String, Long> languages) {
    public Measures {
      labels = Map.copyOf(labels);
      languages = Map.copyOf(languages);
    }
  }

  /**
   * Holds the result of one check.
   *
   * @param check such as {@code volume} or {@code labels of sentiment}
   * @param found tonight, for people
   * @param usual on earlier nights, for people; says so where there are too few
   */
  public record Finding(String check, Level level, String found, String usual) {}
}
