package io.attune.pipeline.alert;

import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.SurgeAlert;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Holds the alerts of a task that are still to be told to someone: {@code
 * alerts/<task>/outbox.json}, replaced in one step. An alert stays until every sink has it, over as
 * many nights as that takes; so it is delivered to each of them once, and after a process that was
 * killed between the delivery and its record twice.
 */
public final class Outbox {
  /** Bounds what waits, the oldest go first: a sink that is down for months gets no flood. */
  public static final int MOST = 500;

  private final Storage storage;
  private final String file;

  private Outbox(Storage storage, String file) {
    this.storage = storage;
    this.file = file;
  }

  public static Outbox of(Storage storage, String task) {
    return new Outbox(storage, "alerts/" + task + "/outbox.json");
  }

  /**
   * Holds one alert that waits.
   *
   * @param run that raised it
   * @param delivered names of the sinks that have it
   */
  public record Entry(String run, SurgeAlert alert, List<String> delivered) {
    public Entry {
      delivered = List.copyOf(delivered);
    }

    /** Returns what one delivery is of: the same alert is told of again when it worsens. */
    public String key() {
      return alert.id() + " " + alert.change() + " " + alert.severity();
    }

    private Entry with(String sink) {
      List<String> all = new ArrayList<>(delivered);
      all.add(sink);
      return new Entry(run, alert, all);
    }
  }

  private record Content(int version, List<Entry> entries) {
    private static final int VERSION = 1;

    Content {
      entries = List.copyOf(entries);
    }
  }

  /** Returns what waits, the oldest first. */
  public List<Entry> entries() {
    return storage.exists(file) ? storage.readJson(file, Content.class).entries() : List.of();
  }

  /** Adds alerts of a run; one that waits already is not added again. */
  public void add(String run, List<SurgeAlert> alerts) {
    List<Entry> all = new ArrayList<>(entries());
    Set<String> known = Set.copyOf(all.stream().map(Entry::key).toList());
    int before = all.size();
    for (SurgeAlert alert : alerts) {
      Entry entry = new Entry(run, alert, List.of());
      if (!known.contains(entry.key())) {
        all.add(entry);
      }
    }
    if (all.size() > before) {
      replace(all.subList(Math.max(0, all.size() - MOST), all.size()));
    }
  }

  /**
   * Records that a sink has some of them; those that every sink has are removed.
   *
   * @param sinks the names of all
   */
  public void delivered(Collection<Entry> entries, String sink, Set<String> sinks) {
    Set<String> keys = Set.copyOf(entries.stream().map(Entry::key).toList());
    List<Entry> left = new ArrayList<>();
    for (Entry entry : entries()) {
      Entry now = keys.contains(entry.key()) ? entry.with(sink) : entry;
      if (!now.delivered().containsAll(sinks)) {
        left.add(now);
      }
    }
    replace(left);
  }

  /** Removes everything: there is no one to tell. */
  public void clear() {
    if (!entries().isEmpty()) {
      replace(List.of());
    }
  }

  private void replace(List<Entry> entries) {
    storage.replace(file, Json.pretty(new Content(Content.VERSION, entries)));
  }
}
