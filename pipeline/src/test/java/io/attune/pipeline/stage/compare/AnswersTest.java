package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.TestNight;
import io.attune.pipeline.metric.McNemar;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.stage.compare.Answers.Head;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static final Head MOOD = new Head("mood", List.of("down", "up"));

  @Test
  void countsRowsOfOneClusterTogether() {
    PairedOutcomes outcomes =
        answers(
                row("a", "up", "up", "down"),
                row("a", "up", "up", "down"),
                row("a", "up", "up", "down"),
                row("b", "down", "down", "up"),
                row("c", "down", "down", "down"),
                row("d", "down", null, "down"))
            .of(MOOD, "candidate", "current");

    assertThat(outcomes.rows()).isEqualTo(5);
    assertThat(outcomes.clusters()).isEqualTo(3);
    // One cluster of three and one of one: (9 + 1) / 4 discordant rows.
    assertThat(outcomes.mcNemar()).isEqualTo(new McNemar(4, 0, 5, 2.5));
  }

  @Test
  void takesRowsOfEarlierVersionsAsOnesWithoutCopies() {
    Answers answers =
        new Answers(
            TestNight.spark()
                .createDataFrame(
                    List.of(
                        RowFactory.create("mood", "up", "up", "down"),
                        RowFactory.create("mood", "up", "up", "down")),
                    schema(List.of("head", "label", "candidate", "current"))));

    assertThat(answers.of(MOOD, "candidate", "current").mcNemar()).isEqualTo(new McNemar(2, 0, 2));
    assertThat(answers.of(MOOD, "candidate", "baseline").rows()).isZero();
  }

  private static Row row(String cluster, String label, String candidate, String current) {
    return RowFactory.create("mood", cluster, label, candidate, current);
  }

  private static Answers answers(Row... rows) {
    return new Answers(
        TestNight.spark()
            .createDataFrame(
                List.of(rows),
                schema(List.of("head", "cluster", "label", "candidate", "current"))));
  }

  private static StructType schema(List<String> columns) {
    StructType schema = new StructType();
    for (String column : columns) {
      schema = schema.add(column, DataTypes.StringType);
    }
    return schema;
  }
}
