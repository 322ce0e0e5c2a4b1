package io.attune.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Provenance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.AbstractFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FilterFs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final Provenance PROVENANCE =
      new Provenance(
          "news", "1", "train", NOW.toString(), "me", "here", Map.of(), "0", "unknown", Map.of());
  private static final String FILE = "runs/news/.lock";

  @TempDir Path folder;
  private Storage storage;

  @BeforeEach
  void openStorage() {
    storage = Storage.at(folder.toUri().toString(), new Configuration());
  }

  @Test
  void secondHolderIsRefusedAndToldOfTheFirst() {
    try (RunLock first = RunLock.acquire(storage, "news", "2026-01-02.1", CLOCK)) {
      assertThatThrownBy(() -> RunLock.acquire(storage, "news", "2026-01-02.1", CLOCK))
          .isInstanceOf(Failure.Busy.class)
          .hasMessageContaining("run 2026-01-02.1")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    assertThat(storage.exists(FILE)).isFalse();
  }

  @Test
  void anotherTaskIsFree() {
    try (RunLock news = RunLock.acquire(storage, "news", "1", CLOCK);
        RunLock reviews = RunLock.acquire(storage, "reviews", "1", CLOCK)) {
      assertThat(storage.exists("runs/reviews/.lock")).isTrue();
    }
  }

  @Test
  void holderWhoseProcessIsGoneIsTakenOver() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    hold(ended.pid(), RunLock.place());

    try (RunLock taken = RunLock.acquire(storage, "news", "2", CLOCK)) {
      assertThat(storage.readJson(FILE, RunLock.Holder.class).pid())
          .isEqualTo(ProcessHandle.current().pid());
    }
  }

  /** Tests a container or a user whose processes this one does not see, on a host of its name. */
  @Test
  void holderWhoseProcessCannotBeSeenIsLeftAlone() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    hold(ended.pid(), RunLock.place() + " of another user");

    assertThatThrownBy(() -> RunLock.acquire(storage, "news", "2", CLOCK))
        .isInstanceOf(Failure.Busy.class);
  }

  @Test
  void silentHolderOfAnotherHostIsTakenOver() {
    hold("elsewhere", 1, NOW.minus(RunLock.STALE_AFTER).minusSeconds(1));

    try (RunLock taken = RunLock.acquire(storage, "news", "2", CLOCK)) {
      assertThat(storage.readJson(FILE, RunLock.Holder.class).host()).isNotEqualTo("elsewhere");
    }
  }

  @Test
  void holderOfAnotherHostThatWasSeenIsLeftAlone() {
    hold("elsewhere", 1, NOW.minus(Duration.ofMinutes(1)));

    assertThatThrownBy(() -> RunLock.acquire(storage, "news", "2", CLOCK))
        .isInstanceOf(Failure.Busy.class)
        .hasMessageContaining("'elsewhere'");
  }

  @Test
  void onlyOneOfTwoTakesOverADeadHolder() {
    hold("elsewhere", 1, NOW.minus(Duration.ofDays(1)));
    storage.create(FILE + "-after-token", Json.pretty(holder("third", 2, NOW)));

    assertThatThrownBy(() -> RunLock.acquire(storage, "news", "2", CLOCK))
        .isInstanceOf(Failure.Busy.class)
        .hasMessageContaining("being taken over");
  }

  @Test
  void takeOverThatWasItselfCutOffIsOutOfTheWayTheNextTime() {
    hold("elsewhere", 1, NOW.minus(Duration.ofDays(1)));
    Instant longAgo = NOW.minus(Duration.ofHours(1));
    storage.create(FILE + "-after-token", Json.pretty(holder("third", 2, longAgo)));

    assertThatThrownBy(() -> RunLock.acquire(storage, "news", "2", CLOCK))
        .isInstanceOf(Failure.Busy.class);
    try (RunLock taken = RunLock.acquire(storage, "news", "2", CLOCK)) {
      assertThat(storage.readJson(FILE, RunLock.Holder.class).run()).isEqualTo("2");
    }
  }

  @Test
  void lockThatWasTakenOverIsNotGivenBackByItsOldHolder() {
    RunLock old = RunLock.acquire(storage, "news", "1", CLOCK);
    hold("elsewhere", 1, NOW);

    old.close();

    assertThat(storage.readJson(FILE, RunLock.Holder.class).host()).isEqualTo("elsewhere");
  }

  @Test
  void holderThatWasTakenOverChangesNothingAnyMore() {
    byte[] bytes = {1};
    try (RunLock old = RunLock.acquire(storage, "news", "1", CLOCK)) {
      storage.replace("before", bytes);
      assertThatThrownBy(
              () ->
                  Artefacts.of(storage)
                      .publish(
                          "models/news/1",
                          PROVENANCE,
                          staging -> {
                            staging.write("model", bytes);
                            hold("elsewhere", 1, NOW);
                            return Map.of();
                          }))
          .isInstanceOf(Failure.Busy.class)
          .hasMessageContaining("lost its lock")
          .hasMessageContaining("'elsewhere'");
      assertThatThrownBy(() -> storage.replace("after", bytes)).isInstanceOf(Failure.Busy.class);
      assertThatThrownBy(() -> Artefacts.of(storage).retire("before"))
          .isInstanceOf(Failure.Busy.class);
      assertThatThrownBy(() -> Artefacts.of(storage).removeAbandoned("models/news"))
          .isInstanceOf(Failure.Busy.class);
    }
    assertThat(storage.exists("before")).isTrue();
    assertThat(storage.exists("after")).isFalse();
    assertThat(storage.exists("models/news/1")).isFalse();
    storage.replace("after", bytes); // this storage has no lock any more
    assertThat(storage.exists("after")).isTrue();
  }

  @Test
  void lockThatIsGivenBackWhileItIsReadIsNobodysAndNoFailure() {
    hold("elsewhere", 1, NOW);
    Storage giving = givingBack();

    assertThat(RunLock.holder(giving, "news", CLOCK)).isEmpty();
    hold("elsewhere", 1, NOW);
    assertThatThrownBy(() -> RunLock.acquire(giving, "news", "2", CLOCK))
        .isInstanceOf(Failure.Busy.class)
        .hasMessageContaining("was just released; try again");
  }

  private Storage givingBack() {
    Configuration configuration = new Configuration();
    configuration.setClass(
        "fs.AbstractFileSystem.file.impl", GivingBack.class, AbstractFileSystem.class);
    return Storage.at(folder.toUri().toString(), configuration);
  }

  /** Deletes each local file at the moment in which it is opened. */
  public static final class GivingBack extends FilterFs {
    public GivingBack(URI uri, Configuration unused) throws IOException, URISyntaxException {
      super(AbstractFileSystem.get(uri, new Configuration()));
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file) throws IOException {
      delete(file, false);
      return super.open(file);
    }
  }

  private void hold(long pid, String place) throws IOException {
    String host = InetAddress.getLocalHost().getHostName();
    String now = NOW.toString();
    storage.replace(
        FILE, Json.pretty(new RunLock.Holder("token", host, pid, place, "1", now, now)));
  }

  private void hold(String host, long pid, Instant seen) {
    storage.replace(FILE, Json.pretty(holder(host, pid, seen)));
  }

  private static RunLock.Holder holder(String host, long pid, Instant seen) {
    return new RunLock.Holder("token", host, pid, null, "1", seen.toString(), seen.toString());
  }
}
