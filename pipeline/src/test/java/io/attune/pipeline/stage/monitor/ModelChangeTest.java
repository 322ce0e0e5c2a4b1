package io.attune.pipeline.stage.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.stage.monitor.ModelChange.Checked;
import io.attune.pipeline.stage.monitor.SeriesCounts.Control;
import io.attune.pipeline.stage.monitor.SeriesCounts.Controls;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.Method;
import io.attune.pipeline.surge.Outcome;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ModelChangeTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 10);
  private static final Control TWICE = new Control(1_000, 100, 200, 110, 10);
  private static final Control SAME = new Control(1_000, 100, 104, 54, 50);

  @Test
  void aSurgeThatTheNewModelExplainsIsNone() {
    Checked checked = change(TWICE).check(surge(45), series(0));

    assertThat(checked.judgement().outcome()).isEqualTo(Outcome.QUIET);
    assertThat(checked.judgement().limit()).isCloseTo(30 * 201.0 / 101, within(1e-9));
    assertThat(checked.explained())
        .singleElement()
        .satisfies(
            explained -> {
              assertThat(explained.factor()).isCloseTo(201.0 / 101, within(1e-9));
              assertThat(explained.documents()).isEqualTo(1_000);
              assertThat(explained.before()).isEqualTo("before");
              assertThat(explained.now()).isEqualTo("now");
            });
  }

  @Test
  void worseNewsThanTheModelExplainsIsASurgeWithItsOwnFigures() {
    Checked checked = change(TWICE).check(surge(90), series(0));

    assertThat(checked.judgement().isSurge()).isTrue();
    assertThat(checked.judgement().expected()).isCloseTo(20 * 201.0 / 101, within(1e-9));
    assertThat(checked.judgement().note()).contains("new model");
    assertThat(checked.explained()).isEmpty();
  }

  @Test
  void modelsThatAgreeExplainNothing() {
    Judgement surge = surge(45);

    assertThat(change(SAME).check(surge, series(0)).judgement()).isEqualTo(surge);
  }

  @Test
  void aPastThatTheNewModelHasReadItselfNeedsNoCorrection() {
    assertThat(change(TWICE).check(surge(45), series(10)).judgement().limit()).isEqualTo(30);
  }

  @Test
  void theCountOfATopicIsComparedWithWhatEitherModelCallsItAndItsShareWithWhatBothDo() {
    Map<SeriesKey, Controls> controls = Map.of(SeriesKey.ALL, new Controls(TWICE, SAME));
    Judgement share =
        new Judgement("market", DAY, 45, 20, 30, 0.001, 1, Method.SHARE, Outcome.SURGE, "");

    assertThat(change(SAME).check(surge(45), series(0, controls)).judgement().isSurge()).isFalse();
    assertThat(change(TWICE).check(share, series(0, controls)).judgement()).isEqualTo(share);
  }

  private static ModelChange change(Control market) {
    return new ModelChange(market, "before", "now");
  }

  private static Judgement surge(long seen) {
    return new Judgement("market", DAY, seen, 20, 30, 0.001, 1.1, Method.RECENT, Outcome.SURGE, "");
  }

  /** Returns 30 days of ten documents, of which the new model has read some itself. */
  private static SeriesCounts series(long readNow) {
    return series(readNow, Map.of());
  }

  private static SeriesCounts series(long readNow, Map<SeriesKey, Controls> controls) {
    StructType columns =
        new StructType()
            .add(SeriesRows.KIND, DataTypes.StringType)
            .add(SeriesRows.NAME, DataTypes.StringType)
            .add(Readings.DAY, DataTypes.DateType);
    for (String count : List.of(SeriesRows.DOCUMENTS, SeriesRows.NEGATIVES, SeriesRows.READ_NOW)) {
      columns = columns.add(count, DataTypes.LongType);
    }
    List<Row> rows = new ArrayList<>();
    for (int day = 30; day >= 0; day--) {
      rows.add(
          new GenericRowWithSchema(
              new Object[] {"market", "", Date.valueOf(DAY.minusDays(day)), 10L, 3L, readNow},
              columns));
    }
    return SeriesCounts.of(rows, DAY, controls).get(0);
  }
}
