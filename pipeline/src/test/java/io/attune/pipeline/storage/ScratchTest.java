package io.attune.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.TestNight;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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

  @Test
  void aQueryReadsTheColumnsThatItNeedsAndThePlaceOfARow() {
    List<Row> rows = IntStream.range(0, 10).mapToObj(ScratchTest::row).toList();
    Dataset<Row> given = TestNight.spark().createDataFrame(rows, COLUMNS).repartition(3);
    try (Scratch scratch = new Scratch()) {
      Dataset<Row> kept = scratch.keepInPlaces(given, "place");

      assertThat(kept.select("place").queryExecution().executedPlan().toString())
          .contains("[place")
          .doesNotContain("text");
      assertThat(kept.select("text", "number").collectAsList())
          .containsExactlyElementsOf(
              kept.collectAsList().stream()
                  .map(row -> RowFactory.create(row.getString(1), row.getLong(0)))
                  .toList());
      Map<Integer, List<Long>> places = new TreeMap<>();
      kept.select("place")
          .collectAsList()
          .forEach(
              row ->
                  places
                      .computeIfAbsent(
                          Scratch.partitionOf(row.getLong(0)), any -> new ArrayList<>())
                      .add(row.getLong(0)));
      assertThat(places).hasSizeBetween(2, 3);
      assertThat(places.values())
          .allSatisfy(
              numbers ->
                  assertThat(numbers)
                      .containsExactlyElementsOf(
                          LongStream.range(0, numbers.size())
                              .mapToObj(number -> numbers.get(0) + number)
                              .toList()));
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
