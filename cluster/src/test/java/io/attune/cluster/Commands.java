package io.attune.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands of the operating system, bounded in time. */
final class Commands {
  private static final Duration LIMIT = Duration.ofMinutes(15);

  private Commands() {}

  /**
   * Holds the result of a command.
   *
   * @param said its standard output and standard error
   */
  record Outcome(int code, String said) {}

  static Outcome run(String... command) throws IOException, InterruptedException {
    return run(Map.of(), Path.of("").toAbsolutePath(), List.of(command));
  }

  /** Runs a command in a folder, with more variables in its environment. */
  static Outcome run(Map<String, String> environment, Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile("said", ".txt");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().putAll(environment);
      Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            command + " did not end within " + LIMIT + ": " + Files.readString(said));
      }
      return new Outcome(process.exitValue(), Files.readString(said));
    } finally {
      Files.delete(said);
    }
  }
}
