package io.attune.jobs.init;

import io.attune.jobs.init.ColumnProfile.Kind;
import io.attune.jobs.init.Finding.Role;
import io.attune.pipeline.figure.Figures;
import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Infers the meaning of the columns of a table.
 *
 * @param findings one for each column, in the order of {@link Role}
 * @param heads by name
 * @param dates of the column of dates, if there is one
 */
record InferredColumns(
    List<Finding> findings, Map<String, Heads.Head> heads, Optional<Dates> dates) {
  /** Reasons to leave columns out that are told apart at most. */
  private static final int REASONS = 10;

  /**
   * Decides about every column.
   *
   * @param where the file, for messages
   * @throws Failure.BadInput if no column can hold texts
   */
  static InferredColumns of(Table table, String where) {
    Map<String, ColumnProfile> open = new LinkedHashMap<>(table.profiles());
    List<Finding> findings = new ArrayList<>();
    rowNumbers(open).forEach(finding -> take(open, findings, finding));
    Marks.split(open.values()).ifPresent(finding -> take(open, findings, finding));
    Marks.halfSplits(open.values()).forEach(finding -> take(open, findings, finding));
    Marks.language(open.values()).ifPresent(finding -> take(open, findings, finding));
    Optional<Dates> dates = Dates.among(open.values());
    dates.ifPresent(found -> take(open, findings, found.finding()));
    if (dates.isEmpty()) {
      Dates.unread(open.values()).ifPresent(finding -> take(open, findings, finding));
    }
    Marks.id(open.values()).ifPresent(finding -> take(open, findings, finding));
    Texts texts = Texts.among(open.values());
    Finding text = texts.text().orElseThrow(() -> noText(where, open.values()));
    take(open, findings, text);
    texts.title().ifPresent(finding -> take(open, findings, finding));
    Marks.source(open.values()).ifPresent(finding -> take(open, findings, finding));
    Marks.entities(open.values()).forEach(finding -> take(open, findings, finding));
    Heads heads = Heads.among(List.copyOf(open.values()), table);
    findings.addAll(heads.findings());
    findings.sort(Comparator.comparing(Finding::role));
    return new InferredColumns(List.copyOf(findings), heads.heads(), dates);
  }

  private static void take(
      Map<String, ColumnProfile> open, List<Finding> findings, Finding finding) {
    open.remove(finding.column());
    findings.add(finding);
  }

  private static List<Finding> rowNumbers(Map<String, ColumnProfile> columns) {
    return columns.values().stream()
        .filter(column -> column.name().isRowNumber() && column.kind() == Kind.NUMBER)
        .filter(column -> column.name().isUnnamed() ? column.isCounter() : column.isUnique())
        .map(
            column ->
                Finding.of(
                    Role.LEFT_OUT, column, "numbers of rows, which another file would have again"))
        .toList();
  }

  private static Failure.BadInput noText(String where, Iterable<ColumnProfile> columns) {
    List<String> kinds = new ArrayList<>();
    columns.forEach(
        column -> kinds.add("'%s' holds %s".formatted(column.column(), column.kind().words())));
    return new Failure.BadInput(
        "'%s' has no column that could hold texts: %s; give a file with texts, or write the"
            + " configuration by hand (attune init --defaults explains every key)",
        where, Yaml.cut(String.join(", ", kinds)));
  }

  /** Returns the only column of a role; empty if none has it. */
  Optional<String> column(Role role) {
    return findings.stream().filter(f -> f.role() == role).map(Finding::column).findFirst();
  }

  List<String> columns(Role role) {
    return findings.stream().filter(f -> f.role() == role).map(Finding::column).toList();
  }

  /** Returns the names of the columns that are left out, as messages list them, by the reason. */
  Map<String, String> leftOut() {
    Map<String, List<String>> reasons =
        findings.stream()
            .filter(finding -> finding.role() == Role.LEFT_OUT)
            .collect(
                Collectors.groupingBy(
                    Finding::why,
                    LinkedHashMap::new,
                    Collectors.mapping(
                        finding -> Yaml.cut(finding.column()), Collectors.toList())));
    Map<String, String> leftOut = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    reasons.forEach(
        (why, columns) -> {
          if (leftOut.size() < REASONS) {
            leftOut.put(why, Figures.firstQuoted(columns));
          } else {
            others.addAll(columns);
          }
        });
    if (!others.isEmpty()) {
      leftOut.put("for other reasons", Figures.firstQuoted(others));
    }
    return leftOut;
  }

  /** Returns what to check, one question a line. */
  List<String> doubts() {
    return findings.stream().map(Finding::doubt).filter(doubt -> !doubt.isEmpty()).toList();
  }

  /** Returns the questions about the column of a role, for the comment beside its key. */
  String doubt(Role role, String column) {
    return findings.stream()
        .filter(finding -> finding.role() == role && finding.column().equals(column))
        .map(Finding::doubt)
        .collect(Collectors.joining("; "));
  }

  /** Returns whether documents are rather reviews than news, by the names of columns. */
  boolean areReviews() {
    return findings.stream()
        .filter(finding -> finding.role() != Role.LEFT_OUT)
        .map(finding -> ColumnName.of(finding.column()))
        .anyMatch(name -> name.isGrade() || String.join("", name.words()).contains("review"));
  }
}
