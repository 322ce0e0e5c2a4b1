package io.attune.bench.averaging;

import io.attune.bench.process.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Starts {@link AveragingCluster} and reads its results. */
final class ClusterProcess {
  private ClusterProcess() {}

  /**
   * Measures rounds on a cluster.
   *
   * @param listener receives each line when it is read
   * @return all costs measured; fewer if the cluster does not start or ends early, which is printed
   */
  static List<AveragingCluster.RoundCost> measure(
      int width, Consumer<AveragingCluster.RoundCost> listener) throws IOException {
    Path home = Files.createTempDirectory("attune-bench-cluster");
    List<AveragingCluster.RoundCost> costs = new ArrayList<>();
    Process process = start(width, home);
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("{")) {
          costs.add(AveragingCluster.read(line));
          listener.accept(costs.get(costs.size() - 1));
        }
      }
      if (process.waitFor() != 0) {
        System.err.printf(
            "the cluster ended with %d: %s%n", process.exitValue(), reason(home.resolve("log")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a cluster measured", e);
    } finally {
      process.destroyForcibly();
      delete(home);
    }
    return costs;
  }

  private static Process start(int width, Path home) throws IOException {
    List<String> command = ChildJvm.command();
    command.add("-Dattune.log=" + System.getProperty("attune.log", "build/attune.log") + ".peer");
    command.addAll(
        List.of(
            "-Xmx2g",
            "-cp",
            System.getProperty("java.class.path"),
            AveragingCluster.class.getName(),
            Integer.toString(width)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(home.resolve("log").toFile());
    // Spark requires this folder; the executors' class path has all jars.
    Files.createDirectories(home.resolve("jars"));
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    return builder.start();
  }

  private static String reason(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    return lines.stream()
        .filter(line -> line.startsWith("Exception in thread"))
        .findFirst()
        .orElse(lines.isEmpty() ? "no message" : lines.get(lines.size() - 1));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      // Executors may still write their last lines; what is left lies in the temporary folder.
      System.err.println("left behind: " + folder);
    }
  }
}
