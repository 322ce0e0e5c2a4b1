package io.attune.pipeline.stage.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.CountedMinibatch;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.stage.train.TestDataset;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.shard.ShardRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class ShardLoaderTest {
  private static final LabelSets LABELS =
      new LabelSets(List.of(new LabelSets.Head("mood", List.of("bad", "good"))));

  @TempDir Path folder;

  private Path shard(List<Row> rows) throws Exception {
    Path file = folder.resolve("shard.parquet");
    Files.write(
        file,
        TestDataset.parquet(
            TestNight.spark().createDataFrame(rows, ShardRows.WINDOWS_SCHEMA), "134217728"));
    return file;
  }

  private static ShardLoader loader() {
    return new ShardLoader(
        new SerializableConfiguration(new Configuration()), LABELS, new TokenInputs(), 2);
  }

  private static List<MultiDataSet> read(ShardLoader loader, RowRange range) throws Exception {
    List<MultiDataSet> batches = new ArrayList<>();
    loader.minibatches(List.of(range), new BatchLimits(8, 64), 3).forEachRemaining(batches::add);
    return batches;
  }

  @Test
  void theWindowsOfADocumentCountAsOneRowTogether() throws Exception {
    Path file =
        shard(
            List.of(
                RowFactory.create("a", new int[] {5, 6, 7}, new int[] {1}, 0, 2),
                RowFactory.create("a", new int[] {8, 9}, new int[] {1}, 1, 2),
                RowFactory.create("b", new int[] {4}, new int[] {-1}, 0, 1)));

    CountedMinibatch batch =
        (CountedMinibatch) read(loader(), new RowRange(file.toString(), 0, 3, 0)).get(0);

    assertThat(batch.getLabelsMaskArray(0).toFloatVector()).containsExactly(0.5f, 0.5f, 0);
    assertThat(batch.weight(0) + batch.weight(1) + batch.weight(2)).isEqualTo(2);
    assertThat(batch.tokens()).isEqualTo(6);
  }

  @Test
  void rowsThatAreDocumentsHaveNoMask() throws Exception {
    Path file =
        shard(
            List.of(
                RowFactory.create("a", new int[] {5, 6, 7}, new int[] {1}, 0, 1),
                RowFactory.create("b", new int[] {4}, new int[] {0}, 0, 1)));

    CountedMinibatch batch =
        (CountedMinibatch) read(loader(), new RowRange(file.toString(), 0, 2, 0)).get(0);

    assertThat(batch.getLabelsMaskArray(0)).isNull();
    assertThat(batch.weight(1)).isEqualTo(1);
  }
}
