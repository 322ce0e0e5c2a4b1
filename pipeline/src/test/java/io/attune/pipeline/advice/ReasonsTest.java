package io.attune.pipeline.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.advice.Reasons.Conclusion;
import io.attune.pipeline.advice.Reasons.Found;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.Advice.FreshAccuracy;
import io.attune.schemas.report.Advice.HeadDrift;
import io.attune.schemas.report.Advice.Model;
import io.attune.schemas.report.Advice.Reason;
import io.attune.schemas.report.Advice.Shift;
import io.attune.schemas.report.Advice.Window;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.VerdictRecord.AnchorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReasonsTest {
  private static final Window WINDOW = new Window("2025-12-24", "2026-01-20", 700, 400);
  private static final LaterNights NO_NIGHTS =
      new LaterNights(0, Optional.empty(), Map.of(), List.of());

  @Test
  void aQuietNightOfANewModelAsksForNothing() {
    Conclusion conclusion =
        Reasons.of(found(model(0, 0), List.of(drift(HeadDrift.SAME)), List.of(), NO_NIGHTS));

    assertThat(conclusion.verdict()).isEqualTo(Advice.NONE);
    assertThat(conclusion.reasons()).noneMatch(Reason::counts);
    assertThat(conclusion.reasons().get(0).text())
        .isEqualTo(
            "Answers of 'mood' to 700 documents since 2025-12-24 are like those on the test split.");
  }

  @Test
  void driftWithoutNewLabelsIsToBeLookedAtAndWithThemATraining() {
    List<HeadDrift> drift = List.of(drift(HeadDrift.MUCH_CHANGED));

    Conclusion without = Reasons.of(found(model(99, 0), drift, List.of(), NO_NIGHTS));
    Conclusion with = Reasons.of(found(model(400, 0), drift, List.of(), NO_NIGHTS));

    assertThat(without.verdict()).isEqualTo(Advice.LOOK);
    assertThat(without.reasons().get(0).text())
        .isEqualTo(
            "Answers of 'mood' to 700 documents since 2025-12-24 are very unlike those on the test"
                + " split: 50.0% of them 'negative', 30.0% there (stability index 0.31, by chance"
                + " 0.02); mean probability of the answer 70.0%, 90.0% there (stability index 0.31,"
                + " by chance 0.02).");
    assertThat(with.verdict()).isEqualTo(Advice.TRAIN_AGAIN);
    assertThat(with.reasons())
        .filteredOn(Reason::counts)
        .extracting(Reason::sign)
        .containsExactly("drift", "labels");
  }

  @Test
  void aSmallDriftIsToBeLookedAtEvenWithNewLabels() {
    assertThat(
            Reasons.of(
                    found(model(400, 0), List.of(drift(HeadDrift.CHANGED)), List.of(), NO_NIGHTS))
                .verdict())
        .isEqualTo(Advice.LOOK);
  }

  @Test
  void halfAsManyNewLabelsAsItLearnedFromAreAReasonByThemselves() {
    assertThat(Reasons.of(found(model(2000, 0), List.of(), List.of(), NO_NIGHTS)).verdict())
        .isEqualTo(Advice.TRAIN_AGAIN);
    assertThat(Reasons.of(found(model(1999, 0), List.of(), List.of(), NO_NIGHTS)).verdict())
        .isEqualTo(Advice.NONE);
  }

  @Test
  void aModelThatTheGateKeepsAlthoughItWearsOutSaysWhyTheLastOneWasRefused() {
    LaterNights nights =
        new LaterNights(17, Optional.of("The rows do not tell."), Map.of(), List.of());
    FreshAccuracy fell = new FreshAccuracy("mood", 412, 0.78, new Interval(0.74, 0.82), 0.86, true);

    Conclusion worn = Reasons.of(found(model(900, 17), List.of(), List.of(fell), nights));
    Conclusion fine = Reasons.of(found(model(900, 17), List.of(), List.of(), nights));

    assertThat(worn.verdict()).isEqualTo(Advice.TRAIN_AGAIN);
    assertThat(worn.reasons())
        .filteredOn(Reason::counts)
        .extracting(Reason::text)
        .containsExactly(
            "On 'mood' the model was right on 78.0% of 412 labelled documents that came after it"
                + " (74.0–82.0%); on its test split on 86.0%.",
            "900 labelled documents came after the model was trained; it has learned from 4,000.",
            "In 17 nights since, another model was trained and the gate kept this one; the last:"
                + " The rows do not tell.");
    assertThat(fine.verdict()).isEqualTo(Advice.NONE);
  }

  @Test
  void modelsThatFallAgainstTheAnchorAreToBeLookedAt() {
    List<AnchorRecord> anchors = new ArrayList<>();
    for (int night = 0; night < 12; night++) {
      double difference = -0.01 * night + (night % 2) * 1e-4;
      anchors.add(
          new AnchorRecord(
              "mood", "m" + night, "first", 500, 0.8, 0.8, difference, null, 0.05, 0.03, "within"));
    }
    LaterNights nights = new LaterNights(0, Optional.empty(), Map.of(), anchors);

    Conclusion conclusion = Reasons.of(found(model(0, 0), List.of(), List.of(), nights));

    assertThat(conclusion.verdict()).isEqualTo(Advice.LOOK);
    assertThat(conclusion.reasons().get(0).text())
        .isEqualTo(
            "On 'mood' the models of the last 12 nights get worse, by 0.110 of macro-F1 in all,"
                + " measured against the anchor first.");
  }

  @Test
  void theLineSaysWhatToDoWhyAndWhereTheTextsAreWithoutMarkup() {
    Advice advice =
        new Advice(
            Advice.VERSION,
            "news",
            "r",
            "2026-01-20",
            Advice.LOOK,
            List.of(
                new Reason("drift", true, "Answers of '*mood*' have changed."),
                new Reason("anchor", true, "Models get worse.")),
            null,
            null,
            List.of(),
            List.of(),
            List.of(new Advice.Request("d1", null, null, "text", List.of())));

    assertThat(AdviceLine.of(advice, "hdfs://namenode/advice"))
        .isEqualTo(
            "Advice: look at what has changed. Answers of '＊mood＊' have changed. And 1 reason more."
                + " 1 text to label: hdfs://namenode/advice/label-requests.csv");
  }

  private static Found found(
      Model model, List<HeadDrift> drift, List<FreshAccuracy> fresh, LaterNights nights) {
    return new Found(model, WINDOW, drift, fresh, nights, List.of());
  }

  private static Model model(long waiting, long refused) {
    return new Model("2026-01-02.1", "2026-01-02", 18, 4000, waiting, refused);
  }

  private static HeadDrift drift(String level) {
    Shift shift =
        level.equals(HeadDrift.SAME)
            ? new Shift(0.02, 0.02, 0.5, 0.5)
            : new Shift(0.31, 0.02, 1e-6, 2e-6);
    return new HeadDrift(
        "mood", 700, 500, level, shift, 0.1, "negative", 0.5, 0.3, shift, 0.7, 0.9);
  }
}
