package io.attune.jobs.submit;

import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds the user's own options of spark-submit. If an option is given twice, the last one counts.
 *
 * @param all in the order in which they were given
 */
record SubmitOptions(List<SubmitOptions.Entry> all) {
  static final String CONF = "--conf";
  static final String DEPLOY_MODE = "--deploy-mode";
  static final String FILES = "--files";
  static final String JARS = "--jars";

  private static final Set<String> WITHOUT_VALUE =
      Set.of("--help", "-h", "--supervise", "--usage-error", "--verbose", "-v", "--version");

  SubmitOptions {
    all = List.copyOf(all);
  }

  /**
   * Holds one option.
   *
   * @param value empty for an option that takes none
   */
  record Entry(String name, Optional<String> value) {}

  /** Parses options that are separated by spaces, such as {@code --queue research --jars=a.jar}. */
  static SubmitOptions of(String words) {
    List<Entry> entries = new ArrayList<>();
    String name = null;
    for (String word : words.strip().split("\\s+", 0)) {
      int equals = word.indexOf('=');
      if (name != null) {
        entries.add(new Entry(name, Optional.of(word)));
        name = null;
      } else if (word.startsWith("--") && equals > 0) {
        entries.add(new Entry(word.substring(0, equals), Optional.of(word.substring(equals + 1))));
      } else if (word.startsWith("-") && !WITHOUT_VALUE.contains(word)) {
        name = word.equals("-c") ? CONF : word;
      } else if (!word.isEmpty()) {
        entries.add(new Entry(word, Optional.empty()));
      }
    }
    if (name != null) {
      throw new Failure.BadUsage("ATTUNE_SUBMIT_OPTS ends with %s, which needs a value", name);
    }
    for (Entry entry : entries) {
      if (entry.name().equals(CONF) && !entry.value().orElse("").contains("=")) {
        throw new Failure.BadUsage(
            "ATTUNE_SUBMIT_OPTS: --conf needs KEY=VALUE, got '%s'", entry.value().orElse(""));
      }
    }
    return new SubmitOptions(entries);
  }

  /** Returns the value of an option. */
  Optional<String> value(String name) {
    return last(all.stream().filter(entry -> entry.name().equals(name)).toList());
  }

  /** Returns the value of a setting that is given with {@code --conf}. */
  Optional<String> conf(String key) {
    return last(all.stream().filter(entry -> isConf(entry, key)).toList())
        .map(value -> value.substring(key.length() + 1));
  }

  /** Returns a copy without the options of some names. */
  SubmitOptions without(String... names) {
    Set<String> out = Set.of(names);
    return new SubmitOptions(all.stream().filter(entry -> !out.contains(entry.name())).toList());
  }

  /** Returns a copy without a setting that is given with {@code --conf}. */
  SubmitOptions withoutConf(String key) {
    return new SubmitOptions(all.stream().filter(entry -> !isConf(entry, key)).toList());
  }

  private static boolean isConf(Entry entry, String key) {
    return entry.name().equals(CONF) && entry.value().orElse("").startsWith(key + "=");
  }

  private static Optional<String> last(List<Entry> entries) {
    return entries.isEmpty() ? Optional.empty() : entries.get(entries.size() - 1).value();
  }
}
