package io.attune.pipeline.copies;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.TestNight;
import io.attune.schemas.table.Signatures;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class SharedKeysTest {
  private static final StructType COLUMNS =
      new StructType()
          .add(Texts.PLACE, DataTypes.LongType)
          .add(Signatures.ID, DataTypes.StringType)
          .add(Signatures.TEXT_HASH, DataTypes.StringType)
          .add(Signatures.BANDS, DataTypes.createArrayType(DataTypes.LongType));

  private static Row document(long place, String id, String hash, Long... bands) {
    return RowFactory.create(place, id, hash, bands);
  }

  private static Dataset<Row> table(Row... rows) {
    return TestNight.spark().createDataFrame(List.of(rows), COLUMNS);
  }

  private static Set<Long> places(Dataset<Row> night, long keys, Dataset<Row> earlier) {
    return SharedKeys.places(night, keys, earlier).collectAsList().stream()
        .map(row -> row.getLong(0))
        .collect(Collectors.toSet());
  }

  @Test
  void documentsShareAnIdATextOrABandWithOthersOfTheNightOrOfEarlierOnes() {
    Dataset<Row> night =
        table(
            document(0, "a", "A", 1L, 2L),
            document(1, "a", "B", 3L),
            document(2, "c", "C"),
            document(3, "d", "C"),
            document(4, "e", "E", 7L, 2L),
            document(5, "f", "F", 5L),
            document(6, "g", "G", 6L),
            document(7, "h", "H", 8L),
            document(8, "alone", "ALONE", 9L, 10L),
            document(9, "H", "h"));
    Dataset<Row> earlier =
        table(
            document(0, "f", "X"),
            document(0, "y", "G"),
            document(0, "y", "Y", 8L),
            document(0, "y", "Y", 99L));

    assertThat(places(night, 10, null)).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
    assertThat(places(night, 10, earlier))
        .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(places(night, 20_000_000, earlier)).as("in many tasks").hasSize(8);
  }

  @Test
  void moreKeysThanABlockHoldsAreAllCompared() {
    Row[] rows =
        IntStream.range(0, 6000)
            .mapToObj(i -> document(i, "id" + i, "hash" + i / 2 * 2, (long) -i, 10_000_000L + i))
            .toArray(Row[]::new);

    assertThat(places(table(rows), 24_000, null)).hasSize(6000);
  }

  @Property(tries = 200)
  void keysThatSeveralHaveAreThoseOfAPlainCount(
      @ForAll @Size(max = 60) List<@IntRange(max = 30) Integer> keys,
      @ForAll @IntRange(min = 1, max = 10) int pairsOfBlock) {
    Map<Integer, Integer> counts = new HashMap<>();
    keys.forEach(key -> counts.merge(key, 1, Integer::sum));
    Set<Long> expected = new HashSet<>();
    List<byte[]> blocks = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += pairsOfBlock) {
      List<Integer> part = keys.subList(from, Math.min(keys.size(), from + pairsOfBlock));
      ByteBuffer block = ByteBuffer.allocate(16 * part.size());
      for (int i = 0; i < part.size(); i++) {
        block.putLong(part.get(i)).putLong(from + i);
        if (counts.get(part.get(i)) > 1) {
          expected.add((long) from + i);
        }
      }
      blocks.add(block.array());
    }
    Set<Long> found = new HashSet<>();
    Iterator<Long> shared = SharedKeys.shared(blocks.iterator());
    shared.forEachRemaining(found::add);

    assertThat(found).isEqualTo(expected);
  }
}
