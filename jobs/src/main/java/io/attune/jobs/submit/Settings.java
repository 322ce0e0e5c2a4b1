package io.attune.jobs.submit;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;

/**
 * Holds the settings of one submission. They are added in layers, and a later layer overrides the
 * earlier ones: the site's, the cluster's, then those that Attune requires.
 */
final class Settings {
  private final Properties properties = new Properties();

  /** Adds the settings of a file in Spark's format. */
  Settings add(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Adds one setting. */
  Settings set(String key, String value) {
    properties.setProperty(key, value);
    return this;
  }

  /** Returns the value of a setting, unless it is empty. */
  Optional<String> value(String key) {
    return Optional.ofNullable(properties.getProperty(key))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  /** Returns the keys, in order. */
  Iterable<String> keys() {
    return new TreeSet<>(properties.stringPropertyNames());
  }

  /**
   * Writes the settings to a file that only this user can read, since they may hold secrets and ps
   * shows every command line.
   */
  Path write(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "attune-", ".conf");
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      properties.store(writer, null);
    }
    return file;
  }
}
