package io.attune.jobs.doctor;

import io.attune.jobs.doctor.Check.Subject;
import io.attune.jobs.root.RootVersion;
import io.attune.pipeline.provenance.Environment;
import io.attune.pipeline.storage.RootProbe;
import io.attune.pipeline.storage.RunLock;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;

/** Checks the root: rights, clock, space, and the version of Attune that wrote it. */
final class RootChecks {
  private static final Subject ROOT =
      new Subject("root", "a night whose first stage cannot be published");
  private static final Subject CLOCK =
      new Subject("clock", "locks taken over from live processes, refused tickets, wrong dates");
  private static final Subject SPACE = new Subject("space", "a night that ends with a full disk");
  private static final Subject VERSIONS =
      new Subject("versions", "files that the other version of Attune cannot read");
  private static final Subject TICKET =
      new Subject("ticket", "a night that loses its rights in the middle");

  /** Bounds the clock skew: more than synchronised clocks differ or a request takes. */
  private static final Duration LARGE_SKEW = Duration.ofSeconds(30);

  /** Limits the wait for the file system. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final long LITTLE_SPACE = 2L << 30;

  private RootChecks() {}

  static List<Check> examine(String root, Configuration hadoop, Clock clock) {
    List<Check> checks = new ArrayList<>();
    checks.add(ticket());
    try {
      Storage storage = Storage.at(root, hadoop);
      Duration ahead = RootProbe.of(storage, hadoop).within(PATIENCE).requireWritable(clock);
      checks.add(ROOT.ok(storage.root() + ": create, rename, overwrite and remove are allowed"));
      checks.add(clock(ahead));
      checks.add(space(storage));
      checks.add(versions(RootVersion.of(storage), Environment.version()));
    } catch (Failure e) {
      checks.add(ROOT.failure(root, e.getMessage()));
    }
    return checks;
  }

  static Check clock(Duration ahead) {
    double seconds = ahead.toMillis() / 1000.0;
    String found =
        ahead.isZero()
            ? "agrees with the file system's"
            : "the file system's is %.1f s %s"
                .formatted(Math.abs(seconds), ahead.isNegative() ? "behind" : "ahead");
    String fix = "start chrony or systemd-timesyncd on both; timedatectl shows what it does";
    if (ahead.abs().compareTo(RunLock.STALE_AFTER) >= 0) {
      return CLOCK.failure(found, fix);
    }
    return ahead.abs().compareTo(LARGE_SKEW) > 0 ? CLOCK.warning(found, fix) : CLOCK.ok(found);
  }

  static Check versions(Optional<RootVersion> written, String own) {
    if (!RootVersion.isKnown(own)) {
      return VERSIONS.warning(
          "a build that does not know its version", "run one that Maven has built");
    }
    if (written.isEmpty()) {
      return VERSIONS.ok(own + ", the first on this root");
    }
    String theirs = written.get().version();
    int order = RootVersion.compare(own, theirs);
    if (order < 0) {
      return VERSIONS.failure(
          own + " here, " + theirs + " wrote this root", written.get().adviceForOlder());
    }
    return order == 0
        ? VERSIONS.ok(own + ", as the root")
        : VERSIONS.warning(
            own + " here, " + theirs + " wrote this root",
            "the next night takes the root over, and hosts that still have "
                + theirs
                + " are refused from then on: update them too");
  }

  private static Check ticket() {
    try {
      UserGroupInformation user = UserGroupInformation.getLoginUser();
      return ticket(
          UserGroupInformation.isSecurityEnabled(),
          user.hasKerberosCredentials(),
          user.isFromKeytab(),
          user.getUserName());
    } catch (IOException e) {
      return TICKET.failure("no login: " + e.getMessage(), "run kinit, and look with klist");
    }
  }

  static Check ticket(boolean secured, boolean has, boolean keytab, String user) {
    if (!secured) {
      return TICKET.ok("Kerberos is not asked for; user " + user);
    }
    if (!has) {
      return TICKET.failure(
          user + " has no ticket", "run kinit, or give the night a --principal and a --keytab");
    }
    return keytab
        ? TICKET.ok(user + ", from a keytab")
        : TICKET.warning(
            user + ", from a ticket that ends",
            "it is not renewed at night: give spark-submit --principal and --keytab");
  }

  private static Check space(Storage storage) {
    String scheme = storage.root().toUri().getScheme();
    if (!"file".equals(scheme)) {
      return SPACE.ok("not a local folder; quota and room were tried by writing");
    }
    try {
      Path path = Path.of(storage.root().toUri().getPath());
      long free = Files.getFileStore(path).getUsableSpace();
      String found = "%,d GiB free".formatted(free >> 30);
      return free >= LITTLE_SPACE
          ? SPACE.ok(found)
          : SPACE.warning(
              found,
              "remove datasets and checkpoints of old runs, never their intake and state; or choose"
                  + " another root");
    } catch (IOException | InvalidPathException e) {
      return SPACE.ok("not checked: " + e.getMessage());
    }
  }
}
