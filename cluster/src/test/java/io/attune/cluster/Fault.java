package io.attune.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Lists the faults of a cluster while a night runs on it. */
enum Fault {
  EXECUTOR_KILLED,
  WORKER_KILLED,
  DATANODE_KILLED,
  DRIVER_KILLED,
  NAMENODE_KILLED,
  PROCESS_PAUSED,
  HOST_CUT_OFF,
  DISK_FULL,
  QUOTA_USED_UP;

  /** Lists the faults that need a second host. */
  static final Set<Fault> OF_A_HOST = EnumSet.of(HOST_CUT_OFF, DISK_FULL);

  private static final Duration LIMIT = Duration.ofSeconds(90);

  /**
   * Holds the target of a fault.
   *
   * @param engine engine of the night: yarn or standalone
   * @param root the night's, a path on HDFS
   */
  record Target(DevelopmentCluster cluster, String engine, String root, Process night) {
    /** Waits for a process of the night; returns null if the night ended without it. */
    private ProcessHandle await(String mainClass, Random random) throws InterruptedException {
      Instant end = Instant.now().plus(LIMIT);
      while (night.isAlive() && Instant.now().isBefore(end)) {
        List<ProcessHandle> found =
            java.util.stream.Stream.concat(cluster.workers().stream(), night.descendants())
                .filter(process -> runs(process, mainClass))
                .sorted(Comparator.comparing(ProcessHandle::pid))
                .toList();
        if (!found.isEmpty()) {
          return found.get(random.nextInt(found.size()));
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
      return null;
    }

    private ProcessHandle executor(Random random) throws InterruptedException {
      return await("CoarseGrainedExecutorBackend", random);
    }

    private ProcessHandle driver(Random random) throws InterruptedException {
      return await(
          engine.equals("yarn")
              ? "org.apache.spark.deploy.yarn.ApplicationMaster"
              : "org.apache.spark.deploy.SparkSubmit",
          random);
    }

    private String worker(Random random) {
      return (engine.equals("yarn") ? "nodemanager" : "worker") + (1 + random.nextInt(2));
    }

    private static boolean runs(ProcessHandle process, String mainClass) {
      try {
        return process.info().command().orElse("").endsWith("/java")
            && Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                .contains(mainClass);
      } catch (IOException e) {
        return false; // it ended meanwhile
      }
    }
  }

  /**
   * Injects the fault, and returns when one that ends by itself has ended: a pause, a
   * disconnection, a restart of the NameNode.
   *
   * @return a description for people
   */
  String inject(Target target, Random random) throws IOException, InterruptedException {
    return switch (this) {
      case EXECUTOR_KILLED -> kill("executor", target.executor(random));
      case DRIVER_KILLED -> kill("driver", target.driver(random));
      case WORKER_KILLED -> killDaemon(target, target.worker(random));
      case DATANODE_KILLED -> killDaemon(target, "datanode" + (1 + random.nextInt(2)));
      case NAMENODE_KILLED -> restartNameNode(target, 1 + random.nextInt(30));
      case PROCESS_PAUSED -> pause(target, random);
      case HOST_CUT_OFF -> cutOff(target, 5 + random.nextInt(60));
      case DISK_FULL -> {
        target.cluster().dev("fill");
        yield "nothing more fits on the second host's disk";
      }
      case QUOTA_USED_UP -> {
        target.cluster().dev("admin", "-setSpaceQuota", "1k", target.root());
        yield "nothing more fits below " + target.root();
      }
    };
  }

  /** Repairs what an operator would repair. */
  void repair(Target target) throws IOException, InterruptedException {
    if (this == DISK_FULL) {
      target.cluster().dev("empty");
    }
    target.cluster().dev("up");
    if (this == QUOTA_USED_UP) {
      target.cluster().dev("admin", "-clrSpaceQuota", target.root());
    }
  }

  private static String killDaemon(Target target, String daemon) throws IOException {
    return kill(daemon, target.cluster().daemon(daemon));
  }

  private static String kill(String name, ProcessHandle process) {
    if (process == null) {
      return "no " + name + " was there to be killed";
    }
    process.destroyForcibly();
    process.onExit().join();
    return "killed %s, process %d".formatted(name, process.pid());
  }

  private static String restartNameNode(Target target, int seconds)
      throws IOException, InterruptedException {
    String killed = killDaemon(target, "namenode");
    TimeUnit.SECONDS.sleep(seconds);
    target.cluster().dev("start", "namenode");
    return killed + ", started again after " + seconds + " s";
  }

  /**
   * Disconnects the second host for a while; clients on both sides wait for answers, and continue
   * by themselves.
   */
  private static String cutOff(Target target, int seconds)
      throws IOException, InterruptedException {
    target.cluster().dev("cut");
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } finally {
      target.cluster().dev("join");
    }
    return "cut the second host off for " + seconds + " s";
  }

  private static String pause(Target target, Random random)
      throws IOException, InterruptedException {
    int seconds = 5 + random.nextInt(25);
    String name =
        switch (random.nextInt(5)) {
          case 0 -> "executor";
          case 1 -> "driver";
          case 2 -> "namenode";
          case 3 -> "datanode" + (1 + random.nextInt(2));
          default -> target.worker(random);
        };
    ProcessHandle process =
        switch (name) {
          case "executor" -> target.executor(random);
          case "driver" -> target.driver(random);
          default -> target.cluster().daemon(name);
        };
    if (process == null) {
      return "no " + name + " was there to be paused";
    }
    String pid = Long.toString(process.pid());
    Commands.Outcome stopped = Commands.run("kill", "-STOP", pid);
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } finally {
      Commands.run("kill", "-CONT", pid);
    }
    return stopped.code() == 0
        ? "paused %s, process %s, for %d s".formatted(name, pid, seconds)
        : "the " + name + " ended before it could be paused";
  }
}
