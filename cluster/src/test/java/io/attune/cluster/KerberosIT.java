package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.storage.Storage;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs nights of a user who is not a superuser, on HDFS and YARN that require a Kerberos ticket,
 * with tokens that expire before the night ends.
 */
class KerberosIT extends NightOnDevelopmentCluster {
  private static final int BAD_USAGE = 2;
  private static final int BAD_INPUT = 3;

  @Override
  DevelopmentCluster startCluster() throws IOException, InterruptedException {
    return DevelopmentCluster.upWithKerberos();
  }

  @BeforeAll
  void keepJars() throws IOException, InterruptedException {
    cluster.keepJars(night.home());
  }

  @Test
  void nightOnYarnWithAKeytabIsTheLocalNightBitForBit() throws Exception {
    Commands.Outcome outcome =
        cluster.attune(night.home(), night.words("yarn", cluster.files() + "/attune/yarn"));

    assertThat(outcome.code()).as(outcome.said()).isZero();
    assertThat(cluster.dev("fs", "-ls", "-R", "/attune/yarn").lines())
        .isNotEmpty()
        .allMatch(line -> line.contains(" attune supergroup "), "is the night's user's");
    // This JVM has no ticket.
    cluster.dev("fs", "-get", "/attune/yarn", folder.toString());
    Storage fetched = Storage.at("file://" + folder.resolve("yarn"), new Configuration());
    NightComparison.requireSame(SubmittedNight.RUN, fetched, local);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "yarn"})
  void nightWithoutATicketFailsWithTheReason(String engine) throws Exception {
    Commands.Outcome outcome =
        cluster.attune(
            night.home(), withoutKeytab(), night.words(engine, cluster.files() + "/attune/none"));

    assertThat(outcome.code()).as(outcome.said()).isEqualTo(BAD_INPUT);
    assertThat(outcome.said())
        .contains("the cluster asks for Kerberos, and there is no valid ticket", "keytab");
  }

  @Test
  void standAloneSparkWhichPassesOnNoTokensIsRefusedBeforeWorkStarts() throws Exception {
    Commands.Outcome outcome =
        cluster.attune(
            night.home(),
            Map.of("ATTUNE_JARS", ""), // spark-submit would look for them, without a ticket
            night.words("standalone", cluster.files() + "/attune/alone"));

    assertThat(outcome.code()).as(outcome.said()).isEqualTo(BAD_USAGE);
    assertThat(outcome.said()).contains("hands its executors no tokens");
  }

  @Test
  void doctorDistinguishesAKeytabFromAMissingTicket() throws Exception {
    String[] words = {"doctor", "--cluster", "yarn", "--root", cluster.files() + "/attune"};
    Commands.Outcome with = cluster.attune(night.home(), words);
    Commands.Outcome without = cluster.attune(night.home(), withoutKeytab(), words);

    assertThat(with.code()).as(with.said()).isZero();
    assertThat(with.said()).contains("attune@ATTUNE.DEV, from a keytab");
    assertThat(without.code()).as(without.said()).isEqualTo(BAD_INPUT);
    assertThat(without.said()).contains("has no ticket");
  }

  /** Returns an environment with the settings of the distribution, which name no keytab. */
  private Map<String, String> withoutKeytab() {
    return Map.of("ATTUNE_CONF_DIR", night.home().resolve("conf").toString(), "ATTUNE_JARS", "");
  }
}
