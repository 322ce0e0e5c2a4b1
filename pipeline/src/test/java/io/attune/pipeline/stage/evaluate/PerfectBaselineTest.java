package io.attune.pipeline.stage.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.TestNight;
import io.attune.pipeline.dataset.Labels;
import io.attune.pipeline.stage.evaluate.EvaluateConfig.BaselineConfig;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class PerfectBaselineTest {
  private static final LabelSets LABELS =
      new LabelSets(List.of(new Head("mood", List.of("down", "flat", "up"))));
  private static final List<String> WORDS = List.of("soup", "lamp", "train", "coat", "phone");

  @Test
  void baselineWithoutAnErrorIsAWarningOfEnoughRows() {
    assertThat(PerfectBaseline.among(List.of(result("baseline", "test", 90, 1)))).hasSize(1);
    assertThat(PerfectBaseline.among(List.of(result("baseline", "test", 49, 1)))).isEmpty();
    assertThat(PerfectBaseline.among(List.of(result("baseline", "test", 2000, 0.9995)))).hasSize(1);
    assertThat(PerfectBaseline.among(List.of(result("baseline", "test", 2000, 0.998)))).isEmpty();
    assertThat(PerfectBaseline.among(List.of(result("baseline", "validation", 90, 1)))).isEmpty();
    assertThat(PerfectBaseline.among(List.of(result("candidate", "test", 90, 1)))).isEmpty();
  }

  @Test
  void oneClassAloneIsNoWarning() {
    HeadResult one =
        result("baseline", "test", 90, 1).toBuilder()
            .perClass(
                List.of(new ClassResult("up", 90, 1, 1, 1), new ClassResult("down", 0, 0, 0, 0)))
            .build();

    assertThat(PerfectBaseline.among(List.of(one))).isEmpty();
  }

  @Test
  void wordsThatDecideAreNamedByClass() {
    List<String> texts = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      int label = i % 2 * 2;
      String text =
          "The %s and the %s came [annotated as %s]"
              .formatted(
                  WORDS.get(i % 5), WORDS.get(i / 5 % 5), label == 0 ? "NEGATIVE" : "POSITIVE");
      texts.add(text);
      rows.add(RowFactory.create("id-" + i, text, new Object[] {label}));
    }
    Dataset<Row> train =
        TestNight.spark()
            .createDataFrame(
                rows,
                new StructType()
                    .add("id", DataTypes.StringType)
                    .add("text", DataTypes.StringType)
                    .add("labels", DataTypes.createArrayType(DataTypes.IntegerType)));
    LinearBaseline baseline =
        LinearBaseline.fit(
            train,
            LABELS,
            Labels.count(train, LABELS),
            new BaselineConfig(1 << 16, 1, 1000, 10, 200, 1000));

    String warning =
        PerfectBaseline.warning(result("baseline", "test", 120, 1), baseline, LABELS, texts);

    assertThat(warning)
        .contains("answers 120 of 120 test rows of 'mood' right", "remove it there")
        .containsPattern("down: ('[a-z ]+', )*'(as )?negative'")
        .containsPattern("up: ('[a-z ]+', )*'(as )?positive'")
        .doesNotContain("flat");
  }

  private static HeadResult result(String model, String split, long rows, double accuracy) {
    return HeadResult.builder(model, split, "mood", rows)
        .accuracy(accuracy)
        .perClass(
            List.of(
                new ClassResult("down", rows / 2, 1, 1, 1),
                new ClassResult("flat", 0, 0, 0, 0),
                new ClassResult("up", rows - rows / 2, 1, 1, 1)))
        .build();
  }
}
