package io.attune.jobs.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes YAML that people read: keys, values, and comments above them. */
final class Yaml {
  private static final int WIDTH = 98;
  private static final int SHOWN = 120;
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*|[\\p{IsHan}][\\p{IsHan}A-Za-z0-9]*");
  private static final Pattern OTHER_TYPE =
      Pattern.compile("(?i)true|false|yes|no|on|off|null|y|n|nan");
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029\\uFFFE\\uFFFF\\p{Cs}]");

  private final StringBuilder text = new StringBuilder();

  /** Writes a key and its value. */
  Yaml line(int depth, String key, String value) {
    return raw(depth, scalar(key) + ": " + scalar(value));
  }

  /** Writes text as it is. */
  Yaml raw(int depth, String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
    return this;
  }

  /** Writes a comment, on as many lines as it needs; nothing if it is empty. */
  Yaml comment(int depth, String comment) {
    String open = "  ".repeat(depth) + "#";
    StringBuilder line = new StringBuilder(open);
    for (String word : visible(comment).split(" +", -1)) {
      if (line.length() > open.length() && line.length() + word.length() >= WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder(open);
      }
      line.append(word.isEmpty() ? "" : " ").append(word);
    }
    if (line.length() > open.length()) {
      text.append(line).append('\n');
    }
    return this;
  }

  Yaml blank() {
    text.append('\n');
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** Quotes a text wherever YAML could read it as another type. */
  static String scalar(String value) {
    if (PLAIN.matcher(value).matches() && !OTHER_TYPE.matcher(value).matches()) {
      return value;
    }
    StringBuilder quoted = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            point -> {
              String character = Character.toString(point);
              if (point == '"' || point == '\\') {
                quoted.append('\\').append(character);
              } else if (CONTROL.matcher(character).matches()) {
                quoted.append("\\U%08x".formatted(point));
              } else {
                quoted.append(character);
              }
            });
    return quoted.append('"').toString();
  }

  /** Writes a list on one line. */
  static String list(List<String> values) {
    return values.stream().map(Yaml::scalar).collect(Collectors.joining(", ", "[", "]"));
  }

  /** Writes a mapping on one line. */
  static String map(Map<String, String> values) {
    List<String> entries = new ArrayList<>();
    values.forEach((key, value) -> entries.add(scalar(key) + ": " + scalar(value)));
    return "{" + String.join(", ", entries) + "}";
  }

  /** Replaces what could end a line or control a terminal. */
  static String visible(String value) {
    return CONTROL.matcher(value.replaceAll("\\s+", " ")).replaceAll("\uFFFD");
  }

  /** Cuts a text that messages quote. */
  static String cut(String value) {
    String shown = visible(value);
    if (shown.codePointCount(0, shown.length()) <= SHOWN) {
      return shown;
    }
    return shown.substring(0, shown.offsetByCodePoints(0, SHOWN - 1)) + "…";
  }
}
