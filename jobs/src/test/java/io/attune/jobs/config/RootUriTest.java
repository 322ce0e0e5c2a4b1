package io.attune.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootUriTest {
  @ParameterizedTest
  @CsvSource({
    "/data/x,                     /data/x",
    "/data/x/,                    /data/x",
    "/data//y/../x,               /data/x",
    "file:/data/x,                file:///data/x",
    "file:///data/x/,             file:///data/x",
    "file://localhost/data/x,     file:///data/x",
    "FILE:///data/x,              file:///data/x",
    "hdfs://namenode/attune/,     hdfs://namenode/attune",
    "hdfs:///attune//a,           hdfs:///attune/a",
    "s3a://bucket,                s3a://bucket",
  })
  void aRootIsSpelledInOneWay(String given, String canonical) {
    assertThat(RootUri.canonical(given)).isEqualTo(canonical);
    assertThat(RootUri.canonical(canonical)).isEqualTo(canonical);
  }

  @Test
  void aPathAloneAndItsUriAreOneRoot() {
    assertThat(RootUri.identity("/data/x/")).isEqualTo(RootUri.identity("file:/data/x"));
    assertThat(RootUri.identity("hdfs:///data/x")).isNotEqualTo(RootUri.identity("/data/x"));
  }
}
