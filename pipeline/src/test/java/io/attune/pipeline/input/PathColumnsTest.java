package io.attune.pipeline.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.junit.jupiter.api.Test;

class PathColumnsTest {
  @Test
  void foldersSpellColumns() {
    assertThat(PathColumns.of("hdfs://nn/in/label=negative/dt=2026-01-01/a=b.csv"))
        .isEqualTo(Map.of("label", "negative", "dt", "2026-01-01"));
  }

  @Test
  void nullIsLeftOut() {
    assertThat(PathColumns.of("in/label=__HIVE_DEFAULT_PARTITION__/dt=/a.csv")).isEmpty();
  }

  @Test
  void valueOfTheRecordWins() {
    RawRecord record = RawRecord.of(1, Map.of("label", "positive"), "raw");

    assertThat(PathColumns.addTo(record, Map.of("label", "negative", "dt", "x")).fields())
        .isEqualTo(Map.of("label", "positive", "dt", "x"));
  }

  @Property
  void whatHiveEscapesIsDecoded(@ForAll @NotEmpty String value) {
    String folder = "k=" + ExternalCatalogUtils.escapePathName(value);

    assertThat(PathColumns.of("/in/" + folder + "/a.csv")).isEqualTo(Map.of("k", value));
  }
}
