package io.attune.pipeline.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.ProjectingInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.PrunedScan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * Holds rows as blocks of bytes. To Spark they are a relation of which a query reads the columns
 * that it needs, so that a long text costs nothing where it is not asked for.
 */
final class KeptRows extends BaseRelation implements PrunedScan {
  /** Is the number of bits of a place that hold the row in its partition, as Spark numbers rows. */
  private static final int ROW_BITS = 33;

  private final SparkSession spark;
  private final JavaRDD<byte[]> blocks;
  private final StructType stored;
  private final StructType schema;

  /**
   * Describes blocks of {@link RowBlocks}.
   *
   * @param stored the columns of the rows in them
   * @param place names a further column, with the place of a row: its partition, then its number
   *     there; null for none
   */
  KeptRows(SparkSession spark, JavaRDD<byte[]> blocks, StructType stored, String place) {
    this.spark = spark;
    this.blocks = blocks;
    this.stored = stored;
    this.schema = place == null ? stored : stored.add(place, DataTypes.LongType, false);
  }

  @Override
  public SQLContext sqlContext() {
    return spark.sqlContext();
  }

  @Override
  public StructType schema() {
    return schema;
  }

  @Override
  public boolean needConversion() {
    return false; // the rows are Spark's own already
  }

  @Override
  @SuppressWarnings("unchecked") // Spark takes rows of its own where none are converted
  public RDD<Row> buildScan(String[] columns) {
    int width = stored.size();
    StructType wanted = new StructType();
    List<Object> places = new ArrayList<>();
    for (String column : columns) {
      wanted = wanted.add(schema.apply(column));
      places.add(schema.fieldIndex(column));
    }
    StructType pruned = wanted;
    boolean isNumbered = places.contains(width);
    RDD<?> rows =
        blocks
            .<InternalRow>mapPartitionsWithIndex(
                (partition, part) -> {
                  ProjectingInternalRow row =
                      ProjectingInternalRow.apply(
                          pruned, JavaConverters.asScalaBuffer(places).toIndexedSeq());
                  Iterator<InternalRow> all = RowBlocks.unpack(part, width);
                  return new Scan(isNumbered ? new Numbered(all, partition) : all, row);
                },
                true)
            .rdd();
    return (RDD<Row>) rows;
  }

  /** Reads some columns of rows; what it returns holds until the next is asked for. */
  private record Scan(Iterator<InternalRow> rows, ProjectingInternalRow row)
      implements Iterator<InternalRow> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      row.project(rows.next());
      return row;
    }
  }

  /** Adds the place to each row. */
  private static final class Numbered implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final SpecificInternalRow place =
        new SpecificInternalRow(
            JavaConverters.asScalaBuffer(Arrays.<DataType>asList(DataTypes.LongType)));
    private final JoinedRow both = new JoinedRow();
    private long next;

    Numbered(Iterator<InternalRow> rows, int partition) {
      this.rows = rows;
      this.next = (long) partition << ROW_BITS;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      place.setLong(0, next++);
      return both.apply(rows.next(), place);
    }
  }

  /** Returns the partition that the row at a place lies in. */
  static int partitionOf(long place) {
    return (int) (place >>> ROW_BITS);
  }
}
