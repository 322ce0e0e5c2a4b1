package io.attune.neural.averaging.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowRangeTest {

  @Test
  void isReadBackFromItsPath() {
    RowRange range = new RowRange("hdfs://name/a b/train-00000.parquet", 5, 70, -9);

    assertThat(range.toString())
        .isEqualTo("hdfs://name/a b/train-00000.parquet?rows=5-70&order=-9");
    assertThat(RowRange.parse(range.toString())).contains(range);
  }

  @Test
  void isNotAnyPath() {
    assertThat(RowRange.parse("hdfs://name/dataset_17.bin")).isEmpty();
  }
}
