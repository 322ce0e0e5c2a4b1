package io.attune.pipeline.encoder;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.pretrained.EncoderFiles;
import io.attune.neural.pretrained.EncoderFolder;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.storage.Staging;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.EncoderCard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Holds an encoder as it is to be published, whatever form it came in.
 *
 * @param card its description
 * @param files the others by name
 * @param inputs SHA-256 by name of the files that it was read from
 */
record EncoderSource(
    EncoderCard card, SortedMap<String, byte[]> files, SortedMap<String, String> inputs) {
  private static final List<String> LICENCES =
      List.of("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE");

  /** Limits the parameters: their file is held in one array of bytes, after a header. */
  private static final long MOST_PARAMETERS = (1 << 29) - (1 << 15);

  private static final String VOCABULARY = "vocab.txt";
  private static final int HEADER_BYTES = 1 << 16;

  /**
   * Reads an encoder.
   *
   * @param name that it is published under
   * @throws Failure.BadInput naming the file, if it is not an encoder that Attune can read
   */
  static EncoderSource read(String name, EncoderFiles from) {
    TrackedFiles files = new TrackedFiles(from);
    try {
      ModelCardFacts facts = ModelCardFacts.read(files);
      return read(name, files, described(name, files, facts));
    } catch (IOException e) {
      throw unreadable(from, e);
    }
  }

  /**
   * Reads a known encoder.
   *
   * @throws Failure.BadInput if its files are not what they were
   */
  static EncoderSource read(KnownEncoder known, EncoderFiles from) {
    TrackedFiles files = new TrackedFiles(from);
    ModelCardFacts facts =
        new ModelCardFacts(known.languages(), known.licence(), known.trainedOn());
    try {
      EncoderCard.Builder card = described(known.name(), files, facts).source(known.source());
      return read(known.name(), files, card);
    } catch (IOException e) {
      throw unreadable(from, e);
    }
  }

  private static EncoderSource read(
      String name, TrackedFiles files, EncoderCard.Builder description) throws IOException {
    EncoderFolder folder = EncoderFolder.open(files);
    requireSize(folder, files);
    var unused = folder.maxTokens(); // refuses a limit that none can keep
    byte[] tokenizer = folder.tokenizer();
    String tokenizerFile = files.exists(EncoderCard.TOKENIZER) ? EncoderCard.TOKENIZER : VOCABULARY;
    new TokenizerProbe(name, files.location() + "/" + tokenizerFile)
        .check(tokenizer, folder.shape());
    PretrainedEncoder encoder = folder.read();
    EncoderShape shape = encoder.shape();
    byte[] weights = weights(encoder);
    EncoderCard card =
        description
            .modelType(folder.modelType())
            .layers(shape.blocks())
            .width(shape.width())
            .heads(shape.heads())
            .feedForward(shape.feedForward())
            .vocabulary(shape.vocabulary())
            .maxTokens(shape.maxTokens())
            .parameters(encoder.parameters().length)
            .pooling(shape.pooling() == Pooling.FIRST ? "first" : "mean")
            .weights(Sha256.of(weights))
            .build();
    SortedMap<String, byte[]> published = new TreeMap<>(encoder.files());
    published.put(EncoderCard.TOKENIZER, tokenizer);
    published.put(EncoderCard.WEIGHTS, weights);
    published.put(EncoderCard.LICENCE, licence(files, card));
    return new EncoderSource(card, published, files.hashes());
  }

  private static void requireSize(EncoderFolder folder, TrackedFiles files) {
    long parameters = EncoderLayout.of(folder.shape()).length();
    if (parameters > MOST_PARAMETERS) {
      throw new Failure.BadInput(
          "The encoder at '%s' has %,d parameters by its config.json, and Attune takes encoders of"
              + " at most %,d; take a smaller one",
          files.location(), parameters, MOST_PARAMETERS);
    }
  }

  private static EncoderCard.Builder described(
      String name, TrackedFiles files, ModelCardFacts facts) {
    return EncoderCard.builder(name)
        .languages(facts.languages())
        .licence(facts.licence())
        .trainedOn(facts.trainedOn())
        .source(files.location());
  }

  private static byte[] weights(PretrainedEncoder encoder) throws IOException {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(encoder.parameters().length * Float.BYTES + HEADER_BYTES);
    encoder.write(out, "", List.of());
    return out.toByteArray();
  }

  private static byte[] licence(TrackedFiles files, EncoderCard card) throws IOException {
    for (String name : LICENCES) {
      if (files.exists(name)) {
        return files.find(name).orElseThrow();
      }
    }
    return "Licence of the weights: %s\nThe folder '%s' had no text of it.\n"
        .formatted(card.licence(), files.location())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Failure.BadInput unreadable(EncoderFiles files, IOException e) {
    return new Failure.BadInput(
        e,
        "Cannot read the encoder at '%s': %s; check that the folder is there, complete and"
            + " readable",
        files.location(),
        e.getMessage() == null ? e.toString() : e.getMessage());
  }

  /** Returns what tells it from other encoders. */
  EncoderContent content() {
    return EncoderContent.of(files);
  }

  /** Returns the same under another name. */
  EncoderSource named(String name) {
    return new EncoderSource(card.named(name), files, inputs);
  }

  /** Writes all files, and counts what they hold. */
  Map<String, Long> writeTo(Staging staging) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      staging.write(file.getKey(), file.getValue());
    }
    staging.write(EncoderCard.FILE_NAME, Json.pretty(card));
    return Map.of(
        "parameters", card.parameters(),
        "vocabulary", (long) card.vocabulary(),
        "maxTokens", (long) card.maxTokens());
  }
}
