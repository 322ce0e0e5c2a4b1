package io.attune.pipeline.stage.tokenize;

import io.attune.pipeline.text.TokenizerFaults;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads the {@code tokenizer.json} that a task brings along: {@code tokenize.tokenizer}. */
final class GivenTokenizer {
  /** Names its hash among the inputs of the published tokenizer. */
  static final String INPUT = "tokenizer/given";

  private GivenTokenizer() {}

  /**
   * Returns its bytes.
   *
   * @param file path or URI
   * @throws Failure.BadInput if it is not there, not a tokenizer, or not one that a network can be
   *     trained with, naming every fault
   */
  static byte[] read(String file, Configuration files) {
    byte[] bytes =
        bytes(file, files)
            .orElseThrow(
                () ->
                    new Failure.BadInput(
                        "tokenize.tokenizer names '%s', and there is no such file; correct the"
                            + " path, or leave the key empty to train a tokenizer on the texts",
                        file));
    List<String> faults;
    try {
      faults = TokenizerFaults.of(bytes);
    } catch (Failure.BadInput e) {
      throw new Failure.BadInput(
          e, "tokenize.tokenizer names '%s', which is not a tokenizer: %s", file, e.getMessage());
    }
    if (!faults.isEmpty()) {
      throw new Failure.BadInput(
          "tokenize.tokenizer names '%s', which no network can be trained with: %s",
          file, String.join("; ", faults));
    }
    return bytes;
  }

  /** Returns the SHA-256 of the file; empty if it is not there. */
  static Optional<String> hash(String file, Configuration files) {
    return bytes(file, files).map(Sha256::of);
  }

  private static Optional<byte[]> bytes(String file, Configuration files) {
    try {
      Path path = new Path(file);
      Path whole = path.toUri().getScheme() == null ? new Path("file", null, file) : path;
      try (InputStream in = whole.getFileSystem(files).open(whole)) {
        return Optional.of(in.readAllBytes());
      }
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure.BadInput(
          e, "Cannot read '%s', which tokenize.tokenizer names: %s", file, e.getMessage());
    }
  }
}
