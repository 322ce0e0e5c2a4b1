package io.attune.bench.export;

import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Holds what PyTorch found in an exported folder.
 *
 * @param difference the largest of any probability
 */
record TorchCheck(String library, double difference) {
  private static final String SCRIPT = "check_export.py";

  /**
   * Runs the script that loads a folder into plain modules.
   *
   * @param python a Python that can import torch
   * @throws IOException if it fails; its own message is on the standard error
   */
  static TorchCheck run(String python, Path folder, Answers expected) throws IOException {
    Path script = folder.resolveSibling(SCRIPT);
    try (InputStream in = TorchCheck.class.getResourceAsStream(SCRIPT)) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
    }
    Path answers = Files.write(folder.resolveSibling("answers.json"), Json.pretty(expected));
    Process process =
        new ProcessBuilder(python, script.toString(), folder.toString(), answers.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] line = process.getInputStream().readAllBytes();
    if (line.length == 0) {
      throw new IOException(
          "'%s %s %s %s' printed nothing; --python must name a Python that can import torch"
              .formatted(python, script, folder, answers));
    }
    return Json.read(line, TorchCheck.class);
  }
}
