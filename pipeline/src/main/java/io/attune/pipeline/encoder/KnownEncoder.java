package io.attune.pipeline.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import io.attune.pipeline.Progress;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.EncoderCard;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Describes an encoder that Attune knows by name, and the jar on Maven Central that carries it. Of
 * the jar only its two data files are read, none of its code.
 *
 * @param languages by BCP 47
 * @param licence of the weights by their authors' model card, by SPDX
 * @param copyright line that the licence wants to be kept
 * @param source the authors' page
 * @param artifact of the group {@value #GROUP}
 * @param jarBytes size of the jar
 * @param jarSha256 hash of the jar, as Maven Central publishes it
 * @param onnx name of the weights in the jar
 * @param tokenizer name of the tokenizer in the jar
 * @param pooling what its authors make a text's vector from: {@code mean} or {@code first}
 * @param config its {@code config.json}, which the jar lacks
 * @param trainedOn data sets that its authors name
 */
public record KnownEncoder(
    String name,
    List<String> languages,
    String licence,
    String copyright,
    String source,
    String artifact,
    String jarVersion,
    long jarBytes,
    String jarSha256,
    String onnx,
    String tokenizer,
    String pooling,
    JsonNode config,
    List<String> trainedOn) {
  private static final String GROUP = "dev.langchain4j";

  private static final List<KnownEncoder> ALL = read();

  /** Returns all of them, the default of a language before others of that language. */
  public static List<KnownEncoder> all() {
    return ALL;
  }

  /** Returns the one of that name. */
  public static Optional<KnownEncoder> find(String name) {
    return ALL.stream().filter(known -> known.name().equals(name)).findFirst();
  }

  /** Returns the default for texts of a language, by BCP 47 without region or script. */
  public static Optional<KnownEncoder> ofLanguage(String language) {
    return ALL.stream().filter(known -> known.languages().contains(language)).findFirst();
  }

  /**
   * Returns those for texts of a language, the default first, and after it those that cost less
   * than all before them.
   */
  static List<KnownEncoder> everCheaper(String language) {
    List<KnownEncoder> cheaper = new ArrayList<>();
    ALL.stream()
        .filter(known -> known.languages().contains(language))
        .filter(known -> cheaper.stream().allMatch(other -> known.ofToken() < other.ofToken()))
        .forEach(cheaper::add);
    return List.copyOf(cheaper);
  }

  /** Returns the multiplications that a token takes in all blocks, without those of attention. */
  private long ofToken() {
    long width = config.path("hidden_size").asLong();
    return config.path("num_hidden_layers").asLong()
        * width
        * (4 * width + 2 * config.path("intermediate_size").asLong());
  }

  /** Returns the names of all of them, for messages. */
  static String names() {
    return String.join(", ", ALL.stream().map(KnownEncoder::name).toList());
  }

  /** Returns its description as far as it is known without its weights. */
  public EncoderCard card() {
    long vocabulary = config.path("vocab_size").asLong();
    long positions = config.path("max_position_embeddings").asLong();
    long width = config.path("hidden_size").asLong();
    long inner = config.path("intermediate_size").asLong();
    long layers = config.path("num_hidden_layers").asLong();
    long layer = 4 * width * (width + 1) + 2 * width * inner + inner + width + 4 * width;
    return EncoderCard.builder(name)
        .modelType(config.path("model_type").asText())
        .layers((int) layers)
        .width((int) width)
        .heads(config.path("num_attention_heads").asInt())
        .feedForward((int) inner)
        .vocabulary((int) vocabulary)
        .maxTokens((int) positions)
        .parameters((vocabulary + positions + 2) * width + layers * layer)
        .pooling(pooling)
        .languages(languages)
        .licence(licence)
        .source(source)
        .trainedOn(trainedOn)
        .build();
  }

  /**
   * Reads its weights in the form in which the jar has them, an ONNX file.
   *
   * @throws Failure.BadInput saying how to bring the jar, if it is not here and cannot be
   *     downloaded
   */
  public byte[] onnx(MavenRepository from, Progress progress) {
    try (MavenRepository.Jar jar = from.find(this, progress);
        JarFiles files = new JarFiles(this, jar);
        InputStream in = files.open("model.onnx")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new Failure.BadInput(
          e, "Cannot read the weights in the jar of the encoder '%s': %s", name, e.getMessage());
    }
  }

  /** Returns the name of the jar's file. */
  String jarName() {
    return artifact + "-" + jarVersion + ".jar";
  }

  /** Returns the path of the jar in a Maven repository. */
  String jarPath() {
    return "%s/%s/%s/%s".formatted(GROUP.replace('.', '/'), artifact, jarVersion, jarName());
  }

  /** Returns the text of its licence with its copyright line. */
  byte[] licenceText() {
    String text = new String(resource(licence + ".txt"), StandardCharsets.UTF_8);
    String head = "%s\n\nLicence of the weights: %s\n%s\n\n".formatted(source, licence, copyright);
    return (head + text).getBytes(StandardCharsets.UTF_8);
  }

  private static List<KnownEncoder> read() {
    try {
      return List.of(Json.read(resource("encoders.json"), KnownEncoder[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = KnownEncoder.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The build lacks the resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
