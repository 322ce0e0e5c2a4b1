package io.attune.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class SparkSessionsTest {
  @Test
  void nightWaitsForANameNodeThatIsStartedAgainUnlessItsSettingsSayOtherwise() {
    Configuration patient = SparkSessions.hadoop(Map.of());
    Configuration asked =
        SparkSessions.hadoop(Map.of("spark.hadoop.dfs.client.retry.policy.enabled", "false"));

    assertThat(patient.getBoolean(SparkSessions.WAIT_FOR_NAME_NODE, false)).isTrue();
    assertThat(asked.getBoolean(SparkSessions.WAIT_FOR_NAME_NODE, true)).isFalse();
  }
}
