package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Injects faults into nights on a cluster: each ends correctly, or stops with a reason; run again,
 * it has the results of a night without a fault.
 *
 * <p>{@code -Dattune.chaos.runs} is the number of nights (2), {@code -Dattune.chaos.seed} the seed
 * of the first one (random); each next one has the next seed. A seed determines the fault, the
 * engine and the moment. Consecutive seeds go through all faults. The output of each night is kept
 * in {@code target/chaos}.
 */
class ChaosIT extends NightOnDevelopmentCluster {
  private static final Run RUN = SubmittedNight.RUN;
  private static final Path KEPT = Path.of("target", "chaos").toAbsolutePath();
  private static final int RUNS = Integer.getInteger("attune.chaos.runs", 2);

  /** Bounds the time of a night: one without a fault takes about one minute. */
  private static final Duration LIMIT = Duration.ofMinutes(6);

  /** Delays the operator, who repairs the cluster while the night still runs. */
  private static final Duration REACTION_TIME = Duration.ofSeconds(45);

  private static final int DONE = 0;
  private static final int BAD_INPUT = 3;
  private static final int BUSY = 7;
  private static final int KILLED = 128 + 9;

  /**
   * Describes the fault of a night, and its moment: a delay after a number of its stages are done.
   */
  record Plan(long seed, Fault fault, String engine, int stagesDone, Duration delay) {
    static Plan of(long seed, Random random) {
      Fault[] faults = Fault.values();
      return new Plan(
          seed,
          faults[(int) Math.floorMod(seed, (long) faults.length)],
          random.nextBoolean() ? "yarn" : "standalone",
          random.nextInt(-1, Stage.values().length), // -1: before it wrote its first state
          Duration.ofMillis(random.nextInt(4_000)));
    }
  }

  static LongStream seeds() {
    long first = Long.getLong("attune.chaos.seed", new Random().nextInt(1_000_000));
    return LongStream.range(first, first + RUNS);
  }

  @Override
  DevelopmentCluster startCluster() throws IOException, InterruptedException {
    Files.createDirectories(KEPT);
    return DevelopmentCluster.upOnTwoHostsIfItCanBe();
  }

  @BeforeAll
  void keepJars() throws IOException, InterruptedException {
    cluster.keepJars(night.home());
  }

  @AfterAll
  void keepLogs() throws IOException, InterruptedException {
    if (cluster != null) {
      cluster.keepLogs(KEPT);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void nightWithAFaultHasInTheEndTheResultsOfOneWithout(long seed) throws Exception {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    Plan plan = Plan.of(seed, random);
    assumeTrue(
        cluster.hasTwoHosts() || !Fault.OF_A_HOST.contains(plan.fault()),
        "only root can make a second host");
    say(seed, plan.toString());
    String path = "/attune/chaos-" + seed;
    String root = cluster.files() + path;
    cluster.dev("fs", "-mkdir", "-p", path);
    Storage storage = Storage.at(root, new Configuration());

    Path said = KEPT.resolve(seed + ".first.txt");
    Process launcher = start(plan.engine(), root, said);
    Fault.Target target = new Fault.Target(cluster, plan.engine(), path, launcher);
    try {
      awaitMoment(plan, storage, launcher);
      String found = launcher.isAlive() ? "" : "too late: ";
      say(seed, found + plan.fault().inject(target, random));
      if (!launcher.waitFor(REACTION_TIME.toSeconds(), TimeUnit.SECONDS)) {
        plan.fault().repair(target);
      }
      assertThat(launcher.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
          .as("the night ends within %s: %s", LIMIT, said)
          .isTrue();
    } finally {
      end(launcher);
      plan.fault().repair(target);
    }
    say(seed, "ended with " + launcher.exitValue() + ", " + stagesDone(storage) + " stages done");
    assertThat(launcher.exitValue()).as("see " + said).isIn(documented(plan.fault()));
    if (Set.of(BAD_INPUT, BUSY).contains(launcher.exitValue())) {
      assertThat(Files.readString(said)).as("the reason").contains("attune nightly: ");
    }

    boolean isComplete = launcher.exitValue() == DONE && leftovers(path).isEmpty();
    if (!isComplete) {
      runAgain(plan, root);
    }

    NightComparison.requireSame(RUN, storage, local);
    assertThat(storage.list("runs/" + RUN.task())).containsExactly(RUN.id());
    assertThat(leftovers(path)).isEmpty();
    say(seed, "has the results of a night without a fault");
  }

  private void runAgain(Plan plan, String root) throws Exception {
    Instant end = Instant.now().plus(LIMIT);
    Path said = KEPT.resolve(plan.seed() + ".again.txt");
    int code = BUSY;
    while (code == BUSY
        && Instant.now().isBefore(end)) { // the driver of the first attempt may still run
      Process launcher = start(plan.engine(), root, said);
      try {
        assertThat(launcher.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
            .as("run again, it ends within %s: %s", LIMIT, said)
            .isTrue();
      } finally {
        end(launcher);
      }
      code = launcher.exitValue();
      say(plan.seed(), "run again, ended with " + code);
    }
    assertThat(code).as("run again: see " + said).isZero();
  }

  /** Ends all processes of a night that did not end by itself. */
  private void end(Process launcher) throws InterruptedException {
    if (launcher.isAlive()) {
      launcher.descendants().forEach(ProcessHandle::destroyForcibly);
      launcher.destroyForcibly().waitFor();
      cluster.workers().forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static Set<Integer> documented(Fault fault) {
    return switch (fault) {
      case DRIVER_KILLED -> Set.of(DONE, KILLED);
      case WORKER_KILLED, PROCESS_PAUSED, HOST_CUT_OFF, DISK_FULL ->
          Set.of(DONE, BAD_INPUT, BUSY, KILLED); // on YARN, where the driver lost its host
      default -> Set.of(DONE, BAD_INPUT, BUSY);
    };
  }

  private static void awaitMoment(Plan plan, Storage storage, Process launcher) throws Exception {
    Instant end = Instant.now().plus(LIMIT);
    while (launcher.isAlive() && stagesDone(storage) < plan.stagesDone()) {
      assertThat(Instant.now()).as("the moment of " + plan).isBefore(end);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    var unused = launcher.waitFor(plan.delay().toMillis(), TimeUnit.MILLISECONDS);
  }

  private static int stagesDone(Storage storage) throws IOException {
    String state = RUN.folder() + "/state.json";
    return storage.exists(state)
        ? new ObjectMapper().readTree(storage.read(state)).get("stages").size()
        : -1;
  }

  /** Returns the files that only a night in progress may have below its root. */
  private List<String> leftovers(String path) throws IOException, InterruptedException {
    return cluster
        .dev("fs", "-ls", "-R", "-C", path)
        .lines()
        .filter(line -> line.matches(".*/(\\.staging-|\\.lock|\\.probe|_temporary|_SUCCESS).*"))
        .toList();
  }

  private Process start(String engine, String root, Path said) throws IOException {
    return cluster.startAttune(night.home(), said, night.words(engine, root));
  }

  private static void say(long seed, String what) {
    System.err.printf("chaos %d: %s%n", seed, what);
  }
}
