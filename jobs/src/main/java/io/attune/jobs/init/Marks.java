package io.attune.jobs.init;

import io.attune.jobs.init.ColumnProfile.Kind;
import io.attune.jobs.init.Finding.Role;
import io.attune.pipeline.input.value.LabelText;
import io.attune.pipeline.input.value.SplitWords;
import io.attune.schemas.table.Split;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the columns that say something about a document beside its text and its labels. */
final class Marks {
  private static final Pattern LANGUAGE_CODE =
      Pattern.compile("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*");
  private static final int MAX_SOURCES = 1000;
  private static final double NEARLY = 0.98;

  private Marks() {}

  /** Finds the column that names the split of each document. */
  static Optional<Finding> split(Collection<ColumnProfile> columns) {
    return columns.stream()
        .filter(column -> !column.values().isEmpty())
        .filter(column -> column.counts().keySet().stream().allMatch(Marks::isSplit))
        .filter(column -> column.counts().size() > 1 || column.name().isSplit())
        .findFirst()
        .map(Marks::splitFinding);
  }

  private static Finding splitFinding(ColumnProfile column) {
    Finding found =
        Finding.of(Role.SPLIT, column, "says " + Classes.of(column.counts()).described());
    boolean tests =
        column.counts().keySet().stream()
            .anyMatch(value -> SplitWords.of(value).equals(Optional.of(Split.TEST)));
    return tests
        ? found
        : found.withDoubt(
            "'%s' names no document for testing, so that no model could be evaluated; without"
                    .formatted(column.column())
                + " columns.split the key split.test takes some");
  }

  /** Finds the columns that name splits beside other things, which ingest would reject. */
  static List<Finding> halfSplits(Collection<ColumnProfile> columns) {
    return columns.stream()
        .filter(column -> column.counts().size() <= 10)
        .filter(column -> column.counts().keySet().stream().filter(Marks::isNamedSplit).count() > 1)
        .map(
            column ->
                Finding.of(Role.LEFT_OUT, column, "says " + Classes.of(column.counts()).described())
                    .withDoubt(
                        "'%s' looks like the split, but not all of its values are one: %s would be"
                                .formatted(
                                    column.column(),
                                    column.counts().keySet().stream()
                                        .filter(value -> !isSplit(value))
                                        .toList())
                            + " rejected with columns.split"))
        .toList();
  }

  private static boolean isNamedSplit(String value) {
    return SplitWords.of(value).isPresent();
  }

  private static boolean isSplit(String value) {
    return SplitWords.of(value).isPresent() || LabelText.NULL_WORDS.contains(value.strip());
  }

  /** Finds the column that holds the language of each document, by BCP 47. */
  static Optional<Finding> language(Collection<ColumnProfile> columns) {
    return columns.stream()
        .filter(column -> column.name().isLanguage() && !column.values().isEmpty())
        .filter(
            column ->
                column.values().stream()
                    .allMatch(
                        value ->
                            LANGUAGE_CODE.matcher(value.strip()).matches()
                                || LabelText.NULL_WORDS.contains(value.strip())))
        .findFirst()
        .map(column -> Finding.of(Role.LANGUAGE, column, "its name, and codes of languages"));
  }

  /** Finds the column with the id of each document. */
  static Optional<Finding> id(Collection<ColumnProfile> columns) {
    return columns.stream()
        .filter(column -> column.name().idWeight() > 0)
        .filter(column -> column.kind() != Kind.PROSE && column.kind() != Kind.URL)
        .filter(column -> column.filled() == 1 && column.distinctShare() >= NEARLY)
        .max(Comparator.comparingInt(column -> column.name().idWeight()))
        .map(Marks::idFinding);
  }

  private static Finding idFinding(ColumnProfile column) {
    Finding found = Finding.of(Role.ID, column, "its name, and a value of its own in each record");
    long repeated = column.counts().values().stream().filter(count -> count > 1).count();
    if (repeated > 0) {
      found =
          found.withDoubt(
              "%,d values of '%s' occur more than once, and one document of each is kept"
                  .formatted(repeated, column.column()));
    }
    return found;
  }

  /** Finds the column that names the publisher. */
  static Optional<Finding> source(Collection<ColumnProfile> columns) {
    return columns.stream()
        .filter(column -> column.name().isSource())
        .filter(column -> column.kind() == Kind.WORDS || column.kind() == Kind.PROSE)
        .filter(column -> column.meanWeight() <= 5 && column.counts().size() <= MAX_SOURCES)
        .filter(column -> column.values().stream().noneMatch(value -> value.contains("<")))
        .findFirst()
        .map(
            column ->
                Finding.of(
                    Role.SOURCE,
                    column,
                    "its name, and %,d different values".formatted(column.counts().size())));
  }

  /** Finds the columns that name who a text is about. */
  static List<Finding> entities(Collection<ColumnProfile> columns) {
    return columns.stream()
        .filter(column -> column.name().isEntity())
        .filter(
            column ->
                List.of(Kind.WORDS, Kind.NUMBER, Kind.CODE, Kind.LIST, Kind.PROSE)
                    .contains(column.kind()))
        .filter(column -> column.meanWeight() <= 6)
        .map(column -> Finding.of(Role.ENTITY, column, "its name; kept with the document"))
        .toList();
  }
}
