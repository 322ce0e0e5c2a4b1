package io.attune.pipeline.storage;

import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets only one process at a time work on a task: a file that its holder created and renews.
 *
 * <p>A lock is expired when its holder's process is gone, which only a process of the same user
 * that sees the same processes of the same running kernel can say, or when the file was not renewed
 * for {@link #STALE_AFTER}; it is then taken over. A holder that was only slow, or cut off from the
 * file system, notices that before its next change: while a lock is held, its {@link Storage}
 * checks it before every change. Only the moment between the last check and the change remains.
 */
public final class RunLock implements AutoCloseable {
  /**
   * Sets when a lock expires: after six missed heartbeats, longer than a pause that a live process
   * survives.
   */
  public static final Duration STALE_AFTER = Duration.ofMinutes(3);

  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);

  private final Storage storage;
  private final String file;
  private final Holder self;
  private final Clock clock;
  private final Runnable removeGuard;
  private final ScheduledExecutorService heartbeat;

  /**
   * Describes the holder of a lock.
   *
   * @param place where its pid means something: kernel since its boot, namespace of processes, and
   *     user; null where that is not known
   */
  record Holder(
      String token, String host, long pid, String place, String run, String since, String seen) {
    Holder {
      Objects.requireNonNull(token, "token is missing");
      Objects.requireNonNull(seen, "seen is missing");
    }

    Holder seenAt(Instant now) {
      return new Holder(token, host, pid, place, run, since, now.toString());
    }

    @Override
    public String toString() {
      return "process %d on host '%s' since %s".formatted(pid, host, since);
    }
  }

  private RunLock(Storage storage, String file, Holder self, Clock clock) {
    this.storage = storage;
    this.file = file;
    this.self = self;
    this.clock = clock;
    this.removeGuard = storage.guardWritesWith(this::requireHeld);
    this.heartbeat =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "lock-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        heartbeat.scheduleAtFixedRate(
            this::renew, HEARTBEAT.toSeconds(), HEARTBEAT.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * Takes the lock of a task.
   *
   * @param run what the holder works on, for the message to a process that is refused
   * @throws Failure.Busy naming the holder, if a live process has it
   */
  public static RunLock acquire(Storage storage, String task, String run, Clock clock) {
    String file = "runs/" + task + "/.lock";
    Instant now = Instant.now(clock).truncatedTo(ChronoUnit.SECONDS);
    Holder self =
        new Holder(
            UUID.randomUUID().toString(),
            host(),
            ProcessHandle.current().pid(),
            place(),
            run,
            now.toString(),
            now.toString());
    if (!storage.create(file, Json.pretty(self))) {
      Holder holder =
          storage.findJson(file, Holder.class).orElseThrow(() -> released(storage, file));
      if (!isExpired(holder, now)) {
        throw new Failure.Busy(
            "Task '%s' is being worked on: run %s, process %d on host '%s', since %s, last seen %s;"
                + " wait for it to end. An expired lock is taken over after %d minutes, or remove"
                + " '%s' if you are sure",
            task,
            holder.run(),
            holder.pid(),
            holder.host(),
            holder.since(),
            holder.seen(),
            STALE_AFTER.toMinutes(),
            storage.resolve(file));
      }
      takeOver(storage, file, self, holder, now);
    }
    return new RunLock(storage, file, self, clock);
  }

  /**
   * Describes the process that works on a task now; empty if there is none, or its lock is expired.
   */
  public static Optional<String> holder(Storage storage, String task, Clock clock) {
    String file = "runs/" + task + "/.lock";
    return storage
        .findJson(file, Holder.class)
        .filter(holder -> !isExpired(holder, Instant.now(clock)))
        .map(Holder::toString);
  }

  private static Failure.Busy released(Storage storage, String file) {
    return new Failure.Busy("The lock '%s' was just released; try again", storage.resolve(file));
  }

  /** Releases the lock, unless another process has taken it over. */
  @Override
  public synchronized void close() {
    heartbeat.shutdownNow();
    removeGuard.run();
    if (isHeld()) {
      storage.delete(file);
    }
  }

  /**
   * Renews the lock. A failure of the file system must not end the heartbeat, which would not be
   * scheduled again.
   */
  private synchronized void renew() {
    try {
      if (isHeld()) {
        storage.replace(
            file, Json.pretty(self.seenAt(Instant.now(clock).truncatedTo(ChronoUnit.SECONDS))));
      }
    } catch (RuntimeException e) {
      LOG.warn("The lock '{}' was not renewed: {}", storage.resolve(file), e.getMessage());
    }
  }

  /**
   * Checks that the lock is held, never while the heartbeat replaces the file: some file systems do
   * that in two steps.
   */
  private synchronized void requireHeld() {
    if (!isHeld()) {
      throw new Failure.Busy(
          "This process lost its lock on the task, since it could not renew it for %d minutes or"
              + " the lock was removed, and changes nothing any more; now %s. Wait for it to end",
          STALE_AFTER.toMinutes(),
          storage
              .findJson(file, Holder.class)
              .map(holder -> "%s has '%s'".formatted(holder, storage.resolve(file)))
              .orElse("'%s' is gone".formatted(storage.resolve(file))));
    }
  }

  private boolean isHeld() {
    return storage
        .findJson(file, Holder.class)
        .filter(holder -> holder.token().equals(self.token()))
        .isPresent();
  }

  /**
   * Takes over an expired lock. Of several processes that find it expired, the one that creates the
   * marker wins.
   */
  private static void takeOver(
      Storage storage, String file, Holder self, Holder expired, Instant now) {
    String marker = file + "-after-" + expired.token();
    if (!storage.create(marker, Json.pretty(self))) {
      if (storage
          .findJson(marker, Holder.class)
          .filter(other -> isExpired(other, now))
          .isPresent()) {
        storage.delete(marker);
      }
      throw new Failure.Busy(
          "The expired lock of a process is being taken over by another one; try again, and if"
              + " this message stays, remove '%s'",
          storage.resolve(marker));
    }
    try {
      Holder holder =
          storage.findJson(file, Holder.class).orElseThrow(() -> released(storage, file));
      if (!holder.token().equals(expired.token())) {
        throw new Failure.Busy(
            "The expired lock of a process was taken over by process %d on host '%s' a moment ago",
            holder.pid(), holder.host());
      }
      storage.replace(file, Json.pretty(self));
    } finally {
      storage.delete(marker);
    }
  }

  private static boolean isExpired(Holder holder, Instant now) {
    boolean silent = Instant.parse(holder.seen()).plus(STALE_AFTER).isBefore(now);
    return silent || isGone(holder);
  }

  /** Returns whether its process is known to have ended. */
  private static boolean isGone(Holder holder) {
    String here = place();
    return here != null && here.equals(holder.place()) && ProcessHandle.of(holder.pid()).isEmpty();
  }

  /** Returns where pids of this process mean something; null where that is not known. */
  static String place() {
    try {
      return String.join(
          " ",
          Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip(),
          Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString(),
          System.getProperty("user.name"));
    } catch (IOException e) {
      LOG.debug("It is not known which processes this one sees", e);
      return null;
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
