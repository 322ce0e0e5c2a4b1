package io.attune.pipeline.stage.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionViewTest {
  @Test
  void rareClassesGoTogetherAndNoRowIsLost() {
    ConfusionView view = ConfusionView.of(result(), 3);

    assertThat(view.labels()).containsExactly("a", "d", "all others");
    assertThat(view.lines())
        .extracting(line -> line.cells().stream().map(ConfusionView.Cell::rows).toList())
        .containsExactly(List.of("40", "1", "5"), List.of("·", "30", "·"), List.of("3", "·", "17"));
  }

  @Test
  void singleErrorAmongManyIsStillShaded() {
    ConfusionView view = ConfusionView.of(result(), 4);

    ConfusionView.Cell error = view.lines().get(0).cells().get(3);
    assertThat(error.rows()).isEqualTo("1");
    assertThat(error.css()).isEqualTo("q1");
    assertThat(error.tip()).isEqualTo("actual a, predicted d: 1 of 46 (2.2%)");
  }

  @Test
  void matrixThatDoesNotFitTheClassesIsLeftOut() {
    HeadResult broken =
        HeadResult.builder("candidate", "test", "h", 1)
            .perClass(List.of(new ClassResult("a", 1, 1, 1, 1)))
            .confusion(List.of(List.of(1L, 2L)))
            .build();

    assertThat(ConfusionView.of(broken, 5).isEmpty()).isTrue();
  }

  private static HeadResult result() {
    return HeadResult.builder("candidate", "test", "h", 96)
        .perClass(
            List.of(
                new ClassResult("a", 46, 1, 1, 1),
                new ClassResult("b", 12, 1, 1, 1),
                new ClassResult("c", 8, 1, 1, 1),
                new ClassResult("d", 30, 1, 1, 1)))
        .confusion(
            List.of(
                List.of(40L, 3L, 2L, 1L),
                List.of(2L, 10L, 0L, 0L),
                List.of(1L, 0L, 7L, 0L),
                List.of(0L, 0L, 0L, 30L)))
        .build();
  }
}
