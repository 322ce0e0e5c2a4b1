package io.attune.pipeline.stage.tokenize;

import io.attune.pipeline.text.TokenizerFaults;
import io.attune.schemas.failure.Failure;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Reads the {@code tokenizer.json} that a task brings along: {@code tokenize.tokenizer}. */
final class GivenTokenizer {
  /** Names its hash among the inputs of the published tokenizer. */
  static final String INPUT = "tokenizer/given";

  private GivenTokenizer() {}

  static TaskFile file(String path) {
    return new TaskFile("tokenize.tokenizer", path, "to train a tokenizer on the texts");
  }

  /**
   * Returns its bytes.
   *
   * @param file path or URI
   * @throws Failure.BadInput if it is not there, not a tokenizer, or not one that a network can be
   *     trained with, naming every fault
   */
  static byte[] read(String file, Configuration files) {
    byte[] bytes = file(file).read(files);
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
}
