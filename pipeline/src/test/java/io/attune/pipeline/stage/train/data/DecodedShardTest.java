package io.attune.pipeline.stage.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.TestNight;
import io.attune.pipeline.stage.train.TestDataset;
import io.attune.schemas.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodedShardTest {
  @TempDir Path folder;

  @Test
  void readsWhatSparkWroteInAnyNumberOfRowGroups() throws Exception {
    Dataset<Row> rows =
        TestNight.spark()
            .range(5_000)
            .selectExpr(
                "cast(id as string) as id",
                "transform(sequence(0, cast(id % 40 as int)), x -> x * 7 + cast(id as int)) as tokens",
                "array(cast(id % 3 as int), -1) as labels");
    Path file = folder.resolve("many groups.parquet");
    Files.write(file, TestDataset.parquet(rows, "65536"));

    DecodedShard shard = DecodedShard.read(file.toString(), new Configuration());

    assertThat(shard.rows()).isEqualTo(5_000);
    for (int row = 0; row < shard.rows(); row++) {
      int id = row;
      assertThat(shard.length(row)).isEqualTo(row % 40 + 1);
      assertThat(shard.tokens(row))
          .isEqualTo(IntStream.rangeClosed(0, row % 40).map(x -> x * 7 + id).toArray());
      assertThat(shard.labels(row)).containsExactly(row % 3, -1);
    }
  }

  @Test
  void putsEveryRowOnceIntoAnOrderOfItsSeed() throws Exception {
    Path file = folder.resolve("shard.parquet");
    Files.write(file, TestDataset.parquet(TestNight.spark(), TestDataset.documents(200, 1)));
    DecodedShard shard = DecodedShard.read(file.toString(), new Configuration());

    int[] first = shard.ordered(11).clone();
    int[] second = shard.ordered(12).clone();

    assertThat(first).containsExactlyInAnyOrder(IntStream.range(0, 200).toArray());
    assertThat(second).containsExactlyInAnyOrder(first).isNotEqualTo(first);
    assertThat(shard.ordered(11)).isEqualTo(first);
  }

  @Test
  void refusesARowWithoutTokens() throws Exception {
    Dataset<Row> rows =
        TestNight.spark()
            .sql(
                "SELECT '1' AS id, array(5) AS tokens, array(0) AS labels UNION ALL SELECT '2', cast(array() as array<int>), array(1)");
    Path file = folder.resolve("empty-row.parquet");
    Files.write(file, TestDataset.parquet(rows.orderBy("id"), "134217728"));

    assertThatThrownBy(() -> DecodedShard.read(file.toString(), new Configuration()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has no tokens in row 1");
  }

  @Test
  void refusesAFileOfOtherColumns() throws Exception {
    Path file = folder.resolve("other.parquet");
    Files.write(
        file, TestDataset.parquet(TestNight.spark().sql("SELECT 1 AS tokens"), "134217728"));

    assertThatThrownBy(() -> DecodedShard.read(file.toString(), new Configuration()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("its column 'tokens' is not a list of integers");
  }
}
