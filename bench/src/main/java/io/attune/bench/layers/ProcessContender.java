package io.attune.bench.layers;

import io.attune.neural.encoder.BackendChoice;
import io.attune.schemas.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a contender in a process of its own, line by line: the process prints its name, reads a line
 * of JSON (the case) and answers "ready"; then it reads numbers of steps and answers with their
 * seconds and processor seconds, until its input ends.
 */
final class ProcessContender implements Contender {
  private static final String SCRIPT = "torch_peer.py";

  private final Process process;
  private final PrintWriter commands;
  private final BufferedReader answers;
  private final String name;

  private ProcessContender(Process process) throws IOException {
    this.process = process;
    commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
    name = answers.readLine();
  }

  /**
   * Starts PyTorch; empty, with the reason printed, if this machine lacks it.
   *
   * @param python a Python that can import torch
   */
  static Optional<Contender> torch(String python, BenchCase given, int[][] lengths) {
    return torch(python, SCRIPT, "", setup(given, lengths, "pytorch"));
  }

  /**
   * Starts PyTorch with a script; empty, with the reason printed, if this machine lacks it.
   *
   * @param resource name of the script
   * @param way its argument
   * @param setup its line of JSON
   */
  static Optional<Contender> torch(
      String python, String resource, String way, Map<String, Object> setup) {
    try {
      Path script = Files.createTempFile("attune", resource);
      try (InputStream in = ProcessContender.class.getResourceAsStream(resource)) {
        Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
      }
      script.toFile().deleteOnExit();
      return start(List.of(python, script.toString(), way), Map.of(), setup);
    } catch (IOException e) {
      System.out.println("no PyTorch: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Runs Attune's layers in a JVM that may use nothing newer than AVX2. */
  static Optional<Contender> attuneOnAvx2(BenchCase given, int[][] lengths) throws IOException {
    String name = NetworkContender.attuneName(BackendChoice.AUTO);
    return jvmOnAvx2(name, setup(given, lengths, "attune"));
  }

  /** Runs DL4J's own layers in a JVM that may use nothing newer than AVX2. */
  static Optional<Contender> dl4jOnAvx2(BenchCase given, int[][] lengths) throws IOException {
    return jvmOnAvx2(NetworkContender.DL4J, setup(given, lengths, ContenderMain.DL4J));
  }

  private static Optional<Contender> jvmOnAvx2(String name, Map<String, Object> setup)
      throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "-Xmx3g",
            "-XX:UseAVX=2",
            "-Dorg.bytedeco.javacpp.platform.extension=-avx2",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
            "-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile", ""),
            "-Dattune.log=" + System.getProperty("attune.log", "") + ".peer",
            "-cp",
            System.getProperty("java.class.path"),
            ContenderMain.class.getName(),
            name + ", AVX2");
    return start(command, Map.of("OPENBLAS_CORETYPE", "Haswell"), setup);
  }

  private static Optional<Contender> start(
      List<String> command, Map<String, String> environment, Map<String, Object> setup)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    builder.environment().putAll(environment);
    ProcessContender contender = new ProcessContender(builder.start());
    if (contender.name != null) {
      contender.commands.println(Json.line(setup));
      if ("ready".equals(contender.answers.readLine())) {
        return Optional.of(contender);
      }
    }
    contender.close();
    System.out.println("skipped, it does not start: " + command.get(0) + " ... " + setup);
    return Optional.empty();
  }

  private static Map<String, Object> setup(BenchCase given, int[][] lengths, String contender) {
    Map<String, Object> setup = new LinkedHashMap<>();
    setup.put("contender", contender);
    setup.put("kind", given.kind().name());
    setup.put("transformer", given.feedForwardBlocks());
    setup.put("layers", given.layers());
    setup.put("heads", BenchCase.HEADS);
    setup.put("width", given.width());
    setup.put("tokens", given.tokens());
    setup.put("cut", given.corpus() != null);
    setup.put("vocabulary", BenchCase.VOCABULARY);
    setup.put("classes", BenchCase.CLASSES);
    setup.put("trains", given.trains());
    setup.put("threads", 1);
    setup.put("lengths", lengths);
    return setup;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public StepTime run(int steps) {
    commands.println(steps);
    try {
      String[] times = answers.readLine().split(" ", -1);
      return new StepTime(Double.parseDouble(times[0]), Double.parseDouble(times[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    commands.close();
    process.destroy();
  }
}
