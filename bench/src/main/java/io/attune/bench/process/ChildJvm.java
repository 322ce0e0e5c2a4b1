package io.attune.bench.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the command of a JVM of its own that a benchmark measures. */
public final class ChildJvm {
  private static final List<String> INHERITED =
      List.of("--add-", "-Dorg.bytedeco", "-Dlog4j2", "-Dai.djl", "-XX:+UseParallelGC");

  private ChildJvm() {}

  /** Returns this JVM's executable and those of its options that its libraries need. */
  public static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (INHERITED.stream().anyMatch(option::startsWith)) {
        command.add(option);
      }
    }
    return command;
  }
}
