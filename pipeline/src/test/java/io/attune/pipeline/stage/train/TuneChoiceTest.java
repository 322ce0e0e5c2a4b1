package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.configOfNetworks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.stage.train.data.SpeedTask;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardIndex.Shard;
import io.attune.schemas.table.Split;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the estimate of what an encoder's training costs. */
class TuneChoiceTest {
  private static final String HASH = "0".repeat(64);

  @Test
  void networksShareTheVectorsAndTheBudget() {
    ShardIndex index =
        new ShardIndex(
            ShardIndex.VERSION,
            HASH,
            10,
            12,
            1,
            List.of(
                new Shard("a", Split.TRAIN, 10, 100, Map.of(), 1, HASH),
                new Shard("b", Split.VALIDATION, 2, 20, Map.of(), 1, HASH)),
            Map.of());
    // 1 s a token through each of 4 blocks, and 3 s for a step of each of the 2 that were measured.
    TuneChoice.Cost cost = new TuneChoice.Cost(4, 1, 2, new SpeedTask.Speed(4, 6, 0, 1));

    double vectors = 120 * 3;
    double epoch = 100 * 3 + 20;
    assertThat(cost.seconds(index, configOfNetworks(1, 7)))
        .isCloseTo(vectors + 2 * epoch, within(1e-9));
    assertThat(cost.seconds(index, configOfNetworks(3, 7)))
        .isCloseTo(vectors + 3 * 2 * epoch, within(1e-9));
  }
}
