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
 * {@code attune.json} at a root: the newest version of Attune that worked there. A newer one takes
 * the root over; an older one is refused from then on, so that two never take turns.
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

  /** What a root says; empty if nothing was published there yet, or only by Attune before 0.1.0. */
  public static Optional<RootVersion> of(Storage storage) {
    return storage.exists(FILE_NAME)
        ? Optional.of(storage.readJson(FILE_NAME, RootVersion.class))
        : Optional.empty();
  }

  /**
   * Claims a root for the version that runs.
   *
   * @throws Failure.BadInput if a newer version has worked there
   */
  public static void record(Storage storage, Clock clock) {
    record(storage, Environment.version(), Environment.commit(), clock);
  }

  /**
   * Claims a root for this version; a build that does not know its version claims nothing.
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

  /** Whether a version can be compared; that of a build outside a checkout cannot. */
  public static boolean isKnown(String version) {
    return numbers(version).length > 0;
  }

  /** What an older version should do. */
  public String adviceForOlder() {
    return "update this host to %s or later; to go back on purpose, remove %s at the root"
        .formatted(version, FILE_NAME);
  }

  /** As {@link java.util.Comparator}, by the numbers alone: a snapshot is what it will become. */
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
