package io.attune.pipeline.input.value;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells the form of a column of dates from its values, by reading them as ingest does.
 *
 * @param form as {@link PublishedAt} names it
 * @param share of the values that it reads
 * @param sure false if the values are dates in the other order as well
 * @param numeric whether the values are plain numbers, which may be something else than dates
 */
public record DateGuess(String form, double share, boolean sure, boolean numeric) {
  private static final double LEAST_SHARE = 0.9;
  private static final String ZONE = "UTC";

  /** Bounds numbers that are probably dates: 1980 to 2100. */
  private static final double MIN_SECONDS = 3.15e8;

  private static final double MAX_SECONDS = 4.1e9;

  /** Returns the form that reads most values; empty if that is less than nine in ten. */
  public static Optional<DateGuess> of(Collection<String> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    boolean numeric =
        values.stream().allMatch(value -> PublishedAt.NUMBER.matcher(value.strip()).matches());
    double auto = share(PublishedAt.AUTO, values);
    if (auto == 1 || (numeric && auto >= LEAST_SHARE)) {
      return Optional.of(new DateGuess(PublishedAt.AUTO, auto, true, numeric));
    }
    if (numeric) {
      return epoch(values);
    }
    double monthFirst = share(PublishedAt.MONTH_FIRST, values);
    double dayFirst = share(PublishedAt.DAY_FIRST, values);
    double best = Math.max(monthFirst, dayFirst);
    if (best < LEAST_SHARE) {
      return Optional.empty();
    }
    if (auto >= best) {
      return Optional.of(new DateGuess(PublishedAt.AUTO, auto, true, false));
    }
    boolean sure = monthFirst != dayFirst;
    boolean isDayFirst = sure ? dayFirst > monthFirst : variesMoreAtFirst(values);
    return Optional.of(
        new DateGuess(
            isDayFirst ? PublishedAt.DAY_FIRST : PublishedAt.MONTH_FIRST, best, sure, false));
  }

  /** Returns the instants of those values that can be read in a form. */
  public static List<Instant> read(String form, Collection<String> values) {
    PublishedAt reader = PublishedAt.of(form, ZONE);
    return values.stream().flatMap(value -> read(reader, value).stream()).toList();
  }

  private static Optional<Instant> read(PublishedAt reader, String value) {
    try {
      return Optional.of(reader.parse(value));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static double share(String form, Collection<String> values) {
    return (double) read(form, values).size() / values.size();
  }

  private static Optional<DateGuess> epoch(Collection<String> values) {
    for (String form : List.of(PublishedAt.EPOCH_SECONDS, PublishedAt.EPOCH_MILLIS)) {
      double unit = form.equals(PublishedAt.EPOCH_SECONDS) ? 1 : 1000;
      long within =
          values.stream()
              .mapToDouble(Double::parseDouble)
              .filter(value -> value >= MIN_SECONDS * unit && value <= MAX_SECONDS * unit)
              .count();
      if (within >= LEAST_SHARE * values.size()) {
        return Optional.of(new DateGuess(form, (double) within / values.size(), true, true));
      }
    }
    return Optional.empty();
  }

  /** Returns whether the first number takes more values than the second, as days do. */
  private static boolean variesMoreAtFirst(Collection<String> values) {
    Set<String> first = new HashSet<>();
    Set<String> second = new HashSet<>();
    for (String value : values) {
      String[] parts = value.strip().split("[/.-]", 3);
      if (parts.length == 3) {
        first.add(parts[0]);
        second.add(parts[1]);
      }
    }
    return first.size() > second.size();
  }
}
