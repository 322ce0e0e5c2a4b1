package io.attune.pipeline.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatasetRowsTest {
  @Test
  void namesLengthsByTheBoundsOfShards() {
    assertThat(DatasetRows.lengthClass(1)).isEqualTo("0001-0016");
    assertThat(DatasetRows.lengthClass(17)).isEqualTo("0017-0032");
    assertThat(DatasetRows.lengthClass(64)).isEqualTo("0033-0064");
  }
}
