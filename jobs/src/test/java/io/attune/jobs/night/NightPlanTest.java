package io.attune.jobs.night;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.night.NightPlan.PlannedNight;
import io.attune.jobs.night.NightState.DoneStage;
import io.attune.jobs.night.NightState.TakeOver;
import io.attune.pipeline.Stage;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.storage.Run;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NightPlanTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 1, 5);

  @Test
  void nothingNewIsNothingToDo() {
    assertThat(plan(List.of(finished("2026-01-04.1")))).isEmpty();
  }

  @Test
  void missedNightsAreCaughtUpInOrderAndLaterOnesWait() {
    List<PlannedNight> nights =
        plan(
            List.of(finished("2026-01-01.1")),
            file("2026-01-04"),
            file("2026-01-03"),
            file("2026-01-06"));

    assertThat(nights)
        .extracting(night -> night.run().id())
        .containsExactly("2026-01-03.1", "2026-01-04.1");
  }

  @Test
  void nightThatStoppedComesFirstAndKeepsItsFiles() {
    List<PlannedNight> nights =
        plan(List.of(open("2026-01-03.1")), file("2026-01-03"), file("2026-01-04"));

    assertThat(nights)
        .extracting(night -> night.run().id())
        .containsExactly("2026-01-03.1", "2026-01-04.1");
    assertThat(nights.get(0).files()).extracting(InputFile::date).containsExactly("2026-01-03");
  }

  @Test
  void nightThatStoppedAfterItHadReadItsFilesIsFollowedByOneForThoseThatAreNew() {
    NightState read = open("2026-01-05.1").after(ingested());

    List<PlannedNight> nights = plan(List.of(read), file(null), file("2026-01-05"));

    assertThat(nights)
        .extracting(night -> night.run().id())
        .containsExactly("2026-01-05.1", "2026-01-05.2");
    assertThat(nights.get(0).files()).isEmpty();
    assertThat(nights.get(1).files()).hasSize(2);
    assertThat(new NightPlan(nights).ofParts().nights()).containsExactly(nights.get(0));
  }

  @Test
  void allNightsThatStoppedAreResumedInTheirOrder() {
    List<PlannedNight> nights =
        plan(
            List.of(
                finished("2026-01-01.1"),
                open("2026-01-02.1").after(ingested()),
                open("2026-01-03.1").after(ingested()),
                open("2026-01-04.1")),
            file("2026-01-03"),
            file("2026-01-04"));

    assertThat(nights)
        .extracting(night -> night.run().id())
        .containsExactly("2026-01-02.1", "2026-01-03.1", "2026-01-04.1", "2026-01-03.2");
    assertThat(nights).extracting(night -> night.files().size()).containsExactly(0, 0, 1, 1);
  }

  @Test
  void filesWithoutADateBelongToTheNightAskedFor() {
    List<PlannedNight> nights = plan(List.of(), file(null), file(null));

    assertThat(nights).hasSize(1);
    assertThat(nights.get(0).run()).isEqualTo(new Run("news", TODAY, 1));
    assertThat(nights.get(0).files()).hasSize(2);
  }

  @Test
  void filesThatCameTooLateBelongToTheFirstNightThatIsDue() {
    List<PlannedNight> nights =
        plan(List.of(finished("2026-01-03.1")), file("2026-01-02"), file("2026-01-04"));

    assertThat(nights).hasSize(1);
    assertThat(nights.get(0).run().id()).isEqualTo("2026-01-04.1");
    assertThat(nights.get(0).files()).hasSize(2);
  }

  @Test
  void dateWithSomethingNewIsRunAgainUnderTheNextCounter() {
    List<PlannedNight> nights = plan(List.of(finished("2026-01-05.1")), file(null));

    assertThat(nights.get(0).run().id()).isEqualTo("2026-01-05.2");
  }

  @Test
  void changeWithoutNewFilesIsARunThatTakesOverWhatHasNotChanged() {
    List<NightState> known = List.of(finished("2026-01-04.1"));
    TakeOver takeOver = new TakeOver("2026-01-04.1", Stage.TRAIN);

    List<PlannedNight> nights =
        NightPlan.of("news", known, List.of(), TODAY)
            .after(new NightPlan.Change("news", false, takeOver), known, List::of, TODAY)
            .nights();

    assertThat(nights)
        .containsExactly(
            new PlannedNight(
                Run.parse("news", "2026-01-05.1"), List.of(), NightPlan.Kind.DUE, takeOver));
  }

  @Test
  void changeOfWhatIsReadLetsTheFirstNightReadAllButWhatLaterOnesDo() {
    List<NightState> known = List.of(finished("2026-01-02.1"));
    List<InputFile> pending = List.of(file("2026-01-04"), file("2026-01-05"));
    List<InputFile> all =
        List.of(file("2026-01-01"), file("2026-01-04"), file("2026-01-05"), file("2026-01-06"));

    List<PlannedNight> nights =
        NightPlan.of("news", known, pending, TODAY)
            .after(new NightPlan.Change("news", true, null), known, () -> all, TODAY)
            .nights();

    assertThat(nights)
        .extracting(night -> night.run().id())
        .containsExactly("2026-01-04.1", "2026-01-05.1");
    assertThat(nights.get(0).kind()).isEqualTo(NightPlan.Kind.READS_AGAIN);
    assertThat(nights.get(0).files())
        .extracting(InputFile::date)
        .containsExactly("2026-01-01", "2026-01-04");
    assertThat(nights.get(1).files()).extracting(InputFile::date).containsExactly("2026-01-05");
  }

  private static List<PlannedNight> plan(List<NightState> known, InputFile... pending) {
    return NightPlan.of("news", known, List.of(pending), TODAY).nights();
  }

  private static InputFile file(String date) {
    return new InputFile("c", "file:/data/" + date + "/a.csv", date, 10, 1);
  }

  private static NightState open(String run) {
    return NightState.begin(Run.parse("news", run), "hash", "2026-01-01T00:00:00Z");
  }

  private static DoneStage ingested() {
    return new DoneStage(
        Stage.INGEST, "2026-01-05T00:00:00Z", 1, "", "", Map.of(), null, List.of());
  }

  private static NightState finished(String run) {
    return open(run).finished("2026-01-01T01:00:00Z");
  }
}
