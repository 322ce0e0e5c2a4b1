package io.attune.bench;

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
import java.util.Map;
import java.util.Optional;

/** The same model in PyTorch, in a process of its own that takes steps when told to. */
final class TorchContender implements Contender {
  private static final String SCRIPT = "torch_peer.py";

  private final Process process;
  private final PrintWriter commands;
  private final BufferedReader answers;
  private final String name;

  private TorchContender(Process process) throws IOException {
    this.process = process;
    commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
    name = answers.readLine();
  }

  /**
   * Starts the peer; empty, with the reason printed, if this machine has no PyTorch.
   *
   * @param python a Python that can import torch
   */
  static Optional<Contender> start(String python, BenchCase given, Batches batches, int threads) {
    try {
      Path script = Files.createTempFile("attune", SCRIPT);
      try (InputStream in = TorchContender.class.getResourceAsStream(SCRIPT)) {
        Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
      }
      script.toFile().deleteOnExit();
      ProcessBuilder builder = new ProcessBuilder(python, script.toString());
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
      TorchContender contender = new TorchContender(builder.start());
      if (contender.name == null) {
        System.out.println("no PyTorch: '" + python + " -c \"import torch\"' fails");
        return Optional.empty();
      }
      contender.commands.println(Json.line(setup(given, batches, threads)));
      contender.answers.readLine();
      return Optional.of(contender);
    } catch (IOException e) {
      System.out.println("no PyTorch: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Map<String, Object> setup(BenchCase given, Batches batches, int threads) {
    Map<String, Object> setup = new LinkedHashMap<>();
    setup.put("transformer", given.feedForwardBlocks());
    setup.put("layers", given.layers());
    setup.put("heads", BenchCase.HEADS);
    setup.put("width", given.width());
    setup.put("tokens", given.tokens());
    setup.put("vocabulary", BenchCase.VOCABULARY);
    setup.put("classes", BenchCase.CLASSES);
    setup.put("trains", given.trains());
    setup.put("threads", threads);
    setup.put("lengths", batches.lengths());
    return setup;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double run(int steps) {
    try {
      commands.println(steps);
      return Double.parseDouble(answers.readLine());
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
