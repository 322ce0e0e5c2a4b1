package io.attune.jobs.config;

import io.attune.schemas.failure.Failure;
import java.io.StringReader;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Holds the values of a YAML text, with the line of each key.
 *
 * @param name as messages call it
 * @param values maps, lists, strings, numbers and booleans
 * @param lines line of each key, from 1, by its path, such as {@code corpora[0].columns.text}
 */
record YamlFile(String name, Map<String, Object> values, Map<String, Integer> lines) {

  /**
   * Reads a text.
   *
   * @throws Failure.BadUsage with file, line and column if it is not YAML, or no mapping
   */
  static YamlFile parse(String name, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Yaml yaml =
        new Yaml(
            new SafeConstructor(options),
            new Representer(new DumperOptions()),
            new DumperOptions(),
            options,
            new PlainValues());
    try {
      Node root = yaml.compose(new StringReader(text));
      if (root == null) {
        return new YamlFile(name, Map.of(), Map.of());
      }
      if (!(root instanceof MappingNode)) {
        throw new Failure.BadUsage(
            "%s, line 1: a configuration is a mapping of keys to values, such as 'task: news'",
            name);
      }
      Map<String, Integer> lines = new HashMap<>();
      new Lines(name, lines).collect(root, "");
      Map<String, Object> values = yaml.load(text);
      return new YamlFile(name, values, lines);
    } catch (MarkedYAMLException e) {
      throw new Failure.BadUsage(
          "%s, line %d, column %d: not YAML: %s",
          name,
          e.getProblemMark().getLine() + 1,
          e.getProblemMark().getColumn() + 1,
          e.getProblem());
    }
  }

  /**
   * Takes plain values for what YAML 1.2 says they are: {@code no}, {@code off} and {@code
   * 2026-01-05} are text, as the classes of a head and the names of folders should be.
   */
  private static final class PlainValues extends Resolver {
    private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");

    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.BOOL, BOOLEAN, "tTfF");
      addImplicitResolver(Tag.INT, INT, "-+0123456789");
      addImplicitResolver(Tag.FLOAT, FLOAT, "-+0123456789.");
      addImplicitResolver(Tag.MERGE, MERGE, "<");
      addImplicitResolver(Tag.NULL, NULL, "~nN\0");
      addImplicitResolver(Tag.NULL, EMPTY, null);
    }
  }

  /** Returns whether the file has a key, whatever its value. */
  boolean contains(String path) {
    Object at = values;
    for (String key : path.replace("]", "").split("[.\\[]", -1)) {
      if (at instanceof Map<?, ?> map && map.containsKey(key)) {
        at = map.get(key);
      } else if (at instanceof List<?> list && key.matches("\\d+")) {
        at = list.get(Integer.parseInt(key));
      } else {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the position of a key, such as {@code config.yaml, line 12}; without the line where the
   * file does not have the key.
   */
  String at(String path) {
    OptionalInt line = line(path);
    return line.isPresent() ? "%s, line %d".formatted(name, line.getAsInt()) : name;
  }

  private OptionalInt line(String path) {
    for (String at = path; !at.isEmpty(); at = parent(at)) {
      if (lines.containsKey(at)) {
        return OptionalInt.of(lines.get(at));
      }
    }
    return OptionalInt.empty();
  }

  private static String parent(String path) {
    int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return cut < 0 ? "" : path.substring(0, cut);
  }

  /** Collects the line of each key. */
  private record Lines(String name, Map<String, Integer> found, Set<Node> above) {
    Lines(String name, Map<String, Integer> found) {
      this(name, found, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    void collect(Node node, String path) {
      if (!above.add(node)) {
        throw new Failure.BadUsage(
            "%s, line %d: '%s' contains itself through an alias; write its value out",
            name, found.get(path), path);
      }
      if (node instanceof MappingNode mapping) {
        for (NodeTuple entry : mapping.getValue()) {
          String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
          String below = path.isEmpty() ? key : path + "." + key;
          found.put(below, entry.getKeyNode().getStartMark().getLine() + 1);
          collect(entry.getValueNode(), below);
        }
      } else if (node instanceof SequenceNode sequence) {
        List<Node> items = sequence.getValue();
        for (int i = 0; i < items.size(); i++) {
          String below = path + "[" + i + "]";
          found.put(below, items.get(i).getStartMark().getLine() + 1);
          collect(items.get(i), below);
        }
      }
      above.remove(node);
    }
  }
}
