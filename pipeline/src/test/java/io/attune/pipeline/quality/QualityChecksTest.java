package io.attune.pipeline.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.report.NightQuality.Finding;
import io.attune.schemas.report.NightQuality.Level;
import io.attune.schemas.report.NightQuality.Measures;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QualityChecksTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 5); // a Monday

  @Test
  void firstNightsOnlySayThatTheyAreTooFew() {
    List<Finding> findings = QualityChecks.of(night(3, 10, 0.0), nights(3));

    assertThat(findings).isNotEmpty().allMatch(finding -> finding.level() == Level.PASS);
    assertThat(findings).allMatch(finding -> finding.usual().equals("too few nights to say"));
  }

  @Test
  void ordinaryNightPasses() {
    assertThat(levels(QualityChecks.of(night(28, 1040, 0.5), nights(28)))).containsOnly(Level.PASS);
  }

  @Test
  void weekendIsComparedWithWeekends() {
    Measures saturday = night(33, 110, 0.5);

    assertThat(of("documents, compared with the same weekday", saturday).level())
        .isEqualTo(Level.PASS);
    Measures monday = night(28, 110, 0.5);
    assertThat(of("documents, compared with the same weekday", monday).level())
        .isEqualTo(Level.WARN);
  }

  @Test
  void deliveryThatIsMissingFailsAndOneThatIsSmallWarns() {
    assertThat(of("documents, compared with the same weekday", night(28, 3, 0.5)).level())
        .isEqualTo(Level.FAIL);
    assertThat(of("documents, compared with the same weekday", night(28, 300, 0.5)).level())
        .isEqualTo(Level.WARN);
  }

  @Test
  void datesThatAreGoneFail() {
    Measures usual = night(28, 1000, 0.5);
    Measures undated =
        new Measures(
            usual.run(),
            usual.date(),
            usual.documents(),
            usual.kept(),
            usual.rejected(),
            usual.copies(),
            usual.medianCharacters(),
            0.1,
            usual.labelled(),
            usual.broken(),
            usual.labels(),
            usual.languages());

    Finding found = of("documents with a date", undated);

    assertThat(found.level()).isEqualTo(Level.FAIL);
    assertThat(found.found()).isEqualTo("10.0 %");
    assertThat(found.usual()).isEqualTo("96.0 % to 100.0 %");
  }

  @Test
  void labelsThatTurnedRoundFailAndALittleMoreOfOnePasses() {
    assertThat(of("labels of sentiment", night(28, 1000, 0.99)).level()).isEqualTo(Level.FAIL);
    assertThat(of("labels of sentiment", night(28, 1000, 0.53)).level()).isEqualTo(Level.PASS);
  }

  @Property(tries = 50)
  void nightsOfOneKindRarelyWarn(@ForAll @IntRange(max = 1_000_000) int seed) {
    Random random = new Random(seed);
    List<Measures> history = new ArrayList<>();
    for (int day = 0; day < 40; day++) {
      history.add(night(day, 800 + random.nextInt(400), 0.45 + 0.1 * random.nextDouble()));
    }

    assertThat(levels(QualityChecks.of(night(41, 1000, 0.5), history))).doesNotContain(Level.FAIL);
  }

  private static Finding of(String check, Measures tonight) {
    return QualityChecks.of(tonight, nights(28)).stream()
        .filter(finding -> finding.check().equals(check))
        .findFirst()
        .orElseThrow();
  }

  private static List<Level> levels(List<Finding> findings) {
    return findings.stream().map(Finding::level).toList();
  }

  /** Returns nights with some 1,000 documents on weekdays and 100 on weekends. */
  private static List<Measures> nights(int count) {
    List<Measures> nights = new ArrayList<>();
    for (int day = 0; day < count; day++) {
      boolean weekend = FIRST.plusDays(day).getDayOfWeek().getValue() > 5;
      nights.add(night(day, (weekend ? 100 : 1000) + 7 * (day % 5), 0.48 + 0.01 * (day % 5)));
    }
    return nights;
  }

  private static Measures night(int day, long documents, double negative) {
    String date = FIRST.plusDays(day).toString();
    long bad = Math.round(negative * documents);
    return new Measures(
        date + ".1",
        date,
        documents,
        documents - 2,
        1,
        2,
        120 + day % 3,
        1.0,
        1.0,
        0.0,
        Map.of("sentiment", Map.of("negative", bad, "positive", documents - bad)),
        Map.of("en", documents));
  }
}
