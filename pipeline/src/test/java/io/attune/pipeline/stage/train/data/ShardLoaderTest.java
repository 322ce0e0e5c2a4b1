package io.attune.pipeline.stage.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.CountedMinibatch;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.stage.train.TestDataset;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardIndex.Shard;
import io.attune.schemas.shard.ShardRows;
import io.attune.schemas.table.Split;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  void anEpochTakesRareClassesAgainAndFrequentOnesInPart() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < 40; row++) {
      int label = row < 30 ? 0 : row < 36 ? 1 : -1;
      rows.add(RowFactory.create("d" + row, new int[] {row}, new int[] {label}, 0, 1));
    }
    Path file = shard(rows);
    ShardIndex index =
        new ShardIndex(
            ShardIndex.VERSION,
            "",
            99,
            1,
            1,
            List.of(new Shard("shard.parquet", Split.TRAIN, 40, 40, Map.of(), 1, "")),
            Map.of("train", Map.of("mood", Map.of("bad", 30L, "good", 6L))));

    Resampling balanced =
        Resampling.of(
            TestNight.spark(),
            new Resampling.Rows(folder.toString(), index),
            LABELS.heads(),
            new ResamplingChoice(Resample.BALANCED, ""));
    Resampling roots =
        Resampling.of(
            TestNight.spark(),
            new Resampling.Rows(folder.toString(), index),
            LABELS.heads(),
            new ResamplingChoice(Resample.SQRT, "mood"));

    assertThat(balanced.rows(file.toString(), 40)).isEqualTo(40);
    assertThat(balanced.record().factors()).isEqualTo(Map.of("bad", 0.6, "good", 3.0));
    assertThat(balanced.record().rows()).isEqualTo(40);
    assertThat(roots.draws().get(file.toString())).containsExactly(25, 11, 4);
    Map<Integer, Integer> first = taken(file, balanced, 7);
    assertThat(first.entrySet().stream().filter(row -> row.getKey() < 30)).hasSize(18);
    for (int row = 30; row < 40; row++) {
      assertThat(first).containsEntry(row, row < 36 ? 3 : 1);
    }
    assertThat(taken(file, balanced, 7)).isEqualTo(first);
    assertThat(taken(file, balanced, 8)).isNotEqualTo(first);
  }

  @Test
  void refusesToResampleByAHeadThatIsNotThere() {
    assertThatThrownBy(() -> new ResamplingChoice(Resample.SQRT, "moods").numberOf(LABELS.heads()))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining(
            "train.resample-head names the head 'moods', and the heads are [mood]");
  }

  /** Counts how often an epoch takes each row. */
  private static Map<Integer, Integer> taken(Path file, Resampling resampling, long seed)
      throws Exception {
    Map<Integer, Integer> taken = new TreeMap<>();
    int rows = resampling.rows(file.toString(), 40);
    for (MultiDataSet batch :
        read(loader().drawing(resampling), new RowRange(file.toString(), 0, rows, seed))) {
      for (float[] row : batch.getFeatures(0).toFloatMatrix()) {
        taken.merge((int) row[0], 1, Integer::sum);
      }
    }
    return taken;
  }

  @Test
  void wordDropoutReplacesTheSameTokensForTheSameSeedAndNoSpecialOnes() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < 8; row++) {
      int[] tokens = new int[40];
      Arrays.fill(tokens, 9);
      tokens[0] = 2;
      tokens[39] = 3;
      rows.add(RowFactory.create("d" + row, tokens, new int[] {0}, 0, 1));
    }
    Path file = shard(rows);
    ShardLoader loader = loader().reading(new TokenInputs(0.25, 1, 1, 1));

    float[][] first = tokens(loader, file, 5);
    float[][] again = tokens(loader, file, 5);
    float[][] next = tokens(loader, file, 6);

    int replaced = 0;
    for (float[] row : first) {
      assertThat(row[0]).isEqualTo(2);
      assertThat(row[39]).isEqualTo(3);
      for (int place = 1; place < 39; place++) {
        assertThat(row[place]).isIn(1f, 9f);
        replaced += row[place] == 1 ? 1 : 0;
      }
    }
    assertThat(replaced).isBetween(50, 105); // of 304
    assertThat(again).isDeepEqualTo(first);
    assertThat(Arrays.deepEquals(next, first)).isFalse();
    assertThat(first[0]).isNotEqualTo(first[1]);
    assertThat(tokens(loader(), file, 5)[0]).containsOnly(2, 9, 3);
  }

  private static float[][] tokens(ShardLoader loader, Path file, long seed) throws Exception {
    MultiDataSet batch =
        loader
            .minibatches(
                List.of(new RowRange(file.toString(), 0, 8, seed)), new BatchLimits(8, 400), 3)
            .next();
    return batch.getFeatures(0).toFloatMatrix();
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
