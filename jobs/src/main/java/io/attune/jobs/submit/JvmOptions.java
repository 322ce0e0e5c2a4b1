package io.attune.jobs.submit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds the options of a JVM that computes, as one file has them for everybody.
 *
 * @param words one option each
 */
record JvmOptions(List<String> words) {
  /** Chooses the natives for a processor; the launcher says which. */
  private static final String NATIVES = "org.bytedeco.javacpp.platform.extension";

  /**
   * Makes a JVM of the cluster unpack its natives in its own working folder. One cache for all of a
   * host's is rewritten under whoever has it open, where two disagree on it (docs/decisions/0010).
   */
  private static final String OWN_CACHE = "-Dorg.bytedeco.javacpp.cachedir=javacpp";

  JvmOptions {
    words = List.copyOf(words);
  }

  /** Reads a file that java reads too: one option a line, comments that begin with '#'. */
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

  /** Returns those of a driver on this machine, where the launcher has said the rest. */
  String ofDriverHere() {
    Stream<String> here =
        Stream.of("attune.terminal", "attune.log", "log4j2.configurationFile")
            .map(key -> "\"-D%s=%s\"".formatted(key, System.getProperty(key, "")));
    return Stream.concat(common(), here).collect(Collectors.joining(" "));
  }

  /** Returns those of a driver or executor in the cluster. */
  String inCluster() {
    return Stream.concat(common(), Stream.of(OWN_CACHE)).collect(Collectors.joining(" "));
  }

  /** All that Spark does not add by itself. */
  private Stream<String> common() {
    Stream<String> natives =
        Stream.of(System.getProperty(NATIVES, ""))
            .filter(extension -> !extension.isEmpty())
            .map(extension -> "-D%s=%s".formatted(NATIVES, extension));
    return Stream.concat(words.stream().filter(word -> !word.startsWith("--add-opens=")), natives);
  }
}
