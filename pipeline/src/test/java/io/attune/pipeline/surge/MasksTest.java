package io.attune.pipeline.surge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class MasksTest {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 2);

  @Test
  void readsLinesAndPassesOverHeaderAndRemarks() {
    Masks masks =
        Masks.parse(
            "masks.csv",
            List.of(
                "\uFEFFseries, from, to, reason",
                "# checked by the desk",
                "",
                "topic:rates,2026-03-02,2026-03-04,results, as announced",
                "\"entity:A, Inc\" , 2026-03-02 , 2026-03-02, \"a \"\"burst\"\"\"",
                "*,2026-05-01,2026-05-01"));

    assertThat(masks.masks())
        .containsExactly(
            new Mask("topic:rates", DAY, DAY.plusDays(2), "results, as announced"),
            new Mask("entity:A, Inc", DAY, DAY, "a \"burst\""),
            new Mask("*", LocalDate.of(2026, 5, 1), LocalDate.of(2026, 5, 1), ""));
  }

  @Test
  void saysWhichLineIsWrong() {
    assertThatThrownBy(() -> Masks.parse("masks.csv", List.of("series,from,to", "a,b,c,d")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "masks.csv, line 2 is not of the form 'series, from, to, reason' with days as in"
                + " 2026-11-30: a,b,c,d; correct the line, or put # before it");
    assertThatThrownBy(() -> Masks.parse("masks.csv", List.of("a,2026-13-01,2026-13-02,x")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("masks.csv, line 1: ");
    assertThatThrownBy(() -> Masks.parse("masks.csv", List.of("a,2026-03-02,2026-03-01,x")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "masks.csv, line 1: the mask of 'a' ends on 2026-03-01, before its start 2026-03-02;"
                + " correct the line, or put # before it");
  }

  @Test
  void maskedDaysAreMissingFromTheirSeriesAlone() {
    Masks masks = new Masks(List.of(new Mask("a", DAY.minusDays(5), DAY.plusDays(1), "")));

    assertThat(DailySeries.of("a", DAY, 1, 2, 3).without(masks))
        .isEqualTo(DailySeries.of("a", DAY, -1, -1, 3));
    assertThat(DailySeries.of("b", DAY, 1, 2, 3).without(masks))
        .isEqualTo(DailySeries.of("b", DAY, 1, 2, 3));
  }

  @Test
  void gapsAreLongRunsOfSilenceBetweenDocuments() {
    DailySeries total = DailySeries.of("all", DAY, 0, 0, 0, 5, 0, 0, 5, 0, 0, 0, 0, 7, 0, 0, 0);

    assertThat(Masks.ofGaps(total, 3).masks())
        .containsExactly(new Mask("*", DAY.plusDays(7), DAY.plusDays(10), "no documents at all"));
  }
}
