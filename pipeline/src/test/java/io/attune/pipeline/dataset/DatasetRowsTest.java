package io.attune.pipeline.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.CleanRows;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardIndex.Shard;
import io.attune.schemas.shard.ShardRows;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetRowsTest {
  private static final String SHARD = "shards/train-00000.parquet";

  @Test
  void namesLengthsByTheBoundsOfShards() {
    assertThat(DatasetRows.lengthClass(1)).isEqualTo("0001-0016");
    assertThat(DatasetRows.lengthClass(17)).isEqualTo("0017-0032");
    assertThat(DatasetRows.lengthClass(64)).isEqualTo("0033-0064");
  }

  @Test
  void textWithoutLabelsTakesNoPlaceInASample() {
    Dataset<Row> all = rows(i -> new int[] {i % 3 == 0 ? 0 : -1});
    ShardIndex index = index(Map.of("topic", Map.of("finance", 100L)));

    assertThat(DatasetRows.sampleToLearnFrom(all, "", index, 300).count()).isEqualTo(300);
    assertThat(DatasetRows.sampleToLearnFrom(all, "", index, 120).count()).isEqualTo(100);
    assertThat(DatasetRows.sampleToLearnFrom(all, "", index, 50).count()).isBetween(25L, 75L);
  }

  @Test
  void aSampleOfSeveralHeadsIsNotLargerForLabelsInDifferentRows(@TempDir Path folder) {
    Dataset<Row> all = rows(i -> new int[] {i % 3 == 0 ? 0 : -1, i % 3 == 1 ? 1 : -1});
    all.write().parquet(folder.resolve(SHARD).toString());
    Map<String, Long> hundred = Map.of("some", 100L);
    ShardIndex index = index(Map.of("topic", hundred, "sentiment", hundred));

    long half = DatasetRows.sampleToLearnFrom(all, folder.toString(), index, 100).count();

    assertThat(DatasetRows.sampleToLearnFrom(all, folder.toString(), index, 200).count())
        .isEqualTo(200);
    assertThat(half).isBetween(70L, 130L);
  }

  @Test
  void aDocumentOfSeveralWindowsIsThereOnce(@TempDir Path folder) {
    StageContext night = TestNight.in(folder.resolve("root"));
    night
        .tables()
        .replaceRun(
            CleanDocuments.SCHEMA,
            TestNight.RUN.id(),
            new CleanRows()
                .add("a", Map.of(Documents.TEXT, "long long text"))
                .add("b", Map.of(Documents.TEXT, "short"))
                .table());
    TestNight.spark()
        .createDataFrame(
            List.of(
                RowFactory.create("a", new int[] {1, 2}, new int[] {0}, 0, 2),
                RowFactory.create("a", new int[] {3}, new int[] {0}, 1, 2),
                RowFactory.create("b", new int[] {1}, new int[] {0}, 0, 1)),
            ShardRows.WINDOWS_SCHEMA)
        .write()
        .parquet(folder.resolve(SHARD).toString());
    ShardIndex index =
        new ShardIndex(
            ShardIndex.VERSION,
            "",
            9,
            2,
            night.tables().snapshot(CleanDocuments.SCHEMA),
            List.of(new Shard(SHARD, Split.TRAIN, 3, 4, Map.of(), 1, "")),
            Map.of(),
            Map.of(Split.TRAIN.word(), 2L));

    List<Row> rows =
        DatasetRows.read(night, folder.toString(), index, Split.TRAIN)
            .select("id", "text")
            .orderBy("id")
            .collectAsList();

    assertThat(rows)
        .containsExactly(RowFactory.create("a", "long long text"), RowFactory.create("b", "short"));
    assertThat(index.texts(Split.TRAIN)).isEqualTo(2);
  }

  private static Dataset<Row> rows(IntFunction<int[]> labels) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(RowFactory.create("id" + i, labels.apply(i)));
    }
    return TestNight.spark()
        .createDataFrame(
            rows,
            new StructType()
                .add(TokenRows.ID, DataTypes.StringType)
                .add(TokenRows.LABELS, DataTypes.createArrayType(DataTypes.IntegerType)));
  }

  private static ShardIndex index(Map<String, Map<String, Long>> labelCounts) {
    return new ShardIndex(
        ShardIndex.VERSION,
        "",
        1,
        1,
        1,
        List.of(new Shard(SHARD, Split.TRAIN, 300, 300, Map.of(), 1, "")),
        Map.of(Split.TRAIN.word(), labelCounts));
  }
}
