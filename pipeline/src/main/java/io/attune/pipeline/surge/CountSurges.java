package io.attune.pipeline.surge;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.surge.CountOptions.Alarm;
import io.attune.pipeline.surge.CountOptions.Season;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges counts by a model of the Farrington-Flexible family (Noufaily et al. 2013), for daily
 * data: a quasi-Poisson regression on trend, level of the year, weekday, holidays and the level of
 * the last weeks, past surges down-weighted, the last days left out, and a negative-binomial limit.
 *
 * <p>With less than two full cycles of history no season is claimed: trend, weekday and holidays
 * over half a year ({@link Method#RECENT}); with less than 8 weeks, weekdays over 28 days with a
 * guard band of 2 days ({@link Method#SHORT}); with less than 14 known days, nothing.
 *
 * @param masks days that are neither judged nor learnt from
 */
public record CountSurges(CountOptions options, Holidays holidays, Masks masks)
    implements Serializable {
  private static final int WEEKDAYS = 7;
  private static final int SHORT_DAYS = 28;
  private static final int SHORT_GUARD = 2;
  private static final int RECENT_FROM_DAYS = 56;
  private static final int RECENT_DAYS = 182;
  private static final int LEAST_DAYS = 14;

  /** Known days of an earlier year in the window without which that year is not counted. */
  private static final int LEAST_OF_WINDOW = 7;

  /** Returns a judge of series without holidays and masks. */
  public static CountSurges by(CountOptions options) {
    return new CountSurges(options, Holidays.NONE, Masks.NONE);
  }

  /** Judges one day of a series from the days before it; days after it do not matter. */
  public Judgement judge(DailySeries series, LocalDate day) {
    return judge(series, day, day).get(0);
  }

  /**
   * Judges a range of days, each from the days before it.
   *
   * @param to the last day, included
   */
  public List<Judgement> judge(DailySeries series, LocalDate from, LocalDate to) {
    require(!to.isBefore(from), "no days from %s to %s", from, to);
    DailySeries known = series.without(masks);
    int first = firstKnown(known);
    List<Judgement> judgements = new ArrayList<>();
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      judgements.add(judge(series, known, first, day));
    }
    return judgements;
  }

  private static int firstKnown(DailySeries series) {
    int first = 0;
    while (first < series.days() && series.count(first) < 0) {
      first++;
    }
    return first;
  }

  private Judgement judge(DailySeries series, DailySeries known, int first, LocalDate day) {
    Optional<Mask> mask = masks.covering(series.name(), day);
    long seen = series.count(day);
    if (mask.isPresent()) {
      return Judgement.none(series.name(), day, seen, Outcome.MASKED, mask.get().reason());
    }
    if (seen < 0) {
      return Judgement.none(series.name(), day, 0, Outcome.MISSING, "nothing is known of the day");
    }
    int now = known.index(day);
    return forecast(known, first, now)
        .map(model -> compare(known, day, model))
        .orElseGet(
            () ->
                Judgement.none(
                    series.name(),
                    day,
                    seen,
                    Outcome.TOO_SHORT,
                    "fewer than %d days before it are known".formatted(LEAST_DAYS)));
  }

  private record Model(Method method, Forecast forecast) {}

  private Optional<Model> forecast(DailySeries series, int first, int now) {
    int history = now - first;
    if (history < RECENT_FROM_DAYS) {
      return shortHistory(series, first, now);
    }
    Optional<Model> model = Optional.empty();
    int[] references = references(series, first, now);
    if (references.length > 2) {
      model = regression(Method.SEASONAL, seasonal(series, references), references.length > 3);
    }
    if (model.isEmpty()) {
      model = regression(Method.RECENT, recent(series, first, now), true);
    }
    return model.or(() -> shortHistory(series, first, now));
  }

  /** Returns the day, and the same date of earlier years whose windows are known. */
  private int[] references(DailySeries series, int first, int now) {
    Season season = options.season();
    LocalDate day = series.first().plusDays(now);
    List<Integer> references = new ArrayList<>(List.of(now));
    int known = 0;
    int oldestKnown = 0;
    for (int year = 1; year <= season.years(); year++) {
      int reference = series.index(day.minusYears(year));
      if (reference - season.halfWindow() < first) {
        break;
      }
      references.add(reference);
      if (knownDays(series, reference, season.halfWindow())
          >= Math.min(LEAST_OF_WINDOW, 2 * season.halfWindow() + 1)) {
        known++;
        oldestKnown = year;
      }
    }
    // Two cycles: the same date of two earlier years; years of silence before them do not count.
    return known < 2
        ? new int[] {now}
        : references.subList(0, oldestKnown + 1).stream().mapToInt(Integer::intValue).toArray();
  }

  private static int knownDays(DailySeries series, int centre, int reach) {
    int known = 0;
    for (int day = centre - reach; day <= centre + reach; day++) {
      known += series.count(day) >= 0 ? 1 : 0;
    }
    return known;
  }

  private Rows seasonal(DailySeries series, int[] references) {
    Season season = options.season();
    int now = references[0];
    int recent = recentFrom(now);
    int[] levels = YearLevels.of(references, season.halfWindow(), season.levels());
    Rows rows = new Rows(WEEKDAYS, Holidays.LEVELS, 2, season.levels());
    int oldest = references[references.length - 1] - season.halfWindow();
    for (int day = oldest; day < now - options.learning().guardDays(); day++) {
      if (levels[day] >= 0 && series.count(day) >= 0) {
        LocalDate date = series.first().plusDays(day);
        rows.add(
            day,
            (double) series.count(day),
            weekday(date),
            holidays.level(date),
            day >= recent ? 1 : 0,
            levels[day]);
      }
    }
    LocalDate date = series.first().plusDays(now);
    rows.forecastAt(
        now,
        weekday(date),
        holidays.level(date),
        options.learning().recentDays() > 0 ? 1 : 0,
        season.levels() - 1);
    return rows;
  }

  private int recentFrom(int now) {
    int days = options.learning().recentDays();
    return days == 0 ? now : now - options.learning().guardDays() - days;
  }

  private Rows recent(DailySeries series, int first, int now) {
    int to = now - options.learning().guardDays();
    return weekdays(series, Math.max(first, to - RECENT_DAYS), to, now);
  }

  private Optional<Model> shortHistory(DailySeries series, int first, int now) {
    int to = now - SHORT_GUARD;
    Rows rows = weekdays(series, Math.max(first, to - SHORT_DAYS), to, now);
    return regression(Method.SHORT, rows, false);
  }

  private Rows weekdays(DailySeries series, int from, int to, int now) {
    Rows rows = new Rows(WEEKDAYS, Holidays.LEVELS);
    for (int day = from; day < to; day++) {
      if (series.count(day) >= 0) {
        LocalDate date = series.first().plusDays(day);
        rows.add(day, (double) series.count(day), weekday(date), holidays.level(date));
      }
    }
    LocalDate date = series.first().plusDays(now);
    rows.forecastAt(now, weekday(date), holidays.level(date));
    return rows;
  }

  private static int weekday(LocalDate day) {
    return day.getDayOfWeek().getValue() - 1;
  }

  private Optional<Model> regression(Method method, Rows rows, boolean mayTrend) {
    if (rows.rows() < LEAST_DAYS) {
      return Optional.empty();
    }
    if (rows.total() == 0) {
      // Half a count over all days: a series that was never seen has no logarithm.
      double mean = 0.5 / rows.rows();
      return Optional.of(new Model(method, new Forecast(Math.log(mean), 0, 1, Double.NaN)));
    }
    return new Regression(options.learning(), Errors.PEARSON, mayTrend)
        .forecast(rows)
        .map(forecast -> new Model(method, forecast));
  }

  private Judgement compare(DailySeries series, LocalDate day, Model model) {
    Alarm alarm = options.alarm();
    int now = series.index(day);
    long seen = series.count(now);
    NegativeBinomial expected = model.forecast().distribution(alarm.limit(), alarm.level());
    long limit = expected.exceededBy(alarm.level());
    long counted = 0;
    for (int back = 0; back < alarm.minimumDays(); back++) {
      counted += Math.max(0, series.count(now - back));
    }
    Outcome outcome = Outcome.QUIET;
    if (counted < alarm.minimumCount()) {
      outcome = Outcome.TOO_FEW;
    } else if (seen > limit) {
      outcome = Outcome.SURGE;
    }
    return new Judgement(
        series.name(),
        day,
        seen,
        model.forecast().mean(),
        limit,
        expected.atLeast((double) seen),
        expected.dispersion(),
        model.method(),
        outcome,
        "");
  }
}
