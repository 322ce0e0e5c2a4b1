package io.attune.schemas.model;

import static io.attune.schemas.Requirements.require;

import java.util.List;

/**
 * Describes a pretrained encoder: {@code encoder.json} in {@code encoders/<name>/}; see {@code
 * docs/formats/encoder.md}.
 *
 * @param version of this format
 * @param name of its folder, as {@code model.encoder} names it
 * @param modelType as its {@code config.json} says, such as {@code bert}
 * @param width of the vector of a token
 * @param feedForward width inside a feed-forward layer
 * @param vocabulary rows of its embedding; every token id is below it
 * @param maxTokens positions that it knows; longer texts must be cut
 * @param parameters numbers that it was trained to
 * @param pooling what its authors make a text's vector from: {@code mean} or {@code first}
 * @param languages by BCP 47; empty if not known
 * @param licence of the weights, by SPDX where it has such a name; {@code unknown} if nothing says
 * @param source where it comes from, for people
 * @param weights SHA-256 of {@value #WEIGHTS}
 * @param trainedOn data sets that it is known to have seen; what is not known is not listed
 */
public record EncoderCard(
    int version,
    String name,
    String modelType,
    int layers,
    int width,
    int heads,
    int feedForward,
    int vocabulary,
    int maxTokens,
    long parameters,
    String pooling,
    List<String> languages,
    String licence,
    String source,
    String weights,
    List<String> trainedOn) {
  public static final int VERSION = 1;
  public static final String FILE_NAME = "encoder.json";
  public static final String WEIGHTS = "model.safetensors";
  public static final String CONFIG = "config.json";
  public static final String TOKENIZER = ModelBundle.TOKENIZER;
  public static final String LICENCE = "LICENSE";

  public EncoderCard {
    languages = List.copyOf(languages);
    trainedOn = List.copyOf(trainedOn);
    require(vocabulary >= 1, "an encoder must have a vocabulary, got %d", vocabulary);
    require(maxTokens >= 1, "an encoder must take at least 1 token, got %d", maxTokens);
  }

  /** Starts the description of an encoder of which only the name is known. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** Returns the same under another name. */
  public EncoderCard named(String other) {
    return builder(other)
        .modelType(modelType)
        .layers(layers)
        .width(width)
        .heads(heads)
        .feedForward(feedForward)
        .vocabulary(vocabulary)
        .maxTokens(maxTokens)
        .parameters(parameters)
        .pooling(pooling)
        .languages(languages)
        .licence(licence)
        .source(source)
        .weights(weights)
        .trainedOn(trainedOn)
        .build();
  }

  /** Collects the parts of a description. */
  public static final class Builder {
    private final String name;
    private String modelType = "";
    private int layers;
    private int width;
    private int heads;
    private int feedForward;
    private int vocabulary;
    private int maxTokens;
    private long parameters;
    private String pooling = "mean";
    private List<String> languages = List.of();
    private String licence = "unknown";
    private String source = "";
    private String weights = "";
    private List<String> trainedOn = List.of();

    private Builder(String name) {
      this.name = name;
    }

    public Builder modelType(String value) {
      modelType = value;
      return this;
    }

    public Builder layers(int value) {
      layers = value;
      return this;
    }

    public Builder width(int value) {
      width = value;
      return this;
    }

    public Builder heads(int value) {
      heads = value;
      return this;
    }

    public Builder feedForward(int value) {
      feedForward = value;
      return this;
    }

    public Builder vocabulary(int value) {
      vocabulary = value;
      return this;
    }

    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    public Builder parameters(long value) {
      parameters = value;
      return this;
    }

    public Builder pooling(String value) {
      pooling = value;
      return this;
    }

    public Builder languages(List<String> value) {
      languages = value;
      return this;
    }

    public Builder licence(String value) {
      licence = value;
      return this;
    }

    public Builder source(String value) {
      source = value;
      return this;
    }

    public Builder weights(String value) {
      weights = value;
      return this;
    }

    public Builder trainedOn(List<String> value) {
      trainedOn = value;
      return this;
    }

    public EncoderCard build() {
      return new EncoderCard(
          VERSION,
          name,
          modelType,
          layers,
          width,
          heads,
          feedForward,
          vocabulary,
          maxTokens,
          parameters,
          pooling,
          languages,
          licence,
          source,
          weights,
          trainedOn);
    }
  }
}
