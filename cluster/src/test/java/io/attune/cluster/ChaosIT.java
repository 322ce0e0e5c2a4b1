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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nights on a cluster that something befalls: each ends right, or stops with a reason; run again,
 * it has made what an undisturbed night makes.
 *
 * <p>{@code -Dattune.chaos.runs} is how many (2), {@code -Dattune.chaos.seed} the seed of the first
 * one (drawn); each next one has the next seed. A seed stands for the fault, the engine and the
 * moment. Consecutive seeds go through all faults. What each night said is kept in {@code
 * target/chaos}.
 */
@Tag("cluster")
class ChaosIT {
  private static final Run RUN = SubmittedNight.RUN;
  private static final Path KEPT = Path.of("target", "chaos").toAbsolutePath();
  private static final int RUNS = Integer.getInteger("attune.chaos.runs", 2);

  /** How long a night may take: an undisturbed one takes about one minute. */
  private static final Duration LIMIT = Duration.ofMinutes(6);

  /** When an operator looks after a night that goes on. */
  private static final Duration UNNOTICED = Duration.ofSeconds(45);

  private static final int DONE = 0;
  private static final int BAD_INPUT = 3;
  private static final int BUSY = 7;
  private static final int KILLED = 128 + 9;

  @TempDir static Path folder;
  private static DevelopmentCluster cluster;
  private static SubmittedNight submitted;
  private static Storage undisturbed;

  /** What befalls a night, and when: so long after so many of its stages are done. */
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

  @BeforeAll
  static void runUndisturbed() throws IOException, InterruptedException {
    Files.createDirectories(KEPT);
    cluster = DevelopmentCluster.upOnTwoHostsIfItCanBe();
    submitted = SubmittedNight.on(cluster, folder);
    undisturbed = submitted.run("local", "file://" + folder.resolve("undisturbed"));
    cluster.keepJars(submitted.home());
  }

  @AfterAll
  static void stop() throws IOException, InterruptedException {
    if (cluster != null) {
      cluster.keepLogs(KEPT);
      cluster.close();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void nightThatSomethingBefallsIsInTheEndAnUndisturbedNight(long seed) throws Exception {
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
    Process night = start(plan.engine(), root, said);
    Fault.Target target = new Fault.Target(cluster, plan.engine(), path, night);
    try {
      awaitMoment(plan, storage, night);
      String found = night.isAlive() ? "" : "too late: ";
      say(seed, found + plan.fault().strike(target, random));
      if (!night.waitFor(UNNOTICED.toSeconds(), TimeUnit.SECONDS)) {
        plan.fault().mend(target);
      }
      assertThat(night.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
          .as("the night ends within %s: %s", LIMIT, said)
          .isTrue();
    } finally {
      end(night);
      plan.fault().mend(target);
    }
    say(seed, "ended with " + night.exitValue() + ", " + stagesDone(storage) + " stages done");
    assertThat(night.exitValue()).as("see " + said).isIn(documented(plan.fault()));
    if (Set.of(BAD_INPUT, BUSY).contains(night.exitValue())) {
      assertThat(Files.readString(said)).as("the reason").contains("attune nightly: ");
    }

    boolean isWhole = night.exitValue() == DONE && leftovers(path).isEmpty();
    if (!isWhole) {
      runAgain(plan, root);
    }

    NightComparison.requireSame(RUN, storage, undisturbed);
    assertThat(storage.list("runs/" + RUN.task())).containsExactly(RUN.id());
    assertThat(leftovers(path)).isEmpty();
    say(seed, "is an undisturbed night");
  }

  private static void runAgain(Plan plan, String root) throws Exception {
    Instant end = Instant.now().plus(LIMIT);
    Path said = KEPT.resolve(plan.seed() + ".again.txt");
    int code = BUSY;
    while (code == BUSY && Instant.now().isBefore(end)) { // a driver that nobody waits for any more
      Process night = start(plan.engine(), root, said);
      try {
        assertThat(night.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
            .as("run again, it ends within %s: %s", LIMIT, said)
            .isTrue();
      } finally {
        end(night);
      }
      code = night.exitValue();
      say(plan.seed(), "run again, ended with " + code);
    }
    assertThat(code).as("run again: see " + said).isZero();
  }

  /** Leaves nothing of a night running that did not end by itself. */
  private static void end(Process night) throws InterruptedException {
    if (night.isAlive()) {
      night.descendants().forEach(ProcessHandle::destroyForcibly);
      night.destroyForcibly().waitFor();
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

  private static void awaitMoment(Plan plan, Storage storage, Process night) throws Exception {
    Instant end = Instant.now().plus(LIMIT);
    while (night.isAlive() && stagesDone(storage) < plan.stagesDone()) {
      assertThat(Instant.now()).as("the moment of " + plan).isBefore(end);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    var unused = night.waitFor(plan.delay().toMillis(), TimeUnit.MILLISECONDS);
  }

  private static int stagesDone(Storage storage) throws IOException {
    String state = RUN.folder() + "/state.json";
    return storage.exists(state)
        ? new ObjectMapper().readTree(storage.read(state)).get("stages").size()
        : -1;
  }

  /** What only a night in progress may have below its root. */
  private static List<String> leftovers(String path) throws IOException, InterruptedException {
    return cluster
        .dev("fs", "-ls", "-R", "-C", path)
        .lines()
        .filter(line -> line.matches(".*/(\\.staging-|\\.lock|\\.probe|_temporary|_SUCCESS).*"))
        .toList();
  }

  private static Process start(String engine, String root, Path said) throws IOException {
    return cluster.startAttune(submitted.home(), said, submitted.words(engine, root));
  }

  private static void say(long seed, String what) {
    System.err.printf("chaos %d: %s%n", seed, what);
  }
}
