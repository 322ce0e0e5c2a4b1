package io.attune.jobs.submit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
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

  /**
   * Adds the settings of a file in Spark's format.
   *
   * @throws Failure.BadUsage naming the file if it cannot be read
   */
  Settings add(Path file) {
    try {
      // Bytes that are not UTF-8, such as those of a comment, become U+FFFD, as Spark reads them.
      properties.load(new StringReader(new String(Files.readAllBytes(file), UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure.BadUsage(
          "'%s' cannot be read as settings of Spark: %s; correct it", file, e.getMessage());
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
    try (Writer writer = Files.newBufferedWriter(file, UTF_8)) {
      properties.store(writer, null);
    }
    return file;
  }
}
