package io.attune.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Holds what a JVM of its own took.
 *
 * @param seconds from its start to its end
 * @param peakMebibytes resident memory at most
 */
public record MeasuredProcess(double seconds, double peakMebibytes) {
  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * Runs a class with this JVM's class path.
   *
   * @param heap such as {@code 4g}
   * @throws IOException with the end of its output, if it ends with another code than 0
   */
  public static MeasuredProcess run(String heap, Path log, String type, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = ChildJvm.command();
    command.add("-Xmx" + heap);
    command.add("-Dattune.log=" + log + ".attune");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), type));
    command.addAll(List.of(arguments));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    double peak = 0;
    while (!process.waitFor(POLL.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, peakMebibytes(process.pid()));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != 0) {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      throw new IOException(
          "%s ended with %d: %s"
              .formatted(
                  type,
                  process.exitValue(),
                  lines.subList(Math.max(0, lines.size() - 5), lines.size())));
    }
    return new MeasuredProcess(seconds, peak);
  }

  /** Returns the high-water mark of Linux; 0 where the process is gone or the system is another. */
  private static double peakMebibytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
