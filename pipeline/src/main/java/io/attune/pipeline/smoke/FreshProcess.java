package io.attune.pipeline.smoke;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs a main class in another JVM like this one: with the same java, class path, native libraries
 * and options, but a heap of its own. It works where this process runs in a container too, where
 * libraries may be on no class path but in a class loader of Spark's.
 *
 * @param heap in MB
 * @param patience after which the process is ended
 */
record FreshProcess(long heap, Duration patience) {
  /** Lists the beginnings of the options that both JVMs have. */
  private static final List<String> SHARED =
      List.of(
          "--add-opens",
          "--add-modules",
          "--add-exports",
          "-XX:CompileCommand",
          "-Dorg.bytedeco.",
          "-Dlog4j",
          "-Dattune.log",
          "-Djava.io.tmpdir",
          "-Djava.library.path");

  /** Stands before the limit of memory outside the heap, which is the heap's size by default. */
  private static final String MOST_BYTES = "-Dorg.bytedeco.javacpp.maxbytes=";

  /**
   * Says how a process ended.
   *
   * @param code its exit code; -1 if it was ended for its time
   * @param output the end of what it printed
   */
  record Ending(int code, String output) {
    boolean isGood() {
      return code == 0;
    }
  }

  /**
   * Runs a class and waits for its end.
   *
   * @param folder for the files that the process needs
   * @throws IOException if no process can be started
   */
  Ending run(Class<?> main, Path folder, List<String> arguments) throws IOException {
    Path options = Files.write(folder.resolve("options"), options(), StandardCharsets.UTF_8);
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + options);
    command.add(main.getName());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
      return ended
          ? new Ending(process.exitValue(), endOf(output))
          : new Ending(-1, "no end after %d s".formatted(patience.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a process ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns the lines of an argument file of java. */
  private List<String> options() {
    List<String> lines = new ArrayList<>();
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (SHARED.stream().anyMatch(option::startsWith) && !option.startsWith(MOST_BYTES)) {
        lines.add(quoted(option));
      }
    }
    lines.add("-Xmx" + heap + "m");
    lines.add("-XX:+UseSerialGC");
    lines.add(MOST_BYTES + 0);
    lines.add("-cp");
    lines.add(quoted(String.join(File.pathSeparator, classPath())));
    return lines;
  }

  /** Returns one word of an argument file. */
  private static String quoted(String word) {
    return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Returns all that this process loads classes from, in the order of its class loaders. */
  private static Set<String> classPath() {
    Set<String> entries =
        new LinkedHashSet<>(
            List.of(System.getProperty("java.class.path").split(File.pathSeparator, 0)));
    addAll(entries, FreshProcess.class.getClassLoader());
    addAll(entries, Thread.currentThread().getContextClassLoader());
    entries.remove("");
    return entries;
  }

  private static void addAll(Set<String> entries, ClassLoader loader) {
    for (ClassLoader at = loader; at != null; at = at.getParent()) {
      if (at instanceof URLClassLoader urls) {
        for (URL url : urls.getURLs()) {
          if (url.getProtocol().equals("file")) {
            entries.add(path(url));
          }
        }
      }
    }
  }

  private static String path(URL url) {
    try {
      return Path.of(url.toURI()).toString();
    } catch (URISyntaxException e) {
      return url.getPath(); // a name with a blank that nobody escaped
    }
  }

  /** Returns the last lines of a file that say something; no stack trace. */
  private static String endOf(Path file) throws IOException {
    String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    List<String> lines =
        all.lines()
            .filter(line -> !line.isBlank() && !line.startsWith("WARNING: Using incubator"))
            .filter(line -> !line.strip().startsWith("at ") && !line.strip().startsWith("... "))
            .toList();
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }
}
