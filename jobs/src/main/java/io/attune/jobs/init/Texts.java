package io.attune.jobs.init;

import io.attune.jobs.init.ColumnProfile.Kind;
import io.attune.jobs.init.Finding.Role;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Chooses the column that holds the text, and the one with its title.
 *
 * @param text absent where no column can hold texts
 */
record Texts(Optional<Finding> text, Optional<Finding> title) {
  /** Lists the kinds of values that are never texts. */
  private static final Set<Kind> NO_TEXTS =
      EnumSet.of(
          Kind.EMPTY,
          Kind.OBJECT,
          Kind.LIST,
          Kind.URL,
          Kind.DATE,
          Kind.NUMBER,
          Kind.BOOLEAN,
          Kind.CODE,
          Kind.KEYWORDS);

  private static final double LEAST_PROSE = 0.3;
  private static final double NEAR = 1.0;
  private static final double LEAST_FILLED = 0.1;

  /** Is the fraction of values that occur once, below which they are rather labels. */
  private static final double LEAST_DISTINCT = 0.2;

  static Texts among(Collection<ColumnProfile> columns) {
    Map<ColumnProfile, Double> scores =
        columns.stream()
            .filter(column -> !NO_TEXTS.contains(column.kind()))
            .collect(Collectors.toMap(Function.identity(), Texts::score));
    List<ColumnProfile> best =
        columns.stream()
            .filter(scores::containsKey)
            // Of columns that are nearly alike the first counts.
            .sorted(Comparator.comparing((ColumnProfile c) -> -Math.round(scores.get(c) * 4)))
            .toList();
    if (best.isEmpty()) {
      return new Texts(Optional.empty(), Optional.empty());
    }
    ColumnProfile text = best.get(0);
    Optional<ColumnProfile> title =
        best.stream()
            .skip(1)
            .filter(column -> isTitleOf(column, text))
            .min(Comparator.comparing(column -> !column.name().isTitle()));
    Finding found = Finding.of(Role.TEXT, text, why(text));
    if (!isConvincing(text)) {
      found =
          found.withDoubt(
              "no column looks much like texts; '%s' does most".formatted(text.column()));
    }
    if (text.filled() < 0.9) {
      found =
          found.withDoubt(
              "%.0f %% of the records have no text in '%s', and those without a title would be rejected"
                  .formatted(100 * (1 - text.filled()), text.column()));
    }
    Optional<ColumnProfile> next =
        best.stream()
            .skip(1)
            .filter(column -> !title.equals(Optional.of(column)) && isConvincing(column))
            .filter(
                column ->
                    scores.get(column) > scores.get(text) - NEAR
                        || column.name().isPairedWith(text.name()))
            .findFirst();
    if (next.isPresent()) {
      found =
          found.withDoubt(
              "is the text in '%s', or in '%s'? A document has one text and one title"
                  .formatted(text.column(), next.get().column()));
    }
    return new Texts(Optional.of(found), title.map(column -> titleFinding(column, text)));
  }

  private static boolean isConvincing(ColumnProfile column) {
    boolean named = column.name().textWeight() >= 4;
    return column.distinctShare() >= LEAST_DISTINCT
        && (named || column.proseShare() >= LEAST_PROSE);
  }

  private static double score(ColumnProfile column) {
    double length = Math.min(3, Math.log(1 + column.meanWeight()) / Math.log(2) / 2);
    double rather = column.distinctShare() < LEAST_DISTINCT ? -5 : 0;
    return column.name().textWeight()
        + 3 * column.proseShare()
        + 3 * column.distinctShare()
        + 2 * column.letterShare()
        + 3 * column.filled()
        + length
        + rather;
  }

  private static String why(ColumnProfile column) {
    return "%sabout %.0f words a text, %.0f %% of them different"
        .formatted(
            column.name().textWeight() >= 2 ? "its name; " : "",
            column.meanWeight(),
            100 * column.distinctShare());
  }

  private static boolean isTitleOf(ColumnProfile column, ColumnProfile text) {
    boolean named =
        column.name().isTitle() || (column.name().isSummary() && !text.name().isSummary());
    boolean guessed = column.name().isUnnamed() && column.kind() == Kind.PROSE;
    return (named || guessed)
        && column.distinctShare() >= LEAST_DISTINCT
        && column.filled() >= LEAST_FILLED
        && column.meanWeight() >= 1
        && column.meanWeight() < text.meanWeight() + 0.5;
  }

  private static Finding titleFinding(ColumnProfile title, ColumnProfile text) {
    Finding found =
        Finding.of(
            Role.TITLE,
            title,
            (title.name().isUnnamed() ? "shorter texts" : "its name")
                + "; read before the text, unless the text begins with it");
    boolean guessed = title.name().isUnnamed() || title.name().isSummary();
    if (guessed) {
      found =
          found.withDoubt("is '%s' the title of '%s'?".formatted(title.column(), text.column()));
    }
    return found;
  }
}
