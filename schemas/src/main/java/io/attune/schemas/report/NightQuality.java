package io.attune.schemas.report;

import java.util.List;
import java.util.Map;

/**
 * Holds what came in during one night, in numbers, and how it differs from earlier nights: {@code
 * quality.json}.
 *
 * @param version of this format
 * @param findings of all checks, those that failed first
 * @param drift tests of the mixes against earlier nights; empty on the first night, and in files of
 *     versions without them
 */
public record NightQuality(
    int version, Measures measures, List<Finding> findings, List<Drift> drift) {
  public static final int VERSION = 1;
  public static final String FILE_NAME = "quality.json";

  public NightQuality {
    findings = List.copyOf(findings);
    drift = drift == null ? List.of() : List.copyOf(drift);
  }

  /** Holds a night without tests of its mixes. */
  public NightQuality(int version, Measures measures, List<Finding> findings) {
    this(version, measures, findings, List.of());
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
   * @param sources documents by source, where it is known, the most frequent ones; empty in files
   *     of versions without it
   * @param lengths documents by the number of their characters, such as {@code 000129-000256};
   *     likewise
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
      Map<String, Long> languages,
      Map<String, Long> sources,
      Map<String, Long> lengths) {
    public Measures {
      labels = Map.copyOf(labels);
      languages = Map.copyOf(languages);
      sources = sources == null ? Map.of() : Map.copyOf(sources);
      lengths = lengths == null ? Map.of() : Map.copyOf(lengths);
    }

    /** Measures a night without its sources and lengths, as earlier versions did. */
    public Measures(
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
      this(
          run,
          date,
          documents,
          kept,
          rejected,
          copies,
          medianCharacters,
          dated,
          labelled,
          broken,
          labels,
          languages,
          Map.of(),
          Map.of());
    }
  }

  /**
   * Compares one mix of tonight's documents with that of earlier nights.
   *
   * @param mix {@code source}, {@code language}, {@code length} or {@code labels of <head>}
   * @param tonight documents with a value
   * @param earlier documents with a value
   * @param stabilityIndex population stability index; below 0.1 little has changed, above 0.25 much
   * @param pValue of Pearson's chi-square test of homogeneity
   * @param adjusted the same after the correction of Benjamini and Hochberg over all mixes
   * @param most the value whose share has changed most; {@code other} stands for rare ones
   * @param mostTonight its share tonight
   * @param mostEarlier its share on earlier nights
   * @param drifted whether the change is more than chance, and large enough to look at
   */
  public record Drift(
      String mix,
      long tonight,
      long earlier,
      double stabilityIndex,
      double pValue,
      double adjusted,
      String most,
      double mostTonight,
      double mostEarlier,
      boolean drifted) {}

  /**
   * Holds the result of one check.
   *
   * @param check such as {@code volume} or {@code labels of sentiment}
   * @param found tonight, for people
   * @param usual on earlier nights, for people; says so where there are too few
   */
  public record Finding(String check, Level level, String found, String usual) {}
}
