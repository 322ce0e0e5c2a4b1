package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.scoring.PublishedModels;
import io.attune.pipeline.stage.monitor.SeriesCounts.Control;
import io.attune.pipeline.stage.monitor.SeriesCounts.Controls;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Scores;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 2);
  private static final String FIRST = MoodNights.MODEL;
  private static final String SECOND = "2026-01-02.1";
  private static final String THIRD = "2026-01-03.1";

  /** After a rollback the model in use has read the documents before the one that was removed. */
  @Test
  void whereTheModelInUseHasAnsweredItsAnswerCountsThoughAnotherAnsweredLater(@TempDir Path root) {
    MoodNights night =
        new MoodNights(root, DAY).add(DAY, false, Map.of("topic", "finance")).by(SECOND);
    night.score("d" + DAY + "-0", SECOND, true, "phones");
    night.add(DAY, true, Map.of("topic", "phones")).write();

    List<Row> rows = readings(night, FIRST).orderBy(Readings.ID).collectAsList();

    assertThat(rows.get(0).<String>getAs(Readings.MODEL)).isEqualTo(FIRST);
    assertThat(rows.get(0).<Boolean>getAs(Readings.NEGATIVE)).isFalse();
    assertThat(rows.get(0).<String>getAs(Readings.TOPIC)).isEqualTo("finance");
    assertThat(rows.get(1).<String>getAs(Readings.MODEL)).isEqualTo(SECOND);
    assertThat(rows.get(1).<Boolean>getAs(Readings.NEGATIVE)).isTrue();
  }

  /** The second model gives the topic phones to twice as many documents, of the same moods. */
  @Test
  void aTopicIsCountedAsEachModelGaveIt(@TempDir Path root) {
    MoodNights night = new MoodNights(root, DAY);
    for (int i = 0; i < 12; i++) {
      boolean isNegative = i % 2 == 0;
      night.add(DAY, isNegative, Map.of("topic", i < 4 ? "phones" : "finance"));
      night.score("d" + DAY + "-" + i, SECOND, isNegative, i < 8 ? "phones" : "finance");
    }
    night.add(DAY, true, Map.of("topic", "phones")).write();

    Map<SeriesKey, Controls> controls =
        Controls.of(SeriesRows.controls(readings(night, SECOND), FIRST, ",").collectAsList());

    Control unchanged = new Control(12, 6, 6, 0, 0);
    assertThat(controls.get(SeriesKey.ALL)).isEqualTo(new Controls(unchanged, unchanged));
    assertThat(controls.get(new SeriesKey(SeriesKey.TOPIC, "phones")))
        .isEqualTo(new Controls(new Control(8, 2, 4, 2, 0), new Control(4, 2, 2, 0, 0)));
    assertThat(controls.get(new SeriesKey(SeriesKey.TOPIC, "finance")))
        .isEqualTo(new Controls(new Control(8, 4, 2, 0, 2), new Control(4, 2, 2, 0, 0)));
  }

  @Test
  void ofTwoModelsThatShareDocumentsTheOneThatReadMostOfThePastIsCompared(@TempDir Path root) {
    MoodNights night = new MoodNights(root, DAY);
    for (int i = 0; i < 260; i++) {
      night.by(i < 230 ? FIRST : SECOND).add(DAY, false, Map.of());
    }
    for (int i = 110; i < 260; i++) {
      night.score("d" + DAY + "-" + i, THIRD, true, "finance");
      if (i < 230) {
        night.score("d" + DAY + "-" + i, SECOND, true, "finance");
      }
    }
    night.write();
    Models models = new Models(THIRD, Optional.of(SECOND), List.of());
    Dataset<Row> past = readings(night, THIRD);

    assertThat(models.comparedOver(past).before()).contains(FIRST);
    assertThat(models.comparedOver(past.where(col(Readings.ID).geq("d" + DAY + "-230"))).before())
        .contains(SECOND);
  }

  private static Dataset<Row> readings(MoodNights night, String model) {
    MoodHeads heads = MoodHeads.of(PublishedModels.LABELS, MoodNights.CONFIG.heads());
    return Readings.of(
        night.context().tables().read(CleanDocuments.SCHEMA),
        night.context().tables().read(Scores.SCHEMA),
        new Readings.Wanted(heads, List.of("ticker"), "UTC", model));
  }
}
