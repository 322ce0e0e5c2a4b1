package io.attune.neural.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Holds what a {@code config.json} says of an encoder.
 *
 * @param modelType as the file has it
 * @param shape of the whole encoder; its positions are those that tokens can have
 * @param unusedPositions rows of the position table before that of the first token
 * @param tokenTypes rows of the table of token types; 0 without one
 */
record EncoderConfig(
    Family family, String modelType, EncoderShape shape, int unusedPositions, int tokenTypes) {
  static final String FILE = "config.json";

  private static final Map<String, FeedForwardActivation> ACTIVATIONS =
      Map.of("gelu", FeedForwardActivation.GELU, "relu", FeedForwardActivation.RELU);

  /** Limits sizes far above every published encoder, so that products of two fit. */
  private static final int MAX_SIZE = 1 << 24;

  private static final int MAX_BLOCKS = 1000;

  private static final String ROTATED = "rotary_emb_fraction";
  private static final Pattern ROTARY = Pattern.compile("rotary|(^|_)rope(_|$)");

  /** Lists the names of BERT's own feed-forward layer. */
  private static final Set<String> PLAIN = Set.of("original", "mlp", "bert", "standard");

  static EncoderConfig read(EncoderFiles files, Pooling pooling) {
    SourceFile file = new SourceFile(files, FILE);
    if (!file.exists()) {
      throw file.bad(
          "there is no such file; an encoder is a folder with config.json, model.safetensors or"
              + " model.onnx, and tokenizer.json or vocab.txt");
    }
    return new Reader(file, file.json(), pooling).read();
  }

  /** Returns the encoder that computes the same as the one read, with the tensors of BERT. */
  static EncoderConfig ofBert(EncoderShape shape) {
    return new EncoderConfig(Family.BERT, "bert", shape, 0, 2);
  }

  private record Reader(SourceFile file, JsonNode json, Pooling pooling) {
    EncoderConfig read() {
      if (!json.isObject()) {
        throw file.bad("it is not a JSON object; take the encoder from its publisher again");
      }
      if (!json.path("model_type").isTextual()) {
        throw file.bad(
            "it has no model_type, the name of the architecture; take the encoder from its"
                + " publisher again, or add it: bert, distilbert, roberta or xlm-roberta");
      }
      String modelType = json.path("model_type").textValue();
      Family family =
          Family.of(modelType)
              .orElseThrow(
                  () ->
                      file.bad(
                          "the model type '%s' is not supported: it has %s; take one of bert,"
                              + " distilbert, roberta, xlm-roberta",
                          modelType, Family.reason(modelType)));
      refuseOtherPositionsAndDecoders();
      refuseVariants();
      int unused = family == Family.ROBERTA ? size("pad_token_id", 1, 0) + 1 : 0;
      int positions = size("max_position_embeddings", 512, 1);
      if (positions <= unused) {
        throw file.bad(
            "max_position_embeddings is %d, and the first %d are not used; take the encoder from"
                + " its publisher again",
            positions, unused);
      }
      return new EncoderConfig(
          family,
          modelType,
          shape(family, positions - unused),
          unused,
          family == Family.DISTILBERT ? 0 : size("type_vocab_size", 2, 0));
    }

    /** Refuses what variants of BERT have under its model type; such settings have many names. */
    private void refuseVariants() {
      boolean unrotated = json.path(ROTATED).isNumber() && json.path(ROTATED).asDouble() == 0;
      for (Map.Entry<String, JsonNode> setting : json.properties()) {
        String key = setting.getKey().toLowerCase(Locale.ROOT);
        JsonNode value = setting.getValue();
        String text = value.asText("").toLowerCase(Locale.ROOT);
        if (ROTARY.matcher(key).find() && isOn(value) && !(unrotated && key.startsWith("rotary"))) {
          throw variant(setting, "rotary positions");
        }
        if (key.contains("alibi") && isOn(value)) {
          throw variant(setting, "positions by linear biases");
        }
        boolean names = key.matches(".*(feed_forward|ffn|mlp|act).*") && text.contains("glu");
        if (names || (key.contains("gated") && isOn(value))) {
          throw variant(setting, "a gated feed-forward layer");
        }
        if (key.matches("feed_forward_type|ffn_type|mlp_type")
            && isOn(value)
            && !PLAIN.contains(text)) {
          throw variant(setting, "another feed-forward layer");
        }
        if (key.matches("use_rms_norm|rms_norm|prenorm|pre_norm|norm_first") && isOn(value)) {
          throw variant(setting, "another normalisation");
        }
      }
    }

    /** Returns whether a setting asks for something. */
    private static boolean isOn(JsonNode value) {
      return !value.isNull()
          && !(value.isBoolean() && !value.asBoolean())
          && !(value.isNumber() && value.asDouble() == 0)
          && !(value.isTextual() && value.textValue().isEmpty())
          && !(value.isContainerNode() && value.isEmpty());
    }

    private RuntimeException variant(Map.Entry<String, JsonNode> setting, String what) {
      return file.bad(
          "%s is %s, which is not supported: it has %s; take an encoder without",
          setting.getKey(), setting.getValue(), what);
    }

    private void refuseOtherPositionsAndDecoders() {
      String positions = json.path("position_embedding_type").asText("absolute");
      if (!positions.equals("absolute") && !json.path("position_embedding_type").isNull()) {
        throw file.bad(
            "position_embedding_type '%s' is not supported: Attune has no relative positions; take"
                + " an encoder with absolute ones",
            positions);
      }
      if (json.path("is_decoder").asBoolean()) {
        throw file.bad(
            "is_decoder is true, and attention to earlier tokens alone is not supported; take an"
                + " encoder");
      }
    }

    private EncoderShape shape(Family family, int positions) {
      int width = size(family.setting("hidden_size"), 0, 1);
      int heads = size(family.setting("num_attention_heads"), 0, 1);
      if (width % heads != 0) {
        throw file.bad(
            "%d heads do not divide the width %d; take the encoder from its publisher again",
            heads, width);
      }
      return EncoderShape.builder(Part.WHOLE, width)
          .vocabulary(size("vocab_size", 0, 1))
          .maxTokens(positions)
          .blocks(blocks(family.setting("num_hidden_layers")))
          .heads(heads)
          .feedForward(size(family.setting("intermediate_size"), 0, 1))
          .norm(Norm.POST)
          .normEpsilon(epsilon(family))
          .activation(activation(family.setting("hidden_act")))
          .positions(Positions.LEARNED)
          .embeddingNorm(true)
          .pooling(pooling)
          .build();
    }

    private int blocks(String key) {
      int blocks = size(key, 0, 1);
      if (blocks > MAX_BLOCKS) {
        throw file.bad(
            "%s is %d, and at most %d are read; take a smaller encoder", key, blocks, MAX_BLOCKS);
      }
      return blocks;
    }

    private FeedForwardActivation activation(String key) {
      String name = json.path(key).asText("gelu");
      FeedForwardActivation activation = ACTIVATIONS.get(name);
      if (activation == null) {
        throw file.bad(
            "%s '%s' is not supported: Attune has gelu in its exact form (erf) and relu; take an"
                + " encoder with one of these",
            key, name);
      }
      return activation;
    }

    private double epsilon(Family family) {
      JsonNode epsilon = json.path("layer_norm_eps");
      if (epsilon.isMissingNode() || epsilon.isNull()) {
        return family.defaultEpsilon();
      }
      if (!epsilon.isNumber() || !(epsilon.asDouble() > 0 && epsilon.asDouble() < 1)) {
        throw file.bad(
            "layer_norm_eps is %s, not a number between 0 and 1; take the encoder from its"
                + " publisher again",
            epsilon);
      }
      return epsilon.asDouble();
    }

    /**
     * Returns a whole number of the file.
     *
     * @param missing its value where the file has none; 0 if the file must have one
     */
    private int size(String key, int missing, int min) {
      JsonNode value = json.path(key);
      if ((value.isMissingNode() || value.isNull()) && missing > 0) {
        return missing;
      }
      if (!value.isIntegralNumber()
          || !value.canConvertToInt()
          || value.asInt() < min
          || value.asInt() > MAX_SIZE) {
        throw file.bad(
            "%s is %s, not a whole number from %d to %d; take the encoder from its publisher again",
            key, value.isMissingNode() ? "not given" : value, min, MAX_SIZE);
      }
      return value.asInt();
    }
  }
}
