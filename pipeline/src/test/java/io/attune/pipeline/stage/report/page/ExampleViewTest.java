package io.attune.pipeline.stage.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.Evaluation.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExampleViewTest {
  @Test
  void shadesSpansAgainstTheStrongestOfTheText() {
    ExampleView view =
        ExampleView.of(
            example(
                "Profit did not rise",
                new AttendedSpan(11, 14, 0.1),
                new AttendedSpan(15, 19, 0.4)));

    assertThat(view.pieces())
        .extracting(piece -> piece.text() + "/" + piece.css())
        .containsExactly("Profit did /", "not/a2", " /", "rise/a6");
    assertThat(view.most()).isEqualTo("“rise” 40.0%, “not” 10.0%");
  }

  @Test
  void spansThatOverlapLieOutsideOrSplitACharacterLoseNoText() {
    String text = "up 🙂 again";
    ExampleView view =
        ExampleView.of(
            example(
                text,
                new AttendedSpan(0, 2, 0.3),
                new AttendedSpan(1, 3, 0.3),
                new AttendedSpan(4, 5, 0.3),
                new AttendedSpan(-2, 1, 0.3),
                new AttendedSpan(6, 99, 0.3)));

    assertThat(joined(view)).isEqualTo(text);
    assertThat(view.pieces()).filteredOn(p -> !p.css().isEmpty()).hasSize(1);
  }

  @Test
  void weightsThatAreNotNumbersShadeNothing() {
    ExampleView view = ExampleView.of(example("up", new AttendedSpan(0, 2, Double.NaN)));

    assertThat(joined(view)).isEqualTo("up");
    assertThat(view.pieces()).allSatisfy(piece -> assertThat(piece.css()).isEmpty());
  }

  @Test
  void tellsChineseFromJapaneseAndLeavesTheRestToThePage() {
    assertThat(ExampleView.of(example("净利润下跌")).language()).isEqualTo("zh-Hans");
    assertThat(ExampleView.of(example("利益が下がる")).language()).isEqualTo("ja");
    assertThat(ExampleView.of(example("Profit fell")).language()).isNull();
  }

  @Test
  void everyKindAndHeadKeepsAsManyExamples() {
    List<Example> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add(new Example("worst-error", "w" + i, "topic", "a", "x", "y", 0.9, List.of()));
    }
    many.add(new Example("typical", "t", "topic", "b", "x", "x", 0.9, List.of()));

    List<ExampleView.Group> groups = ExampleView.grouped(many, 4).rows();

    assertThat(groups)
        .extracting(ExampleView.Group::title)
        .containsExactly("Most confident errors", "Typical");
    assertThat(groups).extracting(group -> group.examples().size()).containsExactly(3, 1);
  }

  private static String joined(ExampleView view) {
    return view.pieces().stream().map(ExampleView.Piece::text).collect(Collectors.joining());
  }

  private static Example example(String text, AttendedSpan... spans) {
    return new Example("typical", "d1", "sentiment", text, "x", "y", 0.9, List.of(spans));
  }
}
