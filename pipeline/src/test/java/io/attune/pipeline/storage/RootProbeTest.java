package io.attune.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.time.Clock;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.UserGroupInformation;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes roots before work starts, on a real NameNode where one is needed. */
class RootProbeTest {
  @TempDir static Path folder;
  private static InProcessHdfs hdfs;
  private static DistributedFileSystem files;

  @BeforeAll
  static void start() throws IOException {
    hdfs = new InProcessHdfs(folder);
    files = (DistributedFileSystem) hdfs.files();
    files.mkdirs(new org.apache.hadoop.fs.Path("/attune"));
  }

  @AfterAll
  static void stop() {
    hdfs.close();
  }

  @Test
  void writableRootIsLeftAsItWas() throws IOException {
    Duration ahead = probe(hdfs.root()).requireWritable(Clock.systemUTC());

    assertThat(ahead).isBetween(Duration.ofMinutes(-1), Duration.ofMinutes(1));
    assertThat(files.listStatus(new org.apache.hadoop.fs.Path("/attune"))).isEmpty();
  }

  @Test
  void clockOfTheFileSystemIsComparedWithThisMachines() {
    Clock slow = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));

    assertThat(probe(hdfs.root()).requireWritable(slow)).isGreaterThan(Duration.ofMinutes(119));
  }

  @Test
  void rootWithoutHostIsTheConfiguredNameNode() {
    Storage storage = Storage.at("hdfs:///attune", hdfs.configuration());

    assertThat(storage.root().toString()).isEqualTo(hdfs.root());
  }

  @Test
  void rootWithoutHostAndWithoutConfigurationSaysWhatIsMissing() {
    requireRefusal(
        () -> Storage.at("hdfs:///attune", new Configuration()),
        "Cannot open the root 'hdfs:///attune'",
        "it names no NameNode",
        "set HADOOP_CONF_DIR");
  }

  @Test
  void nameNodeThatIsDownIsGivenUpSoon() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    requireRefusal(
        () -> probe("hdfs://127.0.0.1:" + port + "/attune").requireWritable(Clock.systemUTC()),
        "Cannot reach the root 'hdfs://127.0.0.1:" + port + "/attune'",
        "it does not answer",
        "check that the NameNode runs");
  }

  @Test
  void serverThatTakesConnectionsAndSaysNothingIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String root = "hdfs://127.0.0.1:" + silent.getLocalPort() + "/attune";

      requireRefusal(
          () -> probe(root).within(Duration.ofSeconds(1)).requireReachable(),
          "Cannot reach the root",
          "no answer within 1 seconds");
    }
  }

  @Test
  void hostThatNobodyKnowsIsNamed() {
    requireRefusal(
        () -> probe("hdfs://production.invalid/attune").requireReachable(),
        "production.invalid",
        "no such host is known",
        "hdfs-site.xml");
  }

  @Test
  void safeModeIsToldFromOtherRefusals() throws IOException {
    files.setSafeMode(SafeModeAction.SAFEMODE_ENTER);
    try {
      requireRefusal(
          () -> probe(hdfs.root()).requireWritable(Clock.systemUTC()),
          "Cannot write below the root",
          "in safe mode",
          "hdfs dfsadmin -safemode wait");
    } finally {
      files.setSafeMode(SafeModeAction.SAFEMODE_LEAVE);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void usedUpQuotaIsNamed(boolean ofSpace) throws IOException {
    org.apache.hadoop.fs.Path full = new org.apache.hadoop.fs.Path("/full");
    files.mkdirs(full);
    long names = ofSpace ? HdfsConstants.QUOTA_DONT_SET : 1;
    long bytes = ofSpace ? 1024 : HdfsConstants.QUOTA_DONT_SET;
    files.setQuota(full, names, bytes);
    try {
      requireRefusal(
          () -> probe(files.getUri() + "/full").requireWritable(Clock.systemUTC()),
          "its quota is used up",
          "hdfs dfs -count -q -h");
    } finally {
      files.delete(full, true);
    }
  }

  @Test
  void userWithoutRightsIsNamed() throws Exception {
    files.mkdirs(new org.apache.hadoop.fs.Path("/private"), new FsPermission((short) 0755));
    files.setPermission(new org.apache.hadoop.fs.Path("/private"), new FsPermission((short) 0755));
    UserGroupInformation guest = UserGroupInformation.createRemoteUser("guest");

    requireRefusal(
        () ->
            guest.doAs(
                (PrivilegedExceptionAction<Duration>)
                    () -> probe(files.getUri() + "/private").requireWritable(Clock.systemUTC())),
        "as user 'guest'",
        "may not write there",
        "hdfs dfs -chown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DestHost:destPort nn:8020 , LocalHost:localPort edge:0. Failed on local exception:"
            + " java.io.IOException: javax.security.sasl.SaslException: GSS initiate failed [Caused"
            + " by GSSException: No valid credentials provided (Mechanism level: Failed to find any"
            + " Kerberos tgt)]",
        "org.apache.hadoop.security.AccessControlException: Client cannot authenticate"
            + " via:[TOKEN, KERBEROS]",
        "token (token for attune: HDFS_DELEGATION_TOKEN) is expired, InvalidToken",
        "SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]",
      })
  void expiredTicketIsToldFromALackOfRights(String said) {
    Diagnosis diagnosis = Diagnosis.of(new IOException("call failed", new IOException(said)));

    assertThat(diagnosis.cause())
        .startsWith("the cluster asks for Kerberos, and there is no valid");
    assertThat(diagnosis.fix()).contains("kinit", "--keytab");
  }

  /**
   * Checks a stream whose write and close fail in the same way, which throws an exception about
   * Java's own rules.
   */
  @Test
  void troubleIsToldInTheWordsOfTheExceptionThatShowsIt() {
    String quota = "org.apache.hadoop.hdfs.protocol.DSQuotaExceededException";
    Throwable said = new RemoteException(quota, "The DiskSpace quota of /attune is exceeded");

    Diagnosis diagnosis =
        Diagnosis.of(new IllegalArgumentException("Self-suppression not permitted", said));

    assertThat(diagnosis.cause())
        .isEqualTo("its quota is used up (The DiskSpace quota of /attune is exceeded)");
  }

  @Test
  void probeLeavesHadoopsPatienceToTheWorkThatFollows() throws IOException {
    Configuration configuration = hdfs.configuration();
    RootProbe.of(Storage.at(hdfs.root(), configuration), configuration).requireReachable();

    assertThat(configuration.getInt("ipc.client.connect.max.retries", 10)).isEqualTo(10);
    try (FileSystem after = FileSystem.newInstance(files.getUri(), configuration)) {
      assertThat(after.exists(new org.apache.hadoop.fs.Path("/attune"))).isTrue();
    }
  }

  private static RootProbe probe(String root) {
    Configuration configuration =
        root.startsWith(hdfs.root()) ? hdfs.configuration() : new Configuration();
    return RootProbe.of(Storage.at(root, configuration), configuration);
  }

  private static void requireRefusal(ThrowingCallable work, String... parts) {
    assertThatThrownBy(work)
        .isInstanceOf(Failure.BadInput.class)
        .extracting(Throwable::getMessage)
        .asString()
        .contains(parts);
  }
}
