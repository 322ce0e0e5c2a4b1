package io.attune.bench.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.RowRange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class SyntheticTextsTest {
  private final SyntheticTexts words = new SyntheticTexts(16);

  @Test
  void aRowIsTheSameInWhateverRange() {
    MultiDataSet ten = words.rows(0, 10);
    MultiDataSet one = words.singles(4).get(3);

    assertThat(one.getFeatures(0).getRow(0)).isEqualTo(ten.getFeatures(0).getRow(3));
    assertThat(one.getLabels(0).getRow(0)).isEqualTo(ten.getLabels(0).getRow(3));
    assertThat(one.getFeaturesMaskArray(0).getRow(0))
        .isEqualTo(ten.getFeaturesMaskArray(0).getRow(3));
  }

  @Test
  void minibatchesHoldEveryRowOfTheRangesOnce() {
    List<RowRange> ranges =
        List.of(
            new RowRange(NumberedRows.IN_MEMORY, 0, 20, 0),
            new RowRange(NumberedRows.IN_MEMORY, 40, 45, 0));
    List<INDArray> rows = new ArrayList<>();
    words
        .minibatches(ranges, new BatchLimits(8, 1000), 0)
        .forEachRemaining(batch -> rows.add(batch.getFeatures(0)));

    assertThat(rows.stream().map(batch -> batch.size(0))).containsExactly(8L, 8L, 4L, 5L);
    assertThat(rows.get(3).getRow(2)).isEqualTo(words.rows(42, 43).getFeatures(0).getRow(0));
  }
}
