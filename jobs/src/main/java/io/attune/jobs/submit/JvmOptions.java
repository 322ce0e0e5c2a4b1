package io.attune.jobs.submit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds the options of the JVMs that compute, which are all read from one file.
 *
 * @param words one option each
 */
record JvmOptions(List<String> words) {
  /**
   * Names the property that selects native libraries; the launcher sets it where {@code
   * ATTUNE_NATIVES} says which. Without it each JVM takes those for its own processor.
   */
  private static final String NATIVES = "org.bytedeco.javacpp.platform.extension";

  /**
   * Makes a JVM of the cluster unpack its native libraries in its own working folder. A cache that
   * all JVMs of a host share is rewritten while some of them have it open, if two of them need
   * different contents (docs/decisions/0010).
   */
  private static final String OWN_CACHE = "-Dorg.bytedeco.javacpp.cachedir=javacpp";

  JvmOptions {
    words = List.copyOf(words);
  }

  /** Reads an argument file of java, with one option a line and comments that begin with '#'. */
  static JvmOptions read(Path file) {
    try {
      return new JvmOptions(
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the options of a driver on this machine, with the launcher's settings for terminal and
   * log.
   */
  String ofDriverHere() {
    Stream<String> here =
        Stream.of("attune.terminal", "attune.log", "log4j2.configurationFile")
            .map(key -> "\"-D%s=%s\"".formatted(key, System.getProperty(key, "")));
    return Stream.concat(common(), here).collect(Collectors.joining(" "));
  }

  /** Returns the options of a driver or executor in the cluster. */
  String inCluster() {
    return Stream.concat(common(), Stream.of(OWN_CACHE)).collect(Collectors.joining(" "));
  }

  /** Returns the options that Spark does not add by itself. */
  private Stream<String> common() {
    Stream<String> natives =
        Stream.ofNullable(System.getProperty(NATIVES))
            .map(extension -> "-D%s=%s".formatted(NATIVES, extension));
    return Stream.concat(words.stream().filter(word -> !word.startsWith("--add-opens=")), natives);
  }
}
