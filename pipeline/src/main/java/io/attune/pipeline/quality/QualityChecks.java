package io.attune.pipeline.quality;

import io.attune.pipeline.metric.Divergence;
import io.attune.schemas.report.NightQuality.Finding;
import io.attune.schemas.report.NightQuality.Level;
import io.attune.schemas.report.NightQuality.Measures;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Compares a night with earlier ones, check by check.
 *
 * <p>Numbers are judged by their distance from the median in robust standard deviations, volume and
 * length on a logarithmic scale; mixes by their divergence from all earlier nights together,
 * compared with the largest that any of those nights had from the others. A night fails only where
 * it is also far away in plain terms.
 */
final class QualityChecks {
  /** Says how many earlier nights a comparison needs. */
  static final int LEAST_NIGHTS = 5;

  private static final int LEAST_OF_WEEKDAY = 4;
  private static final int LEAST_DOCUMENTS = 50;
  private static final double WARN = 4;
  private static final double FAIL = 10;

  private final Measures tonight;
  private final List<Measures> history;
  private final List<Finding> findings = new ArrayList<>();

  private QualityChecks(Measures tonight, List<Measures> history) {
    this.tonight = tonight;
    this.history = history;
  }

  /** Returns the findings of all checks. */
  static List<Finding> of(Measures tonight, List<Measures> history) {
    QualityChecks checks = new QualityChecks(tonight, history);
    checks.volume();
    checks.size("characters of a text (median)", Measures::medianCharacters, 1.15, 3, history);
    checks.share("documents with a date", Measures::dated);
    checks.share("documents with a label", Measures::labelled);
    checks.share("documents with unreadable characters", Measures::broken);
    checks.share("records rejected", m -> part(m.rejected(), m.rejected() + m.documents()));
    checks.share("copies", m -> part(m.copies(), m.documents()));
    checks.mix("languages", Measures::languages);
    Set<String> heads = new TreeSet<>(tonight.labels().keySet());
    history.forEach(night -> heads.addAll(night.labels().keySet()));
    heads.forEach(
        head -> checks.mix("labels of " + head, m -> m.labels().getOrDefault(head, Map.of())));
    return List.copyOf(checks.findings);
  }

  /** Compares with the same weekday where there are enough of it: weekends bring less news. */
  private void volume() {
    List<Measures> weekday =
        history.stream().filter(night -> weekday(night) == weekday(tonight)).toList();
    boolean enough = weekday.size() >= LEAST_OF_WEEKDAY;
    size(
        enough ? "documents, compared with the same weekday" : "documents",
        Measures::documents,
        1.25,
        4,
        enough ? weekday : history);
  }

  private static int weekday(Measures night) {
    return LocalDate.parse(night.date()).getDayOfWeek().getValue();
  }

  /**
   * @param least factor that two ordinary nights may differ by
   * @param far factor from which a night may fail
   */
  private void size(
      String check,
      ToDoubleFunction<Measures> of,
      double least,
      double far,
      List<Measures> nights) {
    double found = of.applyAsDouble(tonight);
    if (isTooEarly(check, "%,.0f".formatted(found))) {
      return;
    }
    Usual usual = Usual.of(values(nights, m -> Math.log1p(of.applyAsDouble(m))), Math.log(least));
    double distance = usual.distance(Math.log1p(found));
    boolean isFar = Math.abs(Math.log1p(found) - usual.median()) > Math.log(far);
    add(
        check,
        level(distance, isFar),
        "%,.0f".formatted(found),
        "%,.0f to %,.0f"
            .formatted(
                Math.max(0, Math.expm1(usual.median() - WARN * usual.spread())),
                Math.expm1(usual.median() + WARN * usual.spread())));
  }

  private void share(String check, ToDoubleFunction<Measures> of) {
    double found = of.applyAsDouble(tonight);
    if (isTooEarly(check, percent(found))) {
      return;
    }
    double[] values = values(history, of);
    double middle = Usual.of(values, 0).median();
    double sampling = Math.sqrt(middle * (1 - middle) / Math.max(1, tonight.documents()));
    Usual usual = Usual.of(values, Math.max(0.01, sampling));
    add(
        check,
        level(usual.distance(found), Math.abs(found - usual.median()) > 0.25),
        percent(found),
        "%s to %s"
            .formatted(
                percent(Math.max(0, usual.median() - WARN * usual.spread())),
                percent(Math.min(1, usual.median() + WARN * usual.spread()))));
  }

  private void mix(String check, Function<Measures, Map<String, Long>> of) {
    Map<String, Long> found = of.apply(tonight);
    if (isTooEarly(check, largest(found))) {
      return;
    }
    List<Map<String, Long>> nights = history.stream().map(of).toList();
    Map<String, Long> together = sum(nights);
    if (count(found) < LEAST_DOCUMENTS || count(together) < LEAST_DOCUMENTS) {
      return;
    }
    double most = 0;
    for (Map<String, Long> night : nights) {
      if (count(night) >= LEAST_DOCUMENTS) {
        most = Math.max(most, Divergence.between(night, together));
      }
    }
    double divergence = Divergence.between(found, together);
    boolean fails = divergence > Math.max(0.2, 5 * most);
    boolean warns = divergence > Math.max(0.02, 2 * most);
    add(
        check,
        fails ? Level.FAIL : warns ? Level.WARN : Level.PASS,
        largest(found),
        largest(together));
  }

  private boolean isTooEarly(String check, String found) {
    if (history.size() >= LEAST_NIGHTS) {
      return false;
    }
    add(check, Level.PASS, found, "too few nights to say");
    return true;
  }

  private static Level level(double distance, boolean isFar) {
    return distance > FAIL && isFar ? Level.FAIL : distance > WARN ? Level.WARN : Level.PASS;
  }

  private void add(String check, Level level, String found, String usual) {
    findings.add(new Finding(check, level, found, usual));
  }

  private static double[] values(List<Measures> nights, ToDoubleFunction<Measures> of) {
    return nights.stream().mapToDouble(of).toArray();
  }

  private static double part(long some, long all) {
    return all == 0 ? 0 : (double) some / all;
  }

  private static Map<String, Long> sum(List<Map<String, Long>> mixes) {
    Map<String, Long> sum = new HashMap<>();
    mixes.forEach(mix -> mix.forEach((key, count) -> sum.merge(key, count, Long::sum)));
    return sum;
  }

  private static long count(Map<String, Long> mix) {
    return mix.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the three most frequent, such as {@code negative 52 %, positive 48 %}. */
  private static String largest(Map<String, Long> mix) {
    double all = Math.max(1, count(mix));
    String shown =
        String.join(
            ", ",
            mix.entrySet().stream()
                .sorted(
                    Map.Entry.<String, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(3)
                .map(entry -> entry.getKey() + " " + percent(entry.getValue() / all))
                .toList());
    return shown.isEmpty() ? "none" : shown;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
