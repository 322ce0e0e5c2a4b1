package io.attune.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.TestNight;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class ScratchTest {
  private static final StructType COLUMNS =
      new StructType()
          .add("number", DataTypes.LongType)
          .add("text", DataTypes.StringType)
          .add("words", DataTypes.createArrayType(DataTypes.StringType));

  private static Row row(int number) {
    String text = number % 3 == 0 ? null : "好" + "x".repeat(number);
    return RowFactory.create((long) number, text, new String[] {"a", null, text});
  }

  @Test
  void rowsAreKeptInTheirOrderAndPartitionsAndComputedOnce() {
    List<Row> rows = IntStream.range(0, 100).mapToObj(ScratchTest::row).toList();
    Dataset<Row> given = TestNight.spark().createDataFrame(rows, COLUMNS);
    List<String> before = given.toJSON().collectAsList();
    try (Scratch scratch = new Scratch()) {
      Dataset<Row> kept = scratch.keep(given.selectExpr("*", "rand() AS chance"));
      List<String> once = kept.toJSON().collectAsList();

      assertThat(kept.drop("chance").toJSON().collectAsList()).isEqualTo(before);
      assertThat(kept.toJSON().collectAsList()).isEqualTo(once);
      assertThat(kept.rdd().getNumPartitions()).isEqualTo(given.rdd().getNumPartitions());
      assertThat(kept.where("number = 7").count()).isEqualTo(1);
      assertThat(scratch.keepOnDisk(kept.where("number < 0")).count()).isZero();
    }
  }

  @Property(tries = 20)
  void blocksHoldEveryRowHoweverLong(
      @ForAll List<@IntRange(max = 2 * RowBlocks.FULL) Integer> lengths) {
    StructType columns = new StructType().add("text", DataTypes.StringType);
    List<InternalRow> rows = new ArrayList<>();
    lengths.forEach(
        length ->
            rows.add(
                new GenericInternalRow(new Object[] {UTF8String.fromString("x".repeat(length))})));
    List<byte[]> blocks = new ArrayList<>();
    RowBlocks.pack(rows.iterator(), columns).forEachRemaining(blocks::add);
    List<Integer> found = new ArrayList<>();
    Iterator<InternalRow> again = RowBlocks.unpack(blocks.iterator(), 1);
    again.forEachRemaining(row -> found.add(row.getUTF8String(0).numBytes()));

    assertThat(found).isEqualTo(lengths);
  }
}
