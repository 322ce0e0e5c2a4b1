package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests nights on a misconfigured cluster: one message, an exit code, no work done. */
class ClusterFailuresTest {
  @TempDir static Path hdfs;
  private static MiniDFSCluster cluster;
  private static DistributedFileSystem files;

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, hdfs.toString());
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    cluster.waitActive();
    files = cluster.getFileSystem();
  }

  @AfterAll
  static void stop() {
    // shutdown() would remove the hooks by which Spark deletes its folders.
    cluster.shutdownDataNodes();
    cluster.shutdownNameNodes();
  }

  @BeforeEach
  void makeRoot() throws IOException {
    files.delete(path("/attune"), true);
    files.mkdirs(path("/attune"));
    Files.writeString(folder.resolve("reviews.csv"), "text,stars\nfine,good\nawful,bad\n");
  }

  @Test
  void noHadoopConfiguration() throws IOException {
    assertThat(nightly("hdfs:///attune")).isEqualTo(3);
    requireMessage("it names no NameNode", "set HADOOP_CONF_DIR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nightly", "train", "runs", "show", "rollback"})
  void nameNodeThatIsDown(String command) throws IOException {
    assertThat(attune(command, rootThatIsDown())).isEqualTo(3);
    requireMessage("attune " + command + ": Cannot reach the root", "it does not answer");
  }

  @Test
  void nameNodeThatIsDownBeforeADemo() throws IOException {
    assertThat(run("demo", "--root", rootThatIsDown())).isEqualTo(3);
    requireMessage("attune demo: Cannot reach the root", "it does not answer");
  }

  @Test
  void safeMode() throws IOException {
    files.setSafeMode(SafeModeAction.SAFEMODE_ENTER);
    try {
      assertThat(nightly(root())).isEqualTo(3);
    } finally {
      files.setSafeMode(SafeModeAction.SAFEMODE_LEAVE);
    }
    requireMessage("in safe mode", "hdfs dfsadmin -safemode wait");
    requireNothingDone();
  }

  @Test
  void fullQuota() throws IOException {
    files.setQuota(path("/attune"), HdfsConstants.QUOTA_DONT_SET, 1024);

    assertThat(nightly(root())).isEqualTo(3);
    requireMessage("its quota is used up", "have the quota raised");
    requireNothingDone();
  }

  @Test
  void rootOfAnotherUser() throws Exception {
    UserGroupInformation guest = UserGroupInformation.createRemoteUser("guest");
    int code = guest.doAs((PrivilegedExceptionAction<Integer>) () -> nightly(root()));

    assertThat(code).isEqualTo(3);
    requireMessage("as user 'guest'", "may not write there", "--set root=");
    requireNothingDone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nightly", "train", "rollback"})
  void rootOfANewerAttune(String command) throws IOException {
    try (var out = files.create(path("/attune/attune.json"))) {
      out.write(
          "{\"version\":\"99.1.0\",\"commit\":\"abc\",\"since\":\"2026-01-01T00:00:00Z\"}"
              .getBytes(StandardCharsets.UTF_8));
    }

    assertThat(attune(command, root())).isEqualTo(3);
    requireMessage("Attune 99.1.0 has worked there since", "update this host to 99.1.0 or later");
    assertThat(files.exists(path("/attune/runs"))).isFalse();
  }

  @Test
  void doctorFailsWithTheSameReasons() throws IOException {
    files.setSafeMode(SafeModeAction.SAFEMODE_ENTER);
    try {
      assertThat(attune("doctor", root())).isEqualTo(3);
    } finally {
      files.setSafeMode(SafeModeAction.SAFEMODE_LEAVE);
    }
    assertThat(attune("doctor", root())).isZero();
  }

  private int nightly(String root) throws IOException {
    return attune("nightly", root);
  }

  private int attune(String command, String root) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("reviews.yaml"),
            """
            task: reviews
            root: %s
            heads: {mood: [bad, good]}
            model: {encoder: none}
            corpora:
              - {name: shop, path: reviews.csv, columns: {text: text, labels: {mood: stars}}}
            """
                .formatted(root));
    return run(command, "-c", config.toString());
  }

  private int run(String... arguments) {
    return Attune.run(
        arguments,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintWriter(err, true));
  }

  private void requireMessage(String... parts) {
    assertThat(err.toString().lines()).as(err.toString()).hasSize(1);
    assertThat(err.toString()).contains(parts).doesNotContain("at io.attune");
  }

  private static void requireNothingDone() throws IOException {
    assertThat(files.listStatus(path("/attune"))).isEmpty();
  }

  private static String rootThatIsDown() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "hdfs://127.0.0.1:" + socket.getLocalPort() + "/attune";
    }
  }

  private static String root() {
    return cluster.getURI() + "/attune";
  }

  private static org.apache.hadoop.fs.Path path(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }
}
