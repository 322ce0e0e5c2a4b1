package io.attune.pipeline.storage;

import io.attune.pipeline.storage.CurrentModel.Move;
import io.attune.schemas.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds the model of a task that each new one is held against, however often the current one
 * changes: the one that a person has pinned (the file {@code models/<task>/anchor}), else the first
 * that ever was current.
 */
public final class AnchorModel {
  private final Storage storage;
  private final String task;

  private AnchorModel(Storage storage, String task) {
    this.storage = storage;
    this.task = task;
  }

  public static AnchorModel of(Storage storage, String task) {
    return new AnchorModel(storage, task);
  }

  /** Holds the file's content, the latest pin last. */
  private record Pins(String version, List<Move> history) {
    Pins {
      Objects.requireNonNull(version, "version is missing");
      history = List.copyOf(Objects.requireNonNull(history, "history is missing"));
    }
  }

  /** Returns the version of the anchor; empty before the first promotion. */
  public Optional<String> version() {
    return pins()
        .map(Pins::version)
        .or(() -> CurrentModel.of(storage, task).history().stream().findFirst().map(Move::version));
  }

  /**
   * Pins a model; pinning the pinned one again changes nothing.
   *
   * @param reason for people
   */
  public void pin(String version, String reason, Clock clock) {
    Optional<Pins> before = pins();
    if (before.map(Pins::version).equals(Optional.of(version))) {
      return;
    }
    List<Move> history = new ArrayList<>(before.map(Pins::history).orElse(List.of()));
    history.add(
        new Move(version, Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString(), reason));
    storage.replace(file(), Json.pretty(new Pins(version, history)));
  }

  private Optional<Pins> pins() {
    return storage.exists(file())
        ? Optional.of(storage.readJson(file(), Pins.class))
        : Optional.empty();
  }

  private String file() {
    return "models/" + task + "/anchor";
  }
}
