package io.attune.pipeline.stage.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.TestNight;
import io.attune.schemas.table.Documents;
import java.nio.file.Path;
import java.sql.Date;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewestFirstTest {
  private static final StructType KEYS =
      new StructType().add(Documents.ID, DataTypes.StringType).add(Unread.DAY, DataTypes.DateType);

  @TempDir Path root;

  private Dataset<Row> keys(int... perDay) {
    List<Row> rows = new ArrayList<>();
    for (int day = 0; day < perDay.length; day++) {
      for (int i = 0; i < perDay[day]; i++) {
        rows.add(RowFactory.create(day + "-" + i, Date.valueOf("2026-01-0" + (day + 1))));
      }
    }
    return TestNight.in(root).spark().createDataFrame(rows, KEYS);
  }

  private static Set<String> first(Dataset<Row> keys, long documents) {
    Set<String> ids = new HashSet<>();
    keys.where(NewestFirst.of(keys).isAmong(documents))
        .collectAsList()
        .forEach(row -> ids.add(row.getString(0)));
    return ids;
  }

  @Test
  void wholeDaysComeFirstFromTheNewestOn() {
    Dataset<Row> keys = keys(2, 3, 1);

    assertThat(NewestFirst.of(keys).total()).isEqualTo(6);
    assertThat(first(keys, 0)).isEmpty();
    assertThat(first(keys, 1)).containsExactly("2-0");
    assertThat(first(keys, 4)).containsExactlyInAnyOrder("2-0", "1-0", "1-1", "1-2");
    assertThat(first(keys, 6)).hasSize(6);
    assertThat(first(keys, 99)).hasSize(6);
  }

  @Test
  void ofADayThatIsTooLargeAboutAsManyAsAreLeftAndMoreContainFewer() {
    Dataset<Row> keys = keys(2000, 10);

    Set<String> few = first(keys, 210);
    Set<String> many = first(keys, 1010);

    assertThat(few.size()).isBetween(150, 270);
    assertThat(many.size()).isBetween(900, 1100);
    assertThat(many).containsAll(few).contains("1-0", "1-9");
  }
}
