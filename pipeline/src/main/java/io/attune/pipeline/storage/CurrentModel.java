package io.attune.pipeline.storage;

import io.attune.schemas.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds which model of a task is in use: the file {@code models/<task>/current}, replaced in one
 * step, with every move that was ever made.
 */
public final class CurrentModel {
  private final Storage storage;
  private final String file;

  private CurrentModel(Storage storage, String file) {
    this.storage = storage;
    this.file = file;
  }

  public static CurrentModel of(Storage storage, String task) {
    return new CurrentModel(storage, "models/" + task + "/current");
  }

  /**
   * Describes one move of the pointer.
   *
   * @param version the model in use from then on
   * @param since ISO 8601, UTC
   * @param reason for people
   */
  public record Move(String version, String since, String reason) {}

  /** Holds the file's content, the latest move last. */
  private record Pointer(String version, List<Move> history) {
    Pointer {
      Objects.requireNonNull(version, "version is missing");
      history = List.copyOf(Objects.requireNonNull(history, "history is missing"));
    }
  }

  /** Returns the version in use; empty before the first promotion. */
  public Optional<String> version() {
    return pointer().map(Pointer::version);
  }

  /** Returns every move, the latest last. */
  public List<Move> history() {
    return pointer().map(Pointer::history).orElse(List.of());
  }

  /** Moves the pointer; pointing to the version in use changes nothing. */
  public void pointTo(String version, String reason, Clock clock) {
    if (version().equals(Optional.of(version))) {
      return;
    }
    List<Move> history = new ArrayList<>(history());
    history.add(
        new Move(version, Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString(), reason));
    storage.replace(file, Json.pretty(new Pointer(version, history)));
  }

  private Optional<Pointer> pointer() {
    return storage.exists(file)
        ? Optional.of(storage.readJson(file, Pointer.class))
        : Optional.empty();
  }
}
