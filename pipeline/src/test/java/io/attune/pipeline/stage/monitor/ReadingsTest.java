package io.attune.pipeline.stage.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.scoring.PublishedModels;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Scores;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 2);
  private static final String FIRST = MoodNights.MODEL;
  private static final String SECOND = "2026-01-02.1";

  /** After a rollback the model in use has read the documents before the one that was removed. */
  @Test
  void whereTheModelInUseHasAnsweredItsAnswerCountsThoughAnotherAnsweredLater(@TempDir Path root) {
    MoodNights night =
        new MoodNights(root, DAY).add(DAY, false, Map.of("topic", "finance")).by(SECOND);
    night.score("d" + DAY + "-0", SECOND, true, "phones");
    night.add(DAY, true, Map.of("topic", "phones")).write();

    List<Row> rows = readings(night);

    assertThat(rows.get(0).<String>getAs(Readings.MODEL)).isEqualTo(FIRST);
    assertThat(rows.get(0).<Boolean>getAs(Readings.NEGATIVE)).isFalse();
    assertThat(rows.get(0).<String>getAs(Readings.TOPIC)).isEqualTo("finance");
    assertThat(rows.get(1).<String>getAs(Readings.MODEL)).isEqualTo(SECOND);
    assertThat(rows.get(1).<Boolean>getAs(Readings.NEGATIVE)).isTrue();
  }

  private static List<Row> readings(MoodNights night) {
    MoodHeads heads = MoodHeads.of(PublishedModels.LABELS, MoodNights.CONFIG.heads());
    return Readings.of(
            night.context().tables().read(CleanDocuments.SCHEMA),
            night.context().tables().read(Scores.SCHEMA),
            new Readings.Wanted(heads, List.of("ticker"), "UTC", FIRST, Optional.of(SECOND)))
        .orderBy(Readings.ID)
        .collectAsList();
  }
}
