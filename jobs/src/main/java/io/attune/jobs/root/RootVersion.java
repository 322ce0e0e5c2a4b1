package io.attune.jobs.root;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.provenance.Environment;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/**
 * Records the newest version of Attune that worked below a root, in {@code attune.json}. A newer
 * version takes the root over; older ones are refused from then on, so that two never alternate.
 *
 * @param version such as {@code 0.1.0}
 * @param commit of its source
 * @param since ISO 8601, UTC
 */
public record RootVersion(String version, String commit, String since) {
  static final String FILE_NAME = "attune.json";

  public RootVersion {
    require(
        version != null && isKnown(version), "version must begin with numbers, got '%s'", version);
  }

  /** Reads the version of a root; empty if only Attune before 0.1.0 published there, or nothing. */
  public static Optional<RootVersion> of(Storage storage) {
    return storage.exists(FILE_NAME)
        ? Optional.of(storage.readJson(FILE_NAME, RootVersion.class))
        : Optional.empty();
  }

  /**
   * Records the running version at a root.
   *
   * @throws Failure.BadInput if a newer version has worked there
   */
  public static void record(Storage storage, Clock clock) {
    record(storage, Environment.version(), Environment.commit(), clock);
  }

  /**
   * Records a version at a root; a build that does not know its version records nothing.
   *
   * @throws Failure.BadInput if a newer version has worked there
   */
  static void record(Storage storage, String version, String commit, Clock clock) {
    if (!isKnown(version)) {
      return;
    }
    Optional<RootVersion> written = of(storage);
    int order = written.map(root -> compare(version, root.version())).orElse(1);
    if (order < 0) {
      throw new Failure.BadInput(
          "Attune %s cannot work below '%s': Attune %s has worked there since %s; %s",
          version,
          storage.root(),
          written.get().version(),
          written.get().since(),
          written.get().adviceForOlder());
    }
    if (order > 0) {
      String now = Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
      storage.replace(FILE_NAME, Json.pretty(new RootVersion(version, commit, now)));
    }
  }

  /** Returns whether a version can be compared; that of a build outside a checkout cannot. */
  public static boolean isKnown(String version) {
    return numbers(version).length > 0;
  }

  /** Returns what an operator of an older version should do. */
  public String adviceForOlder() {
    return "update this host to %s or later; to go back on purpose, remove %s at the root"
        .formatted(version, FILE_NAME);
  }

  /** Compares two versions by their numbers; a snapshot equals the version it precedes. */
  public static int compare(String a, String b) {
    return Arrays.compare(numbers(a), numbers(b));
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.replaceAll("[^0-9.].*", "").split("\\.", -1))
        .filter(part -> !part.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
