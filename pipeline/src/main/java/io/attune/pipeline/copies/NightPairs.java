package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;

import io.attune.pipeline.storage.ColumnNames;
import io.attune.pipeline.storage.Scratch;
import io.attune.schemas.table.Signatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Finds the stars of one night.
 *
 * <p>Documents that share a band are candidates. Of a band with many documents only the first ones
 * are compared with all others, then the next ones with those that have joined no star, and so on
 * for some passes, so that the work grows with the documents and not with their pairs: a template
 * that thousands of documents share is settled in the first pass.
 */
final class NightPairs {
  private static final String BAND = "band";
  private static final String PLACE = "place";
  private static final String IN_BAND = "in_band";
  private static final String FIRST = "first";

  /** Sets the documents of a band that are compared with all others in one pass. */
  private static final int HUBS = 16;

  private static final int MAX_PASSES = 8;

  private final Dataset<Row> signed;
  private final double similarity;
  private final Scratch scratch;

  /**
   * Prepares a search.
   *
   * @param signed documents of which each shares a band with another, with number, shingles and
   *     bands; persisted
   */
  NightPairs(Dataset<Row> signed, double similarity, Scratch scratch) {
    this.signed = signed;
    this.similarity = similarity;
    this.scratch = scratch;
  }

  /**
   * Returns the centre that each member of a star joined.
   *
   * @param taken documents that are near copies of earlier nights' documents, so no centres
   */
  Map<Long, Stars.Joined> stars(Set<Long> taken) {
    List<Stars.Pair> pairs = new ArrayList<>();
    Dataset<Row> open =
        signed.select(col(NearCopies.NUMBER), explode(col(Signatures.BANDS)).as(BAND));
    for (int pass = 0; pass < MAX_PASSES; pass++) {
      Dataset<Row> shared = scratch.keep(inSharedBands(open));
      Row most = shared.agg(max(IN_BAND)).head();
      if (most.isNullAt(0)) {
        break;
      }
      pairs.addAll(similar(shared));
      Map<Long, Stars.Joined> joined = Stars.of(pairs, taken);
      if (most.getLong(0) <= HUBS) {
        return joined;
      }
      open = withoutMembers(shared, joined.keySet(), taken);
    }
    return Stars.of(pairs, taken);
  }

  /** Adds place and size to documents in bands that others have too. */
  private static Dataset<Row> inSharedBands(Dataset<Row> bands) {
    return bands
        .withColumn(PLACE, row_number().over(Window.partitionBy(BAND).orderBy(NearCopies.NUMBER)))
        .withColumn(IN_BAND, count(lit(1)).over(Window.partitionBy(BAND)))
        .where(col(IN_BAND).gt(1));
  }

  /** Compares the first documents of each band with those after them. */
  private List<Stars.Pair> similar(Dataset<Row> shared) {
    Dataset<Row> hubs =
        shared.where(col(PLACE).leq(HUBS)).select(col(BAND), col(NearCopies.NUMBER).as(FIRST));
    Dataset<Row> candidates =
        shared
            .select(BAND, NearCopies.NUMBER)
            .join(hubs, BAND)
            .where(col(FIRST).lt(col(NearCopies.NUMBER)))
            .select(FIRST, NearCopies.NUMBER)
            .distinct();
    Dataset<Row> sets = signed.select(NearCopies.NUMBER, Columns.SHINGLES);
    String other = "other";
    List<Stars.Pair> found = new ArrayList<>();
    candidates
        .join(sets, NearCopies.NUMBER)
        .join(
            sets.withColumnRenamed(NearCopies.NUMBER, FIRST)
                .withColumnRenamed(Columns.SHINGLES, other),
            FIRST)
        .select(
            col(FIRST),
            col(NearCopies.NUMBER),
            NearCopies.jaccard(col(Columns.SHINGLES), col(other)).as(NearCopies.SIMILARITY))
        .where(col(NearCopies.SIMILARITY).geq(similarity))
        .collectAsList()
        .forEach(
            row -> found.add(new Stars.Pair(row.getLong(0), row.getLong(1), row.getDouble(2))));
    return found;
  }

  /**
   * Returns, of bands with many documents, those that neither were compared with all nor joined.
   */
  private Dataset<Row> withoutMembers(Dataset<Row> shared, Set<Long> joined, Set<Long> taken) {
    List<Row> numbers = new ArrayList<>();
    joined.forEach(number -> numbers.add(RowFactory.create(number)));
    taken.forEach(number -> numbers.add(RowFactory.create(number)));
    Dataset<Row> members =
        signed
            .sparkSession()
            .createDataFrame(numbers, new StructType().add(NearCopies.NUMBER, DataTypes.LongType));
    return shared
        .where(col(IN_BAND).gt(HUBS).and(col(PLACE).gt(HUBS)))
        .select(NearCopies.NUMBER, BAND)
        .join(members, ColumnNames.of(NearCopies.NUMBER), "left_anti");
  }
}
