package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.alert.Outbox;
import io.attune.pipeline.scoring.PublishedModels;
import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.AlertReplay;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.SurgeAlert;
import io.attune.schemas.table.Alerts;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Trends;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four nights: the second brings a surge, the third late documents, the fourth an annotation. */
class MonitorTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 2);
  private static final LocalDate SECOND = FIRST.plusDays(1);
  private static final LocalDate THIRD = FIRST.plusDays(2);
  private static final LocalDate FOURTH = FIRST.plusDays(3);
  private static final int[] USUAL = {3, 4, 5, 4, 3};

  @TempDir private static Path root;

  private static StageResult quiet;
  private static StageResult surge;
  private static StageResult late;
  private static StageResult withdrawn;
  private static StageContext night;

  @BeforeAll
  static void runTheNights() throws IOException {
    MoodNights first = new MoodNights(root, FIRST);
    PublishedModels.promote(first.context(), MoodNights.MODEL);
    for (int back = 44; back >= 1; back--) {
      first.day(FIRST.minusDays(back), 12, USUAL[back % USUAL.length]);
    }
    first.write();
    quiet = Monitor.run(first.context(), MoodNights.CONFIG);

    MoodNights second = new MoodNights(root, SECOND).day(FIRST, 12, 4);
    for (int i = 0; i < 30; i++) {
      second.add(
          FIRST,
          true,
          Map.of(
              "topic",
              "finance",
              Documents.SOURCE,
              "Tape",
              "ticker",
              i % 2 == 0 ? "NVL" : "NVL ORC",
              Documents.TITLE,
              i == 3 ? "*Fraud* at <b>NVL</b>\u001b[31m [x](http://evil.example)" : "bank bad " + i,
              "cluster",
              i < 3 ? "one story" : "story " + i));
    }
    second.add(FIRST, false, Map.of("ticker", "RARE"));
    second.add(null, false, Map.of());
    second.add(LocalDate.of(2027, 3, 1), true, Map.of());
    second.write();
    surge = Monitor.run(second.context(), MoodNights.CONFIG);
    night = second.context();

    MoodNights third = new MoodNights(root, THIRD).day(SECOND, 12, 4);
    for (int i = 0; i < 25; i++) {
      third.add(FIRST.minusDays(1), true, Map.of("topic", "phones", "ticker", "PLX"));
    }
    third.add(FIRST.minusDays(40), true, Map.of("topic", "finance"));
    third.write();
    late = Monitor.run(third.context(), MoodNights.CONFIG);

    Path annotations = root.resolve("annotations.csv");
    Files.writeString(
        annotations, "series, from, to, reason\n*, %s, %s, a test feed\n".formatted(FIRST, FIRST));
    MoodNights fourth = new MoodNights(root, FOURTH).day(THIRD, 12, 4).write();
    withdrawn = Monitor.run(fourth.context(), MoodNights.config(annotations.toString()));
  }

  @Test
  void usualDaysRaiseNoAlert() {
    assertThat(quiet.counts()).containsEntry("alerts", 0L).containsEntry("documents", 44L * 12);
    assertThat(alerts(FIRST).alerts()).isEmpty();
    assertThat(mood(FIRST).today()).isEqualTo("2026-01-01");
    assertThat(text(FIRST)).startsWith("Attune, task test, night of 2026-01-02: no new alert\n");
  }

  @Test
  void surgeIsOneAlertWithItsFiguresItsHeadlinesAndWhatItExplains() {
    assertThat(surge.counts()).containsEntry("alerts", 1L);
    SurgeAlert alert = alerts(SECOND).alerts().get(0);
    assertThat(alert.subject())
        .isEqualTo(new SurgeAlert.Subject("entity:NVL", "entity", "NVL", "count"));
    assertThat(alert.change()).isEqualTo(SurgeAlert.RAISED);
    assertThat(alert.span())
        .isEqualTo(new SurgeAlert.Span("2026-01-02", "2026-01-02", "2026-01-02"));
    assertThat((double) alert.peak().seen()).isGreaterThan(alert.peak().limit());
    assertThat(alert.peak().p()).isLessThan(0.01);
    assertThat(alert.peak().method()).contains("less than 8 weeks of history");
    assertThat(alert.model()).isEqualTo(MoodNights.MODEL);
    assertThat(alert.headlines()).hasSize(3);
    assertThat(alert.headlines()).extracting(SurgeAlert.Headline::copies).contains(3L);
    assertThat(alert.headlines().get(0).probability()).isCloseTo(0.9, within(1e-6));
    assertThat(alert.words()).isNotEmpty();
    assertThat(alert.course().negative()).hasSizeLessThanOrEqualTo(30);
  }

  @Test
  void copiesOfOneTextCountOnce() {
    Row market =
        night
            .tables()
            .read(Trends.SCHEMA)
            .where(
                col(Trends.KIND)
                    .equalTo("market")
                    .and(col(Trends.DAY).equalTo(java.sql.Date.valueOf(FIRST)))
                    .and(col(Trends.RUN).equalTo("2026-01-03.1")))
            .collectAsList()
            .get(0);

    assertThat(market.<Long>getAs(Trends.DOCUMENTS)).isEqualTo(12 + 28 + 1);
    assertThat(market.<Long>getAs(Trends.NEGATIVE)).isEqualTo(4 + 28);
    assertThat(market.<Double>getAs(Trends.SHARE)).isEqualTo(32.0 / 41);
    assertThat(market.<String>getAs(Trends.MODEL)).isEqualTo(MoodNights.MODEL);
  }

  @Test
  void aNightWritesTheDaysWhoseFiguresChanged() {
    List<Row> days =
        night
            .tables()
            .readRun(Trends.SCHEMA, "2026-01-04.1")
            .where(col(Trends.KIND).equalTo("market"))
            .orderBy(Trends.DAY)
            .collectAsList();

    assertThat(days)
        .extracting(row -> row.getAs(Trends.DAY).toString())
        .containsExactly(
            FIRST.minusDays(40).toString(), FIRST.minusDays(1).toString(), SECOND.toString());
  }

  @Test
  void documentsWithoutADayOfTheFutureAndLateOnesAreCounted() {
    assertThat(mood(SECOND).arrivals()).isEqualTo(new Mood.Arrivals(45, 0, 1, 1, 0, 0));
    assertThat(surge.summary()).contains("1 undated", "1 future-dated");
    assertThat(mood(THIRD).arrivals()).isEqualTo(new Mood.Arrivals(38, 0, 0, 0, 26, 1));
    assertThat(late.summary()).contains("26 late");
  }

  @Test
  void rareSeriesAreCountedAndSaid() {
    assertThat(mood(SECOND).leftOut()).containsExactly(new Mood.LeftOut("entity", 1, 1));
  }

  @Test
  void anAlertIsToldOfOnceAndWithdrawnWhenItIsNoneAnyMore() {
    SurgeAlert raised = alerts(SECOND).alerts().get(0);
    SurgeAlert later = sameAs(raised, THIRD);
    SurgeAlert gone = sameAs(raised, FOURTH);

    assertThat(later.isNews()).isFalse();
    assertThat(gone.change()).isEqualTo(SurgeAlert.WITHDRAWN);
    assertThat(withdrawn.counts()).containsEntry("alerts", 1L);
    assertThat(Outbox.of(night.storage(), "test").entries())
        .extracting(entry -> entry.run() + " " + entry.alert().change())
        .containsExactly("2026-01-04.1 raised", "2026-01-05.1 withdrawn");
    assertThat(text(FOURTH)).contains("WITHDRAWN: negative news about NVL since 2026-01-02");
  }

  @Test
  void lateDocumentsRaiseAnAlertOnTheirDay() {
    SurgeAlert alert = alerts(THIRD).alerts().get(0);

    assertThat(late.counts()).containsEntry("alerts", 1L);
    assertThat(alert.change()).isEqualTo(SurgeAlert.RAISED);
    assertThat(alert.subject().series()).isEqualTo("topic:phones");
    assertThat(alert.span())
        .isEqualTo(new SurgeAlert.Span("2026-01-01", "2026-01-01", "2026-01-01"));
  }

  @Test
  void replayOfThePastFindsWhatItsNightsFound() {
    long snapshot = night.tables().snapshot(Alerts.SCHEMA);

    AlertReplay replay = Monitor.replay(night, MoodNights.CONFIG, List.of("corpus"), 10);

    SurgeAlert before = alerts(SECOND).alerts().get(0);
    SurgeAlert again =
        replay.strongest().stream()
            .filter(alert -> alert.id().equals(before.id()))
            .findFirst()
            .orElseThrow();
    assertThat(again.peak().seen()).isEqualTo(before.peak().seen());
    assertThat(again.peak().expected()).isEqualTo(before.peak().expected());
    assertThat(again.peak().limit()).isEqualTo(before.peak().limit());
    assertThat(again.headlines()).isNotEmpty();
    assertThat(replay.first()).isEqualTo("2025-11-19");
    assertThat(replay.strongest())
        .extracting(SurgeAlert::id)
        .contains(alerts(THIRD).alerts().get(0).id());
    assertThat(night.tables().snapshot(Alerts.SCHEMA)).isEqualTo(snapshot);
  }

  @Test
  void replayOfACorpusWithoutDatedDocumentsIsRefused() {
    assertThatThrownBy(() -> Monitor.replay(night, MoodNights.CONFIG, List.of("elsewhere"), 10))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("elsewhere");
  }

  @Test
  void tableHoldsTheAlertsOfEachRun() {
    List<Row> rows = night.tables().readRun(Alerts.SCHEMA, "2026-01-03.1").collectAsList();

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).<String>getAs(Alerts.ID)).isEqualTo(alerts(SECOND).alerts().get(0).id());
    assertThat(rows.get(0).<String>getAs(Alerts.CHANGE)).isEqualTo(SurgeAlert.RAISED);
    assertThat(rows.get(0).getList(rows.get(0).fieldIndex(Alerts.DAYS))).hasSize(1);
  }

  @Test
  void hostileHeadlineIsHarmlessInTheText() {
    assertThat(text(SECOND).chars()).noneMatch(c -> c < ' ' && c != '\n');
    assertThat(text(SECOND)).doesNotContain("<b>", "[x](", "http://evil", "*Fraud*");
  }

  @Test
  void secondRunIsRefusedAndChangesNothing() {
    long snapshot = night.tables().snapshot(Alerts.SCHEMA);

    assertThatThrownBy(() -> Monitor.run(night, MoodNights.CONFIG))
        .isInstanceOf(Failure.AlreadyPublished.class);
    assertThat(night.tables().snapshot(Alerts.SCHEMA)).isEqualTo(snapshot);
  }

  @Test
  void withoutAModelTheNightSaysSoAndGoesOn(@TempDir Path other) {
    MoodNights alone = new MoodNights(other, FIRST);

    StageResult result = Monitor.run(alone.context(), MoodNights.CONFIG);

    assertThat(result.summary())
        .isEqualTo("nothing to follow: No model is in use yet, so no document was read.");
    assertThat(
            alone
                .context()
                .artefacts()
                .open(alone.context().run().mood())
                .json(AlertFile.FILE_NAME, AlertFile.class)
                .note())
        .startsWith("No model is in use yet");
  }

  private static Artefact published(LocalDate date) {
    return night.artefacts().open("runs/test/" + date + ".1/mood");
  }

  private static AlertFile alerts(LocalDate date) {
    return published(date).json(AlertFile.FILE_NAME, AlertFile.class);
  }

  private static SurgeAlert sameAs(SurgeAlert alert, LocalDate date) {
    return alerts(date).alerts().stream()
        .filter(other -> other.id().equals(alert.id()))
        .findFirst()
        .orElseThrow();
  }

  private static Mood mood(LocalDate date) {
    return published(date).json(Mood.FILE_NAME, Mood.class);
  }

  private static String text(LocalDate date) {
    return new String(published(date).bytes(AlertFile.TEXT), StandardCharsets.UTF_8);
  }
}
