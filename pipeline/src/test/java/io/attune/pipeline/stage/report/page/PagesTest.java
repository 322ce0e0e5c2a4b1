package io.attune.pipeline.stage.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.attune.pipeline.stage.report.sample.SampleNight;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.TrainingRecord.NetworkRecord;
import io.attune.schemas.report.TrainingRecord.WeightAveragingRecord;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.BaselineRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final PageLimits LIMITS = new PageLimits(24, 40, 60, 24, 60);
  private static final int MAX_BYTES = 2_000_000;

  @Test
  void hostileTextIsTextEverywhere() {
    String page = page(new SampleNight(1).report());

    assertThat(page).contains("&lt;script&gt;alert(1)").doesNotContain("<script");
  }

  @Test
  void characterThatHtmlForbidsIsMadeVisible() {
    String page = page(new SampleNight(1).report());

    assertThat(page).contains("Profit \u2400warning\u241B[31m");
    assertThat(page.chars()).noneMatch(c -> c < ' ' && c != '\n' && c != '\t');
    assertThat(page).doesNotContain("\u202e");
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(page)).isTrue();
  }

  @Test
  void visibleTextIsLeftAlone() {
    assertThat(Pages.visible("净利润 🙂 ½\n\tx")).isEqualTo("净利润 🙂 ½\n\tx");
    assertThat(Pages.visible("a\ud83d b\ude42")).isEqualTo("a\ufffd b\ufffd");
  }

  @Test
  void pageStaysWithinItsBoundHoweverMuchThereIs() {
    PageLimits generous = new PageLimits(500, 500, 500, 500, 500);

    byte[] page = Pages.night(new SampleNight(40).report(), generous, 200_000);

    assertThat(page.length).isLessThanOrEqualTo(200_000);
    assertThat(new String(page, StandardCharsets.UTF_8)).contains("all are in tables/rejects.csv");
  }

  @Test
  void nightWithNothingInItHasAPage() {
    assertThat(page(SampleNight.smallest()))
        .contains("No verdict tonight", "No model was trained", "No document was ingested tonight");
  }

  @Test
  void sameNightGivesTheSameBytes() {
    assertThat(page(new SampleNight(2).report())).isEqualTo(page(new SampleNight(2).report()));
  }

  @Test
  void idsWithinAPageAreUnique() {
    String page = page(new SampleNight(1).report());
    List<String> ids = new ArrayList<>();
    var matcher = java.util.regex.Pattern.compile(" id=\"([^\"]+)\"").matcher(page);
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }

    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(20);
  }

  @Test
  void headlineSaysWhatBecameOfTheModel() {
    NightReport night = new SampleNight(1).report();

    assertThat(headline(VerdictView.of(night, LIMITS)))
        .isEqualTo("Promoted: 2026-01-06.1 replaces 2026-01-05.1");
    assertThat(headline(verdict(night, VerdictRecord.PROMOTE, null)))
        .isEqualTo("Promoted: 2026-01-06.1 is the first model");
    assertThat(headline(verdict(night, VerdictRecord.KEEP, "2026-01-05.1")))
        .isEqualTo("Kept: 2026-01-05.1 stays; 2026-01-06.1 does not replace it");
    assertThat(headline(verdict(night, VerdictRecord.CANNOT_TELL, "2026-01-05.1")))
        .isEqualTo("Cannot tell: 2026-01-05.1 stays; 2026-01-06.1 does not replace it");
    assertThat(headline(verdict(SampleNight.smallest(), VerdictRecord.PROMOTE, "2026-01-05.1")))
        .isEqualTo("Fit to promote: 2026-01-06.1 may replace 2026-01-05.1");
  }

  @Test
  void saysWhatIsInUseAndShowsTheBestLinearModel() {
    NightReport night = new SampleNight(1).report();
    VerdictRecord verdict =
        new VerdictRecord(
            VerdictRecord.PROMOTE_LINEAR_PART,
            "2026-01-06.1",
            "2026-01-05.1",
            List.of("Because."),
            List.of(),
            "2026-01-06.1-linear goes into use: on 'topic' it beats the TF-IDF regression (0.8000).",
            "2026-01-06.1-linear",
            List.of(
                new BaselineRecord(
                    "topic",
                    "2026-01-06.1",
                    "linear-part",
                    6004,
                    0.71,
                    0.8,
                    -0.09,
                    new Interval(-0.11, -0.07),
                    0.025,
                    0.0005,
                    "below")),
            null);

    VerdictView view = VerdictView.of(night.toBuilder().verdict(verdict).build(), LIMITS);

    assertThat(headline(view))
        .isEqualTo(
            "Promoted: 2026-01-06.1-linear replaces 2026-01-05.1 by the linear part of tonight's"
                + " model alone");
    assertThat(page(night.toBuilder().verdict(verdict).build()))
        .contains("2026-01-06.1-linear goes into use: on", "linear part alone</bdi>")
        .contains("Compared with the best linear model");
  }

  @Test
  void everyModelOfEveryHeadIsInTheNumbers() {
    NightPage page = NightPage.of(new SampleNight(1).report(), LIMITS);

    assertThat(page.heads()).hasSize(2);
    assertThat(page.heads().get(0).models())
        .extracting(HeadView.ModelRow::model)
        .containsExactly(
            Evaluation.CANDIDATE, Evaluation.CURRENT, Evaluation.BASELINE, Evaluation.MAJORITY);
  }

  @Test
  void accuracyOnRowsWithoutCopiesStandsBesideTheWholeWhereThereAreCopies() {
    NightReport night = new SampleNight(1).report();
    List<Evaluation.HeadResult> copied =
        night.evaluation().stream()
            .map(
                result ->
                    result.toBuilder()
                        .uncopied(new Evaluation.Uncopied(result.rows() - 117, 0.8642))
                        .build())
            .toList();

    assertThat(page(night)).doesNotContain("Accuracy without copies");
    assertThat(page(night.toBuilder().evaluation(copied).build()))
        .contains("Accuracy without copies", "86.4%", "117 of the rows have a copy");
  }

  @Test
  void partsOfTheCandidateAreInATableOfTheirOwn() {
    NightReport night = new SampleNight(1).report();

    assertThat(NightPage.of(night, LIMITS).heads().get(0).parts())
        .extracting(HeadView.PartRow::part, HeadView.PartRow::accuracy)
        .containsExactly(
            tuple("both together: the candidate", "87.4%"),
            tuple("network alone", "85.9%"),
            tuple("linear part alone", "86.8%"));
    assertThat(page(night)).contains("Parts of the model", "has no attention");
    List<Evaluation.HeadResult> whole =
        night.evaluation().stream().filter(r -> !r.model().startsWith("candidate-")).toList();
    assertThat(page(night.toBuilder().evaluation(whole).build()))
        .doesNotContain("Parts of the model");
  }

  @Test
  void modelWithoutANetworkHasNoEpochsAndTokensPerSecond() {
    NightReport night =
        new SampleNight(1)
            .report().toBuilder()
                .training(
                    TrainingRecord.builder().seconds(9).parameters(1_234).rowsTrained(99).build())
                .build();

    assertThat(page(night)).contains("without network").doesNotContain("okens per second");
  }

  @Test
  void severalNetworksAreShownWithTheirSpread() {
    NightReport night = new SampleNight(1).report();
    TrainingRecord training =
        TrainingRecord.builder()
            .epochs(3)
            .bestEpoch(2)
            .networks(
                List.of(
                    new NetworkRecord(1, 3, 2, 0.4, 0.84),
                    new NetworkRecord(5, 3, 3, 0.4, 0.85),
                    new NetworkRecord(9, 3, 1, 0.4, 0.86)))
            .build();

    assertThat(page(night.toBuilder().training(training).build()))
        .contains("<dt>networks</dt><dd>3<span>validation accuracy 0.850 ± 0.010</span>")
        .contains("kept epoch 2 (of the first network)");
    assertThat(page(night)).doesNotContain("<dt>networks</dt>");
  }

  @Test
  void averagedParametersAreSaidToBeSo() {
    NightReport night = new SampleNight(1).report();
    TrainingRecord.Builder training = TrainingRecord.builder().epochs(5).bestEpoch(4);

    assertThat(page(night.toBuilder().training(training.build()).build()))
        .doesNotContain("the mean of its values");
    training.weightAveraging(new WeightAveragingRecord(3, 0));
    assertThat(page(night.toBuilder().training(training.build()).build()))
        .contains(
            "<span>each the mean of its values at the end of the kept epoch and of up to 2 before"
                + " it</span>");
    training.weightAveraging(new WeightAveragingRecord(1, 0.5));
    assertThat(page(night.toBuilder().training(training.build()).build()))
        .contains("each an exponential moving average over the averaging rounds (0.5 an epoch)");
  }

  private static VerdictView verdict(NightReport night, String decision, String current) {
    VerdictRecord verdict =
        new VerdictRecord(decision, "2026-01-06.1", current, List.of("Because."), List.of());
    return VerdictView.of(night.toBuilder().verdict(verdict).build(), LIMITS);
  }

  private static String headline(VerdictView verdict) {
    VerdictView.Headline line = verdict.headline();
    return (line.lead()
            + ": "
            + String.join(" ", line.first(), line.middle(), line.second(), line.end()))
        .strip();
  }

  private static String page(NightReport night) {
    return new String(Pages.night(night, LIMITS, MAX_BYTES), StandardCharsets.UTF_8);
  }
}
