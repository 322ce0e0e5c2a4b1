package io.attune.pipeline.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Holds the fields of a JSON object as text, an object or array as its JSON. It is also asked by
 * path, {@code user.name} or {@code tags[0]}, where no field has that name; its entries are the
 * fields.
 */
final class JsonFields extends AbstractMap<String, String> {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(JsonReader.FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** Levels and elements of a nested field that {@link #flat} lists. */
  private static final int MAX_DEPTH = 4;

  private static final int MAX_ELEMENTS = 3;

  private final Map<String, String> fields = new LinkedHashMap<>();
  private final Map<String, JsonNode> nested = new HashMap<>();

  @Override
  public String put(String name, String value) {
    return fields.put(name, value);
  }

  /** Puts a field whose value is a JSON object or array. */
  void putNested(String name, String json) {
    fields.put(name, json);
    nested.put(name, null);
  }

  boolean isNested(String name) {
    return nested.containsKey(name);
  }

  @Override
  public String get(Object name) {
    String value = fields.get(name);
    return value != null || nested.isEmpty() ? value : atPath((String) name);
  }

  @Override
  public boolean containsKey(Object name) {
    return get(name) != null;
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    return Collections.unmodifiableSet(fields.entrySet());
  }

  /** Returns the fields, and after each nested one its values by path, the first of many. */
  Map<String, String> flat() {
    Map<String, String> flat = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> {
          flat.put(name, value);
          if (isNested(name)) {
            flatten(name, tree(name), 1, flat);
          }
        });
    return flat;
  }

  private void flatten(String path, JsonNode node, int depth, Map<String, String> flat) {
    if (node.isValueNode()) {
      String text = text(node);
      if (text != null && depth > 1) {
        flat.putIfAbsent(path, text);
      }
    } else if (depth > MAX_DEPTH) {
      return;
    } else if (node.isObject()) {
      node.fields()
          .forEachRemaining(
              child -> flatten(path + "." + child.getKey(), child.getValue(), depth + 1, flat));
    } else {
      for (int i = 0; i < Math.min(node.size(), MAX_ELEMENTS); i++) {
        flatten(path + "[" + i + "]", node.get(i), depth + 1, flat);
      }
    }
  }

  private String atPath(String path) {
    for (int i = 1; i < path.length(); i++) {
      char c = path.charAt(i);
      String name = path.substring(0, i);
      if ((c == '.' || c == '[') && isNested(name)) {
        JsonNode found = below(tree(name), path.substring(i));
        if (found != null) {
          return text(found);
        }
      }
    }
    return null;
  }

  /** Follows a path such as {@code .user.name} or {@code [0].name}; null where there is nothing. */
  private static JsonNode below(JsonNode node, String path) {
    if (path.isEmpty()) {
      return node;
    } else if (path.startsWith("[")) {
      int close = path.indexOf(']');
      boolean isIndex = close > 1 && close < 10 && path.substring(1, close).matches("\\d+");
      JsonNode element = isIndex ? node.get(Integer.parseInt(path.substring(1, close))) : null;
      return element == null ? null : below(element, path.substring(close + 1));
    }
    String rest = path.substring(1);
    if (node.has(rest)) {
      return node.get(rest);
    }
    for (int i = 1; i < rest.length(); i++) {
      if (rest.charAt(i) == '.' || rest.charAt(i) == '[') {
        JsonNode child = node.get(rest.substring(0, i));
        JsonNode found = child == null ? null : below(child, rest.substring(i));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static String text(JsonNode node) {
    String text = node.isValueNode() ? node.asText() : node.toString();
    return node.isNull() || text.isEmpty() ? null : text;
  }

  private JsonNode tree(String name) {
    return nested.compute(name, (key, node) -> node == null ? parse(fields.get(key)) : node);
  }

  private static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What was read as JSON is no JSON: " + json, e);
    }
  }
}
