package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.model.Provenance;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shows the provenance of the artefacts.
 *
 * @param versions of the software that made the report
 */
record LineageView(List<Artefact> artefacts, List<Entry> versions) {
  /** Bounds the characters of a hash that are shown; enough to distinguish those of a night. */
  private static final int HASH_CHARACTERS = 12;

  private static final int MOST_ENTRIES = 24;

  /** Describes one artefact; {@code run} is the night that made it. */
  record Artefact(
      String name,
      String stage,
      String run,
      String createdAt,
      String by,
      String configuration,
      String commit,
      List<Entry> inputs) {}

  /** Holds a name and a value, with the full value for one that is shown cut. */
  record Entry(String name, String value, String whole) {
    static Entry of(String name, String value) {
      return new Entry(Figures.cut(name, 60), shortened(value), Figures.cut(value, 120));
    }
  }

  /** Returns the artefacts, the oldest first, and the versions that made the report. */
  static LineageView of(Map<String, Provenance> lineage) {
    List<Artefact> artefacts =
        new TreeMap<>(lineage)
            .entrySet().stream()
                .sorted(
                    java.util.Comparator.comparing(
                        (Map.Entry<String, Provenance> e) -> e.getValue().createdAt()))
                .limit(MOST_ENTRIES)
                .map(entry -> artefact(entry.getKey(), entry.getValue()))
                .toList();
    Provenance report = lineage.get("report");
    List<Entry> versions = report == null ? List.of() : entries(report.versions());
    return new LineageView(artefacts, versions);
  }

  private static Artefact artefact(String name, Provenance provenance) {
    return new Artefact(
        Figures.cut(name, 60),
        Figures.cut(provenance.stage(), 30),
        Figures.cut(provenance.run(), 40),
        Figures.cut(provenance.createdAt(), 30),
        Figures.cut(provenance.user() + "@" + provenance.host(), 60),
        shortened(provenance.configuration()),
        shortened(provenance.commit()),
        entries(provenance.inputs()));
  }

  private static List<Entry> entries(Map<String, String> values) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .limit(MOST_ENTRIES)
            .map(entry -> Entry.of(entry.getKey(), entry.getValue()))
            .toList();
  }

  /** Cuts hashes short, and other values only if they are long. */
  private static String shortened(String value) {
    boolean hash = value.length() >= 40 && value.matches("[0-9a-f]+");
    return hash ? value.substring(0, HASH_CHARACTERS) : Figures.cut(value, 60);
  }
}
