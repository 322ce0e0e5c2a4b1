package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** Runs a development cluster for tests, next to one that a developer may have up. */
final class DevelopmentCluster implements AutoCloseable {
  private static final String PORT = System.getProperty("attune.dev.port", "27200");
  private static final Pattern EXPORT = Pattern.compile("export (\\w+)='?([^'\\n]*)'?");
  private static final Path HOME = Path.of("target", "dev-cluster").toAbsolutePath();

  /** Holds the environment of its own commands. */
  private final Map<String, String> own;

  /** Holds the environment of its clients. */
  private final Map<String, String> environment = new HashMap<>();

  private DevelopmentCluster(int hosts, String security) {
    this.own =
        Map.of(
            "ATTUNE_DEV_HOME",
            HOME.toString(),
            "ATTUNE_DEV_PORT",
            PORT,
            "ATTUNE_DEV_HOSTS",
            Integer.toString(hosts),
            "ATTUNE_DEV_SECURITY",
            security);
  }

  static DevelopmentCluster up() throws IOException, InterruptedException {
    return up(1, "simple");
  }

  /**
   * Starts a cluster whose HDFS and YARN require a ticket; nights run as the user {@code attune}.
   */
  static DevelopmentCluster upWithKerberos() throws IOException, InterruptedException {
    return up(1, "kerberos");
  }

  /**
   * Starts a cluster on two hosts, one of which can be disconnected and filled, if this user may
   * create network namespaces and mount disks; else on one.
   */
  static DevelopmentCluster upOnTwoHostsIfItCanBe() throws IOException, InterruptedException {
    String host = "attune-tests";
    Commands.Outcome made = Commands.run("sh", "-c", "ip netns add " + host + " && losetup -f");
    Commands.run("sh", "-c", "ip netns delete " + host);
    return up(made.code() == 0 ? 2 : 1, "simple");
  }

  private static DevelopmentCluster up(int hosts, String security)
      throws IOException, InterruptedException {
    DevelopmentCluster cluster = new DevelopmentCluster(hosts, security);
    cluster.dev("up");
    Matcher export = EXPORT.matcher(cluster.dev("env"));
    while (export.find()) {
      cluster.environment.put(export.group(1), export.group(2));
    }
    return cluster;
  }

  boolean hasTwoHosts() {
    return own.get("ATTUNE_DEV_HOSTS").equals("2");
  }

  /** Returns the URI of its file system. */
  String files() {
    Configuration hadoop = new Configuration(false);
    String site = environment.get("HADOOP_CONF_DIR") + "/core-site.xml";
    hadoop.addResource(new org.apache.hadoop.fs.Path(site));
    return hadoop.get("fs.defaultFS");
  }

  /** Uploads the jars of a distribution to HDFS, once for all nights. */
  void keepJars(Path home) throws IOException, InterruptedException {
    dev("fs", "-mkdir", "-p", "/apps/attune");
    dev("fs", "-put", home.resolve("lib").toString(), "/apps/attune/");
    environment.put("ATTUNE_JARS", files() + "/apps/attune/lib");
  }

  /** Runs one command of the cluster, which must succeed. */
  String dev(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("dev/dev"));
    command.addAll(List.of(words));
    Commands.Outcome outcome = Commands.run(own, Path.of("").toAbsolutePath(), command);
    assertThat(outcome.code()).as(outcome.said()).isZero();
    return outcome.said();
  }

  /** Runs a launcher as an operator of this cluster would. */
  Commands.Outcome attune(Path home, String... words) throws IOException, InterruptedException {
    return attune(home, Map.of(), words);
  }

  /** Runs a launcher with additional environment variables. */
  Commands.Outcome attune(Path home, Map<String, String> more, String... words)
      throws IOException, InterruptedException {
    Map<String, String> all = environmentOf(home);
    all.putAll(more);
    return Commands.run(all, home, launcher(home, words));
  }

  /** Returns a file of the clients' configuration of Spark. */
  Path sparkConf(String name) {
    return Path.of(environment.get("SPARK_CONF_DIR"), name);
  }

  /** Returns the home of its clients' Spark. */
  Path sparkHome() {
    return Path.of(environment.get("SPARK_HOME"));
  }

  /** Starts a launcher without waiting for it; its output goes to a file. */
  Process startAttune(Path home, Path said, String... words) throws IOException {
    return startAttune(home, Map.of(), said, words);
  }

  /** Starts a launcher with additional environment variables, without waiting for it. */
  Process startAttune(Path home, Map<String, String> more, Path said, String... words)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(launcher(home, words)).directory(home.toFile());
    builder.environment().putAll(environmentOf(home));
    builder.environment().putAll(more);
    return builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
  }

  /** Returns the process of a running daemon. */
  ProcessHandle daemon(String name) throws IOException {
    long pid = Long.parseLong(Files.readString(HOME.resolve("pids").resolve(name)).strip());
    return ProcessHandle.of(pid).orElseThrow();
  }

  /**
   * Returns the JVMs that the cluster's daemons started: drivers and executors, running or paused.
   */
  List<ProcessHandle> workers() {
    Path data = HOME.resolve("data");
    return ProcessHandle.allProcesses()
        .filter(process -> folderOf(process).startsWith(data))
        .filter(process -> process.info().command().orElse("").endsWith("/java"))
        .toList();
  }

  private static Path folderOf(ProcessHandle process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
    } catch (IOException e) {
      return Path.of("/"); // it ended meanwhile
    }
  }

  private static List<String> launcher(Path home, String... words) {
    List<String> command = new ArrayList<>(List.of(home.resolve("attune").toString()));
    command.addAll(List.of(words));
    return command;
  }

  private Map<String, String> environmentOf(Path home) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("ATTUNE_LOG", home.resolve("attune.log").toString());
    return all;
  }

  /** Copies the logs of daemons, and of drivers and executors on YARN. */
  void keepLogs(Path folder) throws IOException, InterruptedException {
    Commands.Outcome copied =
        Commands.run("cp", "-r", HOME.resolve("logs").toString(), folder.toString());
    assertThat(copied.code()).as(copied.said()).isZero();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    dev("down", "--wipe");
  }
}
