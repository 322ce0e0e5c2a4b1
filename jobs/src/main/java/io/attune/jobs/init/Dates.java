package io.attune.jobs.init;

import io.attune.jobs.init.ColumnProfile.Kind;
import io.attune.jobs.init.Finding.Role;
import io.attune.pipeline.input.value.DateGuess;
import io.attune.pipeline.input.value.PublishedAt;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses the column that says when a document was published.
 *
 * @param form of its dates
 * @param spread whether they are of days enough to split by
 */
record Dates(Finding finding, String form, boolean spread) {
  /** Lists the words for zones that are the same in several, with the zones that they may be. */
  private static final Map<String, String> ZONES =
      Map.of(
          "CST", "America/Chicago or Asia/Shanghai",
          "CDT", "America/Chicago or America/Havana",
          "IST", "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem",
          "BST", "Europe/London or Asia/Dhaka",
          "AST", "America/Halifax or Asia/Riyadh",
          "GST", "Asia/Dubai",
          "SST", "Pacific/Pago_Pago or Asia/Singapore");

  private static final Pattern ZONE = Pattern.compile("(?i)\\d\\s*([A-Z]{3})\\b(?!\\s*[+-]\\d)");

  private static final int LEAST_DAYS = 10;
  private static final double MOST_OF_A_DAY = 0.5;

  /** Returns the best of the columns; empty if none holds dates. */
  static Optional<Dates> among(Collection<ColumnProfile> columns) {
    List<ColumnProfile> candidates =
        columns.stream()
            .filter(column -> column.kind() == Kind.DATE)
            .sorted(Comparator.comparingDouble(Dates::weight).reversed())
            .toList();
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    ColumnProfile best = candidates.get(0);
    DateGuess guess = best.date().orElseThrow();
    List<Instant> read = DateGuess.read(guess.form(), best.values());
    String form = guess.form().equals(PublishedAt.AUTO) ? "" : ", read as " + guess.form();
    Finding finding =
        Finding.of(
            Role.PUBLISHED_AT,
            best,
            "dates%s, from %s to %s"
                .formatted(
                    form,
                    day(read.stream().min(Instant::compareTo)),
                    day(read.stream().max(Instant::compareTo))));
    if (!guess.sure()) {
      finding =
          finding.withDoubt(
              "are the dates of '%s' %s? No number above 12 tells it; the other order is %s"
                  .formatted(
                      best.column(),
                      guess.form(),
                      guess.form().equals(PublishedAt.DAY_FIRST)
                          ? PublishedAt.MONTH_FIRST
                          : PublishedAt.DAY_FIRST));
    }
    if (guess.share() < 1) {
      finding =
          finding.withDoubt(
              "%.1f %% of the dates of '%s' cannot be read, and their documents would be rejected"
                  .formatted(100 * (1 - guess.share()), best.column()));
    }
    Optional<String> zone = ambiguousZone(best.values());
    if (zone.isPresent()) {
      finding =
          finding.withDoubt(
              "which zone is %s in the dates of '%s'? Several have this name; columns.zone, such as %s,"
                      .formatted(zone.get(), best.column(), ZONES.get(zone.get()))
                  + " says which");
    }
    List<String> others = new ArrayList<>();
    candidates.stream().skip(1).forEach(column -> others.add("'" + column.column() + "'"));
    if (!others.isEmpty() && weight(candidates.get(1)) > weight(best) - 1) {
      finding =
          finding.withDoubt(
              "is '%s' when a document was published, or %s?"
                  .formatted(best.column(), String.join(", ", others)));
    }
    return Optional.of(new Dates(finding, guess.form(), isSpread(read)));
  }

  /** Returns a question about a column that is named as dates are and holds none that are known. */
  static Optional<Finding> unread(Collection<ColumnProfile> columns) {
    return columns.stream()
        .filter(column -> column.name().isDate() && column.name().dateWeight() > 0)
        .filter(column -> !column.values().isEmpty() && column.counts().size() > 1)
        .max(Comparator.comparingDouble(Dates::weight))
        .map(
            column ->
                Finding.of(Role.LEFT_OUT, column, "its name is that of dates, its values are not")
                    .withDoubt(
                        "is '%s' when a document was published? Its values, such as '%s', are in no form"
                                .formatted(column.column(), Yaml.cut(column.values().get(0)))
                            + " that is known; columns.date-form takes a pattern, such as"
                            + " dd.MM.yy"));
  }

  /** Returns the first word for a zone behind a time that means different ones. */
  private static Optional<String> ambiguousZone(Collection<String> values) {
    return values.stream()
        .map(ZONE::matcher)
        .filter(Matcher::find)
        .map(zone -> zone.group(1).toUpperCase(Locale.ROOT))
        .filter(ZONES::containsKey)
        .findFirst();
  }

  private static String day(Optional<Instant> instant) {
    return instant.map(at -> at.toString().substring(0, 10)).orElse("none");
  }

  private static double weight(ColumnProfile column) {
    double alone = column.name().words().size() == 1 ? 0.5 : 0;
    return column.name().dateWeight() + alone + 2 * column.filled();
  }

  private static boolean isSpread(List<Instant> dates) {
    Map<Instant, Integer> days = new HashMap<>();
    dates.forEach(date -> days.merge(date.truncatedTo(ChronoUnit.DAYS), 1, Integer::sum));
    int most = days.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return days.size() >= LEAST_DAYS && most <= MOST_OF_A_DAY * dates.size();
  }
}
