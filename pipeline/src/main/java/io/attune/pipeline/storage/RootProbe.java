package io.attune.pipeline.storage;

import io.attune.schemas.failure.Failure;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Tries a root before work starts. Hadoop's own timeout for a server that does not answer is a
 * quarter of an hour; a probe's is {@link #LIMIT}, whatever the file system, and the work that
 * follows keeps Hadoop's.
 */
public final class RootProbe {
  /**
   * Limits the time of a probe: longer than the longest pause of garbage collection of a healthy
   * NameNode.
   */
  public static final Duration LIMIT = Duration.ofSeconds(20);

  private static final byte[] BYTES = "attune\n".getBytes(StandardCharsets.UTF_8);

  private final Storage storage;
  private final Configuration configuration;
  private final Duration limit;

  private RootProbe(Storage storage, Configuration configuration, Duration limit) {
    this.storage = storage;
    this.configuration = configuration;
    this.limit = limit;
  }

  /** Returns a probe of an opened root; nothing is asked yet. */
  public static RootProbe of(Storage storage, Configuration configuration) {
    return new RootProbe(storage, configuration, LIMIT);
  }

  /** Returns the same probe with another time limit than {@link #LIMIT}. */
  public RootProbe within(Duration other) {
    return new RootProbe(storage, configuration, other);
  }

  /**
   * Checks that the file system answers; the root need not exist.
   *
   * @throws Failure.BadInput if the file system gives none within {@link #LIMIT}, saying why
   */
  public void requireReachable() {
    bounded(
        "reach",
        () -> {
          try (FileSystem files = withShortTimeouts()) {
            return files.getFileStatus(storage.root()).isDirectory();
          } catch (FileNotFoundException e) {
            return false;
          }
        });
  }

  /**
   * Checks that a file below the root can be created, renamed, overwritten and removed, as
   * publishing does; creates the root if it does not exist.
   *
   * @return how far the file system's clock is ahead of this machine's
   * @throws Failure.BadInput if any of it fails or is not done within {@link #LIMIT}, saying why
   */
  public Duration requireWritable(Clock clock) {
    requireReachable();
    return bounded(
        "write below",
        () -> {
          Path first = storage.resolve(".write-test-" + UUID.randomUUID());
          Path second = first.suffix("-renamed");
          try (FileSystem files = withShortTimeouts();
              Closeable traces =
                  () -> {
                    files.delete(first, false);
                    files.delete(second, false);
                  }) {
            return write(files, first, second, clock);
          }
        });
  }

  private Duration write(FileSystem files, Path first, Path second, Clock clock)
      throws IOException {
    Instant before = Instant.now(clock);
    try (OutputStream out = files.create(first, true)) {
      out.write(BYTES); // only written bytes can exceed a space quota
    }
    Instant written = Instant.ofEpochMilli(files.getFileStatus(first).getModificationTime());
    Instant after = Instant.now(clock);
    // Only FileContext can replace a file by renaming, but it cannot be closed: it is used only
    // after the file system has answered.
    FileContext context = FileContext.getFileContext(files.getUri(), configuration);
    context.rename(first, second);
    try (OutputStream out = context.create(first, EnumSet.of(CreateFlag.CREATE))) {
      out.write(BYTES);
    }
    context.rename(first, second, Options.Rename.OVERWRITE);
    if (written.isBefore(before)) {
      return Duration.between(before, written);
    }
    return written.isAfter(after) ? Duration.between(after, written) : Duration.ZERO;
  }

  /** Opens a separate file system, whose connections end with it, and that gives up early. */
  private FileSystem withShortTimeouts() throws IOException {
    return FileSystem.newInstance(storage.root().toUri(), FileSystems.brief(configuration));
  }

  private <T> T bounded(String verb, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "root-probe");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failure(verb, e.getCause());
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new Failure.BadInput(
          e,
          "Cannot %s the root '%s' as user '%s': no answer within %d seconds; check that the file"
              + " system is up and that host and port are right",
          verb,
          storage.root(),
          Diagnosis.user(),
          limit.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while probing " + storage.root(), e);
    }
  }

  private Failure failure(String verb, Throwable thrown) {
    Diagnosis diagnosis = Diagnosis.of(thrown);
    return new Failure.BadInput(
        thrown,
        "Cannot %s the root '%s' as user '%s': %s; %s",
        verb,
        storage.root(),
        Diagnosis.user(),
        diagnosis.cause(),
        diagnosis.fix());
  }
}
