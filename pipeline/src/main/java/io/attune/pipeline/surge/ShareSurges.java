package io.attune.pipeline.surge;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.surge.ShareBaseline.Days;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges the share of a series in another (negative among all documents) by a cumulative sum of
 * log-likelihood ratios of beta-binomial counts (Page 1954; Höhle and Paul 2008), whose limit has a
 * stated mean run length.
 *
 * <p>What is usual is learnt anew at the start of each month, from the days before a guard band;
 * the sum starts at 0 two months before the month of the judged day, and again after each alarm. So
 * a day's judgement depends on that day and those before it alone. Among many series an alarm is
 * judged by a sum that no earlier alarm sets back: a slow rise is significant after its second or
 * third alarm.
 *
 * @param masks days that are neither judged nor learnt from; the sum passes over them
 */
public record ShareSurges(ShareOptions options, Masks masks) implements Serializable {
  private static final int MONTHS = 2;

  /** Returns a judge of series without masks. */
  public static ShareSurges by(ShareOptions options) {
    return new ShareSurges(options, Masks.NONE);
  }

  /**
   * Judges one day.
   *
   * @param part counts of the series; no more than {@code whole} on any day
   * @param whole counts of the documents that it is a part of
   */
  public Judgement judge(DailySeries part, DailySeries whole, LocalDate day) {
    return new Sum(part, whole).from(start(day)).judge(day);
  }

  /**
   * Judges a range of days with one sum, which starts as that of the first day does and runs
   * through.
   *
   * @param days first and last day, both included
   */
  public List<Judgement> judge(DailySeries part, DailySeries whole, List<LocalDate> days) {
    require(days.size() == 2, "a first and a last day are needed, got %d days", days.size());
    Sum sum = new Sum(part, whole).from(start(days.get(0)));
    List<Judgement> judgements = new ArrayList<>();
    for (LocalDate day = days.get(0); !day.isAfter(days.get(1)); day = day.plusDays(1)) {
      judgements.add(sum.judge(day));
    }
    return judgements;
  }

  private static LocalDate start(LocalDate day) {
    return day.withDayOfMonth(1).minusMonths(MONTHS);
  }

  /** Runs through the days of one series. */
  private final class Sum {
    private final DailySeries part;
    private final DailySeries whole;
    private final DailySeries known;
    private LocalDate next = LocalDate.MIN;
    private Optional<ShareBaseline> baseline = Optional.empty();
    private double height; // as a multiple of the limit
    private double unbroken; // the same, had no alarm set it back

    Sum(DailySeries part, DailySeries whole) {
      this.part = part;
      this.whole = whole;
      this.known = part.without(masks);
    }

    Sum from(LocalDate first) {
      next = first;
      baseline = learn(first);
      return this;
    }

    /** Returns the judgement of a day, after those between the last one and it. */
    Judgement judge(LocalDate day) {
      while (next.isBefore(day)) {
        step(next);
      }
      return step(day);
    }

    private Optional<ShareBaseline> learn(LocalDate month) {
      LocalDate to = month.minusDays(options.guardDays());
      long[] counts = new long[options.historyDays()];
      long[] documents = new long[options.historyDays()];
      for (int back = 0; back < counts.length; back++) {
        LocalDate day = to.minusDays(back + 1L);
        counts[back] = known.count(day);
        documents[back] = whole.count(day);
      }
      return ShareBaseline.of(new Days(counts, documents), options);
    }

    private Judgement step(LocalDate day) {
      next = day.plusDays(1);
      if (day.getDayOfMonth() == 1) {
        baseline = learn(day);
      }
      String name = part.name();
      long seen = part.count(day);
      long documents = whole.count(day);
      Optional<Mask> mask = masks.covering(name, day);
      if (mask.isPresent()) {
        return Judgement.none(name, day, seen, Outcome.MASKED, mask.get().reason());
      }
      if (seen < 0 || documents <= 0) {
        return Judgement.none(name, day, seen, Outcome.MISSING, "there are no documents");
      }
      require(
          seen <= documents,
          "series '%s' counts %d on %s, more than the %d documents it is a part of",
          name,
          seen,
          day,
          documents);
      if (baseline.isEmpty()) {
        return Judgement.none(
            name,
            day,
            seen,
            Outcome.TOO_SHORT,
            "fewer than %d days with documents before its month".formatted(options.leastDays()));
      }
      return compare(day, seen, documents);
    }

    private Judgement compare(LocalDate day, long seen, long documents) {
      ShareBaseline usual = baseline.orElseThrow();
      double[] terms = usual.terms(Math.toIntExact(documents));
      double before = height;
      height = Math.max(0, before + terms[(int) seen]);
      unbroken = Math.max(0, unbroken + terms[(int) seen]);
      double reached = height;
      Outcome outcome = Outcome.QUIET;
      if (reached >= 1) {
        outcome = seen < options.minimumCount() ? Outcome.TOO_FEW : Outcome.SURGE;
        height = outcome == Outcome.SURGE ? 0 : 1;
      }
      int limit = 0;
      while (limit < documents && before + terms[limit + 1] < 1) {
        limit++;
      }
      double share = usual.usual().share();
      return new Judgement(
          part.name(),
          day,
          seen,
          documents * share,
          limit,
          p(reached),
          1 + (documents - 1) * usual.usual().correlation(),
          Method.SHARE,
          outcome,
          "",
          p(outcome == Outcome.SURGE ? unbroken : reached));
    }

    /** Returns the reciprocal of the run length, which grows exponentially, from a day at 0. */
    private double p(double reached) {
      return Math.pow(options.runLength(), -reached);
    }
  }
}
