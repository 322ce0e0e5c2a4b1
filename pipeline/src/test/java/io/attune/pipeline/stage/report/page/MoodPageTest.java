package io.attune.pipeline.stage.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.stage.report.sample.SampleMood;
import io.attune.pipeline.stage.report.sample.SampleNight;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.SurgeAlert;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MoodPageTest {
  private static final String PAGE =
      text(Pages.mood(SampleMood.mood(), SampleMood.alerts(), Optional.of(SampleMood.advice())));

  @Test
  void newAlertsComeFirstWithTheirFiguresHeadlinesAndWords() {
    assertThat(PAGE)
        .containsSubsequence(
            "2 new alerts: negative news about NVL and 1 more",
            "id=\"alert-a1\"",
            "Negative news about NVL",
            "severe",
            "highest count that is no surge",
            "fined, probe",
            "title=\"30.0% of the attention\">fines</mark>",
            "97.0% negative",
            "4 copies",
            "id=\"alert-a3\"",
            "Share of negative news about ORC",
            "id=\"alert-a4\"",
            "is no surge any more",
            "id=\"topics\"",
            "id=\"headlines\"");
  }

  @Test
  void adviceOnTheModelIsShownWithTheTextsToLabel() {
    assertThat(PAGE)
        .containsSubsequence(
            "href=\"#advice\"",
            "Train again.",
            "Answers of 'mood' to 1,204 documents are unlike.",
            "label-requests.csv\">label-requests.csv</a> has all 1 with",
            "mood: negative 41.0% or neutral 39.0%");
  }

  @Test
  void hostileTextIsTextEverywhere() {
    assertThat(PAGE).contains("&lt;script&gt;alert(1)").doesNotContain("<script");
    assertThat(PAGE).doesNotContain("\u202e");
    assertThat(PAGE.chars()).noneMatch(c -> c < ' ' && c != '\n' && c != '\t');
  }

  @Test
  void idsAreUniqueAndTheSameMoodGivesTheSameBytes() {
    List<String> ids = new ArrayList<>();
    var matcher = Pattern.compile(" id=\"([^\"]+)\"").matcher(PAGE);
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }

    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(20);
    assertThat(
            text(
                Pages.mood(
                    SampleMood.mood(), SampleMood.alerts(), Optional.of(SampleMood.advice()))))
        .isEqualTo(PAGE);
  }

  @Test
  void whatTheFiguresLeaveOutIsSaid() {
    assertThat(PAGE)
        .contains(
            "12 documents tonight have no date", "1 document tonight is dated after the night")
        .contains("84 documents tonight are of days", "9,412 series of kind entity are too rare")
        .contains("No news: the change of model explains these", "1.62 times as many negative");
  }

  @Test
  void aNightWithoutAModelSaysSo() {
    String page =
        text(
            Pages.mood(
                SampleMood.empty(), SampleMood.none("No model is in use yet."), Optional.empty()));

    assertThat(page).contains("No mood to follow yet", "No model is in use yet, so no document");
  }

  @Test
  void aQuietNightSaysSo() {
    assertThat(text(Pages.mood(SampleMood.mood(), SampleMood.none(null), Optional.empty())))
        .contains("No surge of negative news", "No series is above its limit");
  }

  @Test
  void thePageOverAllNightsOpensWithTheMood() {
    NightLine line = NightLine.of(new SampleNight(1).report());
    MoodLine mood = new MoodLine(SampleMood.mood(), SampleMood.alerts());

    assertThat(text(Pages.overview(List.of(line), List.of(mood), 1, List.of())))
        .containsSubsequence(
            "2 new alerts",
            "href=\"news/2026-01-06.1/mood.html#alert-a1\"",
            "href=\"news/2026-01-06.1/mood.html\"",
            "id=\"runs\"")
        .doesNotContain("<script");
  }

  @Test
  void bothPagesRaiseTheAlarmForTheSameAlerts() {
    NightLine line = NightLine.of(new SampleNight(1).report());
    for (String change : List.of(SurgeAlert.RAISED, SurgeAlert.WORSENED, SurgeAlert.GOES_ON)) {
      AlertFile alerts = SampleMood.only(change);
      MoodLine mood = new MoodLine(SampleMood.mood(), alerts);

      assertThat(alerts.alerts()).isNotEmpty();
      assertThat(
              text(Pages.overview(List.of(line), List.of(mood), 1, List.of()))
                  .contains("word alarm"))
          .isEqualTo(
              text(Pages.mood(SampleMood.mood(), alerts, Optional.empty())).contains("word alarm"))
          .isEqualTo(!change.equals(SurgeAlert.GOES_ON));
    }
  }

  private static String text(byte[] page) {
    return new String(page, StandardCharsets.UTF_8);
  }
}
