package io.attune.schemas.model;

import java.util.List;

/**
 * Records the encoder of one run: {@value #FILE_NAME} beside the run's tokenizer and in its
 * dataset; absent where the run has a vocabulary of its own.
 *
 * @param configured the value of {@code model.encoder}, such as {@code auto}
 * @param card of the encoder
 * @param unknownShare fraction of the tokens of all texts that stand for characters that it does
 *     not know
 * @param warnings sentences for whoever reads the run's figures; empty if there is nothing to say
 */
public record RunEncoder(
    String configured, EncoderCard card, double unknownShare, List<String> warnings) {
  public static final String FILE_NAME = "run-encoder.json";

  public RunEncoder {
    warnings = List.copyOf(warnings);
  }
}
