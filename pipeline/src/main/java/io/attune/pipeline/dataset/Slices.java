package io.attune.pipeline.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.map_concat;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Cuts rows into slices: those of one value of one column, such as all of one source. */
public final class Slices {
  /** Lists the columns that every row is sliced by. */
  public static final List<String> COLUMNS =
      List.of(
          DatasetRows.CORPUS,
          DatasetRows.SOURCE,
          DatasetRows.MONTH,
          DatasetRows.LANGUAGE,
          DatasetRows.LENGTH);

  /** Names the column of a cut row that says what it was cut by, such as {@code source}. */
  public static final String SLICE = "slice";

  /** Names the column of a cut row that says which slice it is in, such as {@code reuters}. */
  public static final String VALUE = "value";

  private Slices() {}

  /**
   * Returns each row once for each of {@link #COLUMNS} that it has and each entry of its map {@link
   * DatasetRows#EXTRA}, which may be null or missing, with {@link #SLICE} and {@link #VALUE} after
   * its columns.
   */
  public static Dataset<Row> cut(Dataset<Row> rows) {
    List<String> there = Arrays.asList(rows.columns());
    Column named =
        map(
            COLUMNS.stream()
                .filter(there::contains)
                .flatMap(column -> Stream.of(lit(column), col(column)))
                .toArray(Column[]::new));
    Column extra = col(DatasetRows.EXTRA);
    Column all =
        there.contains(DatasetRows.EXTRA)
            ? when(extra.isNull(), named).otherwise(map_concat(named, extra))
            : named;
    return rows.select(col("*"), explode(all).as(new String[] {SLICE, VALUE}));
  }
}
