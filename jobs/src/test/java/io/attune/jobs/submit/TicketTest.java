package io.attune.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Path;
import javax.security.auth.login.LoginException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests submission to a Kerberos cluster from a process without a ticket. */
class TicketTest {
  private static final String[] NIGHT = {"nightly", "--cluster", "yarn", "-c", "news.yaml"};

  @TempDir Path folder;
  private final Configuration hadoop = new Configuration(false);
  private FakeDistribution distribution;

  @BeforeEach
  void write() throws IOException {
    distribution = new FakeDistribution(folder);
    System.setProperty("java.security.krb5.realm", "NONE");
    System.setProperty("java.security.krb5.kdc", "localhost:1");
    hadoop.set("hadoop.security.authentication", "kerberos");
  }

  @AfterEach
  void forget() {
    System.clearProperty("java.security.krb5.realm");
    System.clearProperty("java.security.krb5.kdc");
    UserGroupInformation.reset();
  }

  @Test
  void clusterThatAsksForATicketRefusesWhoHasNone() {
    assertThatThrownBy(() -> Ticket.require(hadoop, distribution.submission(NIGHT)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "the cluster asks for Kerberos, and there is no valid ticket: run kinit and look with"
                + " klist, or name spark.kerberos.principal and spark.kerberos.keytab in "
                + folder.resolve("conf/yarn.conf"));
  }

  @Test
  void clusterThatAsksForNoneLetsAnyoneIn() {
    hadoop.set("hadoop.security.authentication", "simple");

    assertThatCode(() -> Ticket.require(hadoop, distribution.submission(NIGHT)))
        .doesNotThrowAnyException();
  }

  @Test
  void keytabIsATicketToBe() {
    for (String options :
        new String[] {
          "--principal a --keytab b",
          "--conf spark.kerberos.principal=a --conf spark.kerberos.keytab=b"
        }) {
      distribution.variables().put("ATTUNE_SUBMIT_OPTS", options);
      assertThatCode(() -> Ticket.require(hadoop, distribution.submission(NIGHT)))
          .doesNotThrowAnyException();
    }
    distribution.variables().put("ATTUNE_SUBMIT_OPTS", "--keytab b");
    assertThatThrownBy(() -> Ticket.require(hadoop, distribution.submission(NIGHT)))
        .isInstanceOf(Failure.BadInput.class);
  }

  @Test
  void refusalOfKerberosIsKnownWhereverItStands() {
    assertThat(Ticket.isMissing(new IOException(new LoginException("no key")))).isTrue();
    assertThat(Ticket.isMissing(new IOException("Client cannot authenticate via:[TOKEN]")))
        .isTrue();
    assertThat(Ticket.isMissing(new IOException("connection refused"))).isFalse();
  }
}
