package io.attune.jobs.doctor;

import io.attune.jobs.doctor.Check.Subject;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Checks GPUs against the machine code in the CUDA build of ND4J. It holds no PTX that a driver
 * could compile for newer GPUs, so a GPU of another generation fails at its first kernel.
 */
final class GpuChecks {
  private static final Subject GPU =
      new Subject("gpu", "training that fails at its first kernel, after hours in a queue");

  /** Lists the compute capabilities in the fat binary of nd4j-cuda-11.6 1.0.0-M2.1. */
  static final List<String> COMPILED =
      List.of("3.7", "5.0", "5.2", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6");

  private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";
  private static final long SECONDS = 10;

  private GpuChecks() {}

  /** Holds one line of {@code nvidia-smi}. */
  record Gpu(String index, String name, String capability, String driver) {}

  static Check examine(Target target) {
    boolean wanted = isWanted(target);
    Optional<Path> tool = find("nvidia-smi", target.env());
    if (tool.isEmpty()) {
      return none(wanted, "no nvidia-smi here");
    }
    try {
      List<Gpu> gpus = ask(tool.get());
      return gpus.isEmpty() ? none(wanted, "nvidia-smi lists none") : check(gpus, wanted);
    } catch (IOException e) {
      return GPU.warning(
          "nvidia-smi failed: " + e.getMessage(),
          "run nvidia-smi --query-gpu=name,compute_cap --format=csv; a driver before 510 cannot"
              + " tell, and is too old for CUDA 11.6 anyway");
    }
  }

  /** Reports that there is no GPU, which is ok: only the executors that train need one. */
  private static Check none(boolean wanted, String found) {
    return GPU.ok(
        found
            + (wanted
                ? "; the executors that train must have one, run doctor there"
                : "; training runs on the processor"));
  }

  /**
   * Reports which GPUs the build can run on.
   *
   * @param wanted whether this build, or Spark's settings, are meant to use them
   */
  static Check check(List<Gpu> gpus, boolean wanted) {
    String found =
        String.join(
            ", ",
            gpus.stream()
                .map(
                    gpu ->
                        "%s (GPU %s, compute capability %s, driver %s)"
                            .formatted(gpu.name(), gpu.index(), gpu.capability(), gpu.driver()))
                .toList());
    List<String> refused =
        gpus.stream()
            .filter(gpu -> !runsOn(gpu.capability()))
            .map(gpu -> "GPU " + gpu.index())
            .toList();
    if (refused.isEmpty()) {
      return GPU.ok(found + (wanted ? "" : "; this build trains on the processor"));
    }
    String why =
        "the CUDA build has machine code for compute capability %s and for 8.9 through 8.6, and none for %s"
            .formatted(String.join(", ", COMPILED), String.join(", ", refused));
    return wanted
        ? GPU.failure(
            found,
            why + "; take other GPUs for the training stage, or the build without the profile cuda")
        : GPU.warning(found, why + "; training runs on the processor");
  }

  /** Returns whether compiled code has the same major version and no later minor version. */
  static boolean runsOn(String capability) {
    String[] parts = capability.split("\\.", 2);
    return parts.length == 2
        && COMPILED.stream()
            .map(compiled -> compiled.split("\\.", 2))
            .anyMatch(
                compiled ->
                    compiled[0].equals(parts[0])
                        && Integer.parseInt(compiled[1]) <= Integer.parseInt(parts[1]));
  }

  private static List<Gpu> ask(Path tool) throws IOException {
    Process process =
        new ProcessBuilder(
                tool.toString(),
                "--query-gpu=index,name,compute_cap,driver_version",
                "--format=csv,noheader")
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("no answer within %d seconds".formatted(SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new IOException(text.lines().findFirst().orElse("exit " + process.exitValue()));
    }
    List<Gpu> gpus = new ArrayList<>();
    for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
      String[] fields = line.split("\\s*,\\s*", -1);
      if (fields.length != 4 || !fields[2].matches("\\d+\\.\\d+")) {
        throw new IOException("unexpected line '" + line + "'");
      }
      gpus.add(new Gpu(fields[0].strip(), fields[1], fields[2], fields[3]));
    }
    return gpus;
  }

  private static boolean isWanted(Target target) {
    boolean asked =
        target.spark().entrySet().stream()
            .anyMatch(
                entry ->
                    entry
                            .getKey()
                            .matches("spark\\.(executor|task|driver)\\.resource\\.gpu\\.amount")
                        && !entry.getValue().equals("0"));
    return asked || GpuChecks.class.getClassLoader().getResource(resource()) != null;
  }

  private static String resource() {
    return BACKEND.replace('.', '/') + ".class";
  }

  static Optional<Path> find(String program, Map<String, String> env) {
    for (String folder : env.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, program);
      if (Files.isExecutable(file) && !Files.isDirectory(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
