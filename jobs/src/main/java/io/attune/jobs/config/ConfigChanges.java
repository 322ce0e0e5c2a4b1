package io.attune.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.pipeline.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Lists the keys that differ between the configuration of a night and that of now, as far as a
 * stage reads them for what it publishes. Each belongs to the first stage that does.
 *
 * <p>Keys that say where, how fast or with what limits the work is done are left out: {@code root},
 * {@code spark}, {@code hooks}, {@code ingest}, the path of a corpus, and those of {@link #LIMITS}.
 * So is a corpus that is new or gone: new files of a corpus are ingested anyway, and documents of
 * one that is gone stay.
 *
 * @param changes sorted by stage and key
 */
public record ConfigChanges(List<Change> changes) {
  public static final ConfigChanges NONE = new ConfigChanges(List.of());

  private static final String HEADS = "heads.";
  private static final String CORPORA = "corpora.";
  private static final String NO_VALUE = "nothing";
  private static final int MOST_CHARACTERS = 120;

  /** Lists keys that change no result. */
  private static final List<String> LIMITS =
      List.of(
          "clean.max-rejected-share",
          "clean.copies.max-share",
          "clean.copies.guard-from",
          "train.checkpoint-every-rounds",
          "train.device",
          "train.gpu-discovery-script",
          "train.mixed-processors",
          "evaluate.batch-rows");

  /** Maps the beginning of a key to the stage that it belongs to; the first that fits counts. */
  private static final List<Map.Entry<String, Stage>> STAGES =
      List.of(
          Map.entry(HEADS, Stage.INGEST),
          Map.entry(CORPORA, Stage.INGEST),
          Map.entry("clean.", Stage.CLEAN),
          Map.entry("split.", Stage.TOKENIZE),
          Map.entry("tokenize.", Stage.TOKENIZE),
          Map.entry("model.encoder", Stage.TOKENIZE),
          Map.entry("model.distil.", Stage.TOKENIZE), // the teacher is chosen before any stage
          Map.entry("shard.", Stage.SHARD),
          Map.entry("model.", Stage.TRAIN),
          Map.entry("updater.", Stage.TRAIN),
          Map.entry("linear.", Stage.TRAIN),
          Map.entry("train.", Stage.TRAIN),
          Map.entry("evaluate.", Stage.EVALUATE),
          Map.entry("gate.", Stage.COMPARE),
          Map.entry("report.", Stage.REPORT));

  public ConfigChanges {
    changes = List.copyOf(changes);
  }

  /**
   * Holds one key that differs.
   *
   * @param key such as {@code gate.margin} or {@code corpora.shop.columns.text}
   * @param before its value, as YAML writes it on one line
   * @param now likewise
   * @param stage the first that reads it
   */
  public record Change(String key, String before, String now, Stage stage) {
    /** Returns the change for people. */
    public String sentence() {
      return "%s from %s to %s".formatted(key, cut(before), cut(now));
    }

    private static String cut(String value) {
      return value.length() <= MOST_CHARACTERS ? value : value.substring(0, MOST_CHARACTERS) + "…";
    }
  }

  /**
   * Compares two configurations.
   *
   * @param before as {@link RunConfigs#resolved} wrote it; keys that it lacks have their defaults
   * @return empty if {@code before} cannot be read by this version
   */
  public static Optional<ConfigChanges> between(String before, RunConfig now) {
    // Both as they are read back: YAML does not keep a text such as 007 apart from a number.
    Optional<RunConfig> then = RunConfigs.readResolved(before);
    return RunConfigs.readResolved(RunConfigs.resolved(now))
        .flatMap(today -> then.map(old -> between(RunConfigs.tree(old), RunConfigs.tree(today))));
  }

  private static ConfigChanges between(JsonNode before, JsonNode now) {
    Map<String, String> then = leaves(before);
    Map<String, String> today = leaves(now);
    TreeSet<String> keys = new TreeSet<>(then.keySet());
    keys.addAll(today.keySet());
    List<Change> changes = new ArrayList<>();
    for (String key : keys) {
      Optional<Stage> stage = stageOf(key);
      String old = then.getOrDefault(key, NO_VALUE);
      String value = today.getOrDefault(key, NO_VALUE);
      if (stage.isPresent() && !old.equals(value) && isInBoth(key, before, now)) {
        changes.add(new Change(key, old, value, stage.get()));
      }
    }
    changes.sort(Comparator.comparing(Change::stage).thenComparing(Change::key));
    return new ConfigChanges(changes);
  }

  private static Optional<Stage> stageOf(String key) {
    if (LIMITS.contains(key)) {
      return Optional.empty();
    }
    return STAGES.stream()
        .filter(entry -> key.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Returns whether a key is of no corpus, or of one that both configurations have. */
  private static boolean isInBoth(String key, JsonNode before, JsonNode now) {
    return !key.startsWith(CORPORA)
        || names(before).stream()
            .filter(names(now)::contains)
            .anyMatch(name -> key.startsWith(CORPORA + name + "."));
  }

  private static List<String> names(JsonNode config) {
    List<String> names = new ArrayList<>();
    config.path("corpora").forEach(corpus -> names.add(corpus.path("name").asText()));
    return names;
  }

  /** Returns the value of each key; a list is a value, but that of corpora, which are named. */
  private static Map<String, String> leaves(JsonNode config) {
    Map<String, String> leaves = new TreeMap<>();
    collect(config, "", leaves);
    for (JsonNode corpus : config.path("corpora")) {
      ObjectNode mapping = corpus.deepCopy();
      mapping.remove("path");
      collect(mapping, CORPORA + corpus.path("name").asText(), leaves);
    }
    leaves.remove("corpora");
    return leaves;
  }

  private static void collect(JsonNode node, String path, Map<String, String> leaves) {
    if (!node.isObject()) {
      leaves.put(path, node.isTextual() ? node.textValue() : node.toString());
      return;
    }
    node.fields()
        .forEachRemaining(
            field ->
                collect(
                    field.getValue(),
                    path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                    leaves));
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** Returns the first stage that reads a key that differs; empty if none does. */
  public Optional<Stage> first() {
    return changes.stream().map(Change::stage).min(Comparator.naturalOrder());
  }

  /** Returns whether the stages before and at one read nothing that differs. */
  public boolean areAfter(Stage stage) {
    return first().filter(from -> from.compareTo(stage) <= 0).isEmpty();
  }

  /** Returns these and one more. */
  public ConfigChanges and(Change change) {
    List<Change> all = new ArrayList<>(changes);
    all.add(Objects.requireNonNull(change));
    return new ConfigChanges(all);
  }

  /** Returns all changes in one sentence part: {@code a from 1 to 2; b from 3 to 4}. */
  public String sentence() {
    return String.join("; ", changes.stream().map(Change::sentence).toList());
  }
}
