package io.attune.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads the configuration of a task. */
public final class RunConfigs {
  private static final ObjectMapper MAPPER = ConfigMapper.create();
  private static final String DEFAULTS = "defaults.yaml";

  private RunConfigs() {}

  /**
   * Reads a task's file over the defaults, with overrides on top.
   *
   * <p>Relative paths of corpora and of the root are relative to the file.
   *
   * @param overrides such as {@code train.epochs=4}
   * @throws Failure.BadUsage naming file, line and key of whatever is wrong
   */
  public static RunConfig load(Path file, List<String> overrides) {
    return load(file, "file://" + file.toAbsolutePath().getParent(), overrides);
  }

  /**
   * Reads a task's file, as {@link #load(Path, List)} does, with relative paths of corpora and of
   * the root below a folder that need not be the file's own.
   *
   * @param folder URI of any Hadoop file system
   */
  public static RunConfig load(Path file, String folder, List<String> overrides) {
    YamlFile given = YamlFile.parse(file.toString(), text(file));
    Keys.requireKnown(given);
    Map<String, Object> values = copy(YamlFile.parse(DEFAULTS, defaults()).values());
    merge(values, given.values());
    YamlFile blame = given;
    for (String override : overrides) {
      YamlFile single = override(override);
      Keys.requireKnown(single);
      merge(values, single.values());
      blame = blame(blame, single);
    }
    resolvePaths(values, folder, overrides);
    return map(values, blame);
  }

  /** The commented defaults: every key that there is but those of corpora. */
  public static String defaults() {
    try (InputStream in = RunConfigs.class.getResourceAsStream(DEFAULTS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The whole configuration with nothing left to be looked up, as YAML; it is published, so without
   * what may be a secret: hooks, which hold addresses of webhooks, and the values of Spark's
   * settings that are named as secrets are.
   */
  public static String resolved(RunConfig config) {
    try {
      return MAPPER.writeValueAsString(config.withoutSecrets());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a configuration that was read", e);
    }
  }

  /** SHA-256 of the resolved configuration: runs with one hash were told the same. */
  public static String hash(RunConfig config) {
    return Sha256.of(resolved(config));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new Failure.BadUsage(
          "No configuration at '%s'; name one with --config, or write one with: attune init"
              + " YOUR_FILE",
          file);
    } catch (IOException e) {
      throw new Failure.BadUsage("Cannot read the configuration '%s': %s", file, e.getMessage());
    }
  }

  /** {@code a.b=c} as the file {@code a: {b: c}}, so that it is checked like one. */
  private static YamlFile override(String override) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      throw new Failure.BadUsage(
          "--set %s: expected a key and a value, such as --set train.epochs=4", override);
    }
    String[] keys = override.substring(0, equals).strip().split("\\.", -1);
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < keys.length; i++) {
      yaml.append("  ".repeat(i)).append(keys[i]).append(':');
      yaml.append(i < keys.length - 1 ? "\n" : " " + override.substring(equals + 1) + "\n");
    }
    YamlFile parsed = YamlFile.parse("--set " + override, yaml.toString());
    return new YamlFile(parsed.name(), parsed.values(), Map.of());
  }

  /** Where a value came from last is what is blamed for it. */
  private static YamlFile blame(YamlFile file, YamlFile override) {
    Map<String, Integer> lines = new LinkedHashMap<>(file.lines());
    return new YamlFile(file.name() + " with " + override.name(), file.values(), lines);
  }

  @SuppressWarnings("unchecked") // YAML's mappings have keys of text: Keys.requireKnown saw each.
  private static void merge(Map<String, Object> base, Map<String, Object> above) {
    for (Map.Entry<String, Object> entry : above.entrySet()) {
      Object below = base.get(entry.getKey());
      boolean labels = entry.getKey().equals("heads");
      if (!labels && below instanceof Map && entry.getValue() instanceof Map) {
        merge((Map<String, Object>) below, (Map<String, Object>) entry.getValue());
      } else {
        base.put(entry.getKey(), entry.getValue());
      }
    }
  }

  @SuppressWarnings("unchecked") // as in merge
  private static Map<String, Object> copy(Map<String, Object> values) {
    Map<String, Object> copy = new LinkedHashMap<>();
    values.forEach(
        (key, value) ->
            copy.put(key, value instanceof Map ? copy((Map<String, Object>) value) : value));
    return copy;
  }

  @SuppressWarnings("unchecked") // as in merge
  private static void resolvePaths(
      Map<String, Object> values, String folder, List<String> overrides) {
    boolean rootFromCommand = overrides.stream().anyMatch(set -> set.startsWith("root="));
    values.computeIfPresent(
        "root",
        (key, root) ->
            absolute(rootFromCommand ? "file://" + Path.of("").toAbsolutePath() : folder, root));
    if (values.get("corpora") instanceof List<?> corpora) {
      for (Object corpus : corpora) {
        if (corpus instanceof Map<?, ?> map) {
          ((Map<String, Object>) map)
              .computeIfPresent("path", (key, path) -> absolute(folder, path));
        }
      }
    }
  }

  private static Object absolute(String folder, Object path) {
    if (!(path instanceof String text)
        || text.startsWith("/")
        || text.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*")) {
      return path;
    }
    if (folder.startsWith("file:") && Deployment.isDriverInCluster()) {
      throw new Failure.BadUsage(
          "'%s' is relative to the configuration's folder, which the cluster does not see: the"
              + " driver runs on another host. Give it whole, such as hdfs://namenode/attune, or"
              + " hdfs:///attune for the NameNode of the Hadoop configuration",
          text);
    }
    // With its scheme: without one it would be looked for in Hadoop's default file system.
    int root = folder.indexOf('/', folder.indexOf("://") + 3);
    return folder.substring(0, root) + Path.of(folder.substring(root)).resolve(text).normalize();
  }

  private static RunConfig map(Map<String, Object> values, YamlFile file) {
    try {
      return MAPPER.convertValue(values, RunConfig.class);
    } catch (IllegalArgumentException e) {
      throw badValue(e, file);
    }
  }

  private static Failure.BadUsage badValue(IllegalArgumentException e, YamlFile file) {
    if (e.getCause() instanceof ValueInstantiationException refused) {
      Throwable rule = refused.getCause() == null ? refused : refused.getCause();
      return new Failure.BadUsage("%s: %s", file.at(path(refused)), rule.getMessage());
    }
    if (e.getCause() instanceof MismatchedInputException mismatch
        && mismatch.getTargetType() != null) {
      return new Failure.BadUsage(
          "%s: %s must be %s; found %s",
          file.at(path(mismatch)),
          path(mismatch).isEmpty() ? "the file" : path(mismatch),
          kind(mismatch.getTargetType()),
          found(file.values(), path(mismatch)));
    }
    if (e.getCause() instanceof JsonMappingException mapping) {
      return new Failure.BadUsage(
          "%s: %s %s", file.at(path(mapping)), path(mapping), mapping.getOriginalMessage());
    }
    return new Failure.BadUsage("%s: %s", file.name(), e.getMessage());
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference reference : e.getPath()) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.toString();
  }

  private static String kind(Class<?> type) {
    if (type == int.class || type == long.class) {
      return "a whole number";
    } else if (type == double.class) {
      return "a number";
    } else if (type == boolean.class) {
      return "true or false";
    } else if (type == String.class) {
      return "text";
    } else if (List.class.isAssignableFrom(type)) {
      return "a list";
    }
    return "a mapping of keys to values";
  }

  private static String found(Map<String, Object> values, String path) {
    Object at = values;
    for (String key : path.split("[.\\[\\]]+", -1)) {
      if (at instanceof Map<?, ?> map) {
        at = map.get(key);
      } else if (at instanceof List<?> list && key.matches("\\d+")) {
        at = list.get(Integer.parseInt(key));
      }
    }
    return at == null ? "nothing" : "'" + at + "'";
  }
}
