package io.attune.pipeline.copies;

import io.attune.pipeline.TestNight;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Signatures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Runs nights of documents through {@link Copies}, and reads what they leave. */
final class CopyNights {
  static final String FIRST = "2026-01-01.1";
  static final String SECOND = "2026-01-02.1";
  static final CopiesConfig DROP = new CopiesConfig(CopiesConfig.Near.DROP, 0.8, 0.9, 1000);
  static final CopiesConfig KEEP = new CopiesConfig(CopiesConfig.Near.KEEP, 0.8, 0.9, 1000);

  private final Tables tables;
  private final CopiesConfig config;
  private final Map<String, String> details = new TreeMap<>();
  private CopyCounts counts;

  CopyNights(Path root, CopiesConfig config) {
    this.tables = TestNight.in(root).tables();
    this.config = config;
  }

  Tables tables() {
    return tables;
  }

  CopyCounts counts() {
    return counts;
  }

  /** Runs a night; returns the reason by id and line, with the detail; null for kept documents. */
  Map<String, String> run(String run, Dataset<Row> documents) {
    return run(new Copies.Night(tables, run, Set.of()), documents);
  }

  /** Runs a night that may read files again. */
  Map<String, String> run(Copies.Night night, Dataset<Row> documents) {
    String run = night.run();
    Map<String, String> reasons = new TreeMap<>();
    try (Copies copies = Copies.of(night, documents, config)) {
      copies
          .judged(List.of(Documents.ID, Documents.LINE))
          .collectAsList()
          .forEach(
              row -> {
                String document = row.getAs(Documents.ID) + "@" + row.getAs(Documents.LINE);
                reasons.put(document, row.getAs(Judgement.REASON));
                details.put(document, row.getAs(Judgement.DETAIL));
              });
      tables.replaceRun(Rejects.SCHEMA, run, copies.replaced(run, "clean"));
      tables.replaceRun(Signatures.SCHEMA, run, copies.signatures());
      tables.replaceRun(CleanDocuments.SCHEMA, run, copies.clean());
      counts = copies.counts();
    }
    return reasons;
  }

  /** Returns the current documents: text by id. */
  Map<String, String> texts() {
    return current(Documents.TEXT);
  }

  /** Returns the clusters of the current documents by id. */
  Map<String, String> clusters() {
    return current(CleanDocuments.CLUSTER);
  }

  Map<String, String> current(String column) {
    Map<String, String> found = new TreeMap<>();
    CurrentDocuments.of(tables.read(CleanDocuments.SCHEMA))
        .collectAsList()
        .forEach(
            row ->
                found.merge(
                    row.getAs(Documents.ID),
                    String.valueOf(row.<Object>getAs(column)),
                    String::concat));
    return found;
  }

  /** Returns why a document, by id and line, was rejected the last time; null if it was kept. */
  String detail(String document) {
    return details.get(document);
  }

  /** Returns the details of rejects of one reason. */
  List<String> details(String reason) {
    return tables.read(Rejects.SCHEMA).collectAsList().stream()
        .filter(row -> row.getAs(Rejects.REASON).equals(reason))
        .map(row -> row.<String>getAs(Rejects.DETAIL))
        .sorted()
        .toList();
  }
}
