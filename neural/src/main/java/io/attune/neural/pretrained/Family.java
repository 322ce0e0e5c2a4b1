package io.attune.neural.pretrained;

import java.util.Map;
import java.util.Optional;

/**
 * Enumerates the architectures that are read. They compute the same and differ in the names of
 * tensors and settings, in their token types and in the first row of the position table.
 */
enum Family {
  BERT,
  ROBERTA,
  DISTILBERT;

  private static final Map<String, Family> SUPPORTED =
      Map.of("bert", BERT, "roberta", ROBERTA, "xlm-roberta", ROBERTA, "distilbert", DISTILBERT);

  private static final String RELATIVE = "relative positions";
  private static final String ROTARY_AND_GATED = "rotary positions and a gated feed-forward layer";

  /** Says of well-known others what they have that is not supported. */
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("mpnet", RELATIVE),
          Map.entry("deberta", RELATIVE),
          Map.entry("deberta-v2", RELATIVE),
          Map.entry("t5", RELATIVE + " and a decoder"),
          Map.entry("mt5", RELATIVE + ", a decoder and a gated feed-forward layer"),
          Map.entry("xlnet", RELATIVE),
          Map.entry("modernbert", ROTARY_AND_GATED),
          Map.entry("nomic_bert", ROTARY_AND_GATED),
          Map.entry("new", ROTARY_AND_GATED),
          Map.entry("gte", ROTARY_AND_GATED),
          Map.entry("eurobert", ROTARY_AND_GATED),
          Map.entry("neobert", ROTARY_AND_GATED),
          Map.entry("llama", ROTARY_AND_GATED + " of a decoder"),
          Map.entry("mistral", ROTARY_AND_GATED + " of a decoder"),
          Map.entry("qwen2", ROTARY_AND_GATED + " of a decoder"),
          Map.entry("qwen3", ROTARY_AND_GATED + " of a decoder"),
          Map.entry("gemma3_text", ROTARY_AND_GATED),
          Map.entry("roformer", "rotary positions"),
          Map.entry("esm", "rotary positions"),
          Map.entry("jina_bert", "positions by linear biases and a gated feed-forward layer"),
          Map.entry("albert", "one layer shared by all and factorised embeddings"),
          Map.entry("electra", "factorised embeddings"),
          Map.entry("mobilebert", "bottlenecks around its layers"),
          Map.entry("squeezebert", "grouped convolutions"),
          Map.entry("big_bird", "sparse attention"),
          Map.entry("longformer", "local attention"),
          Map.entry("funnel", RELATIVE + " and pooling between layers"),
          Map.entry("gpt2", "attention to earlier tokens alone"));

  static Optional<Family> of(String modelType) {
    return Optional.ofNullable(SUPPORTED.get(modelType));
  }

  /** Returns what a model type has that is not supported. */
  static String reason(String modelType) {
    return REASONS.getOrDefault(modelType, "an architecture that Attune does not know");
  }

  /** Returns the epsilon of layer normalisation where the configuration does not name it. */
  double defaultEpsilon() {
    return this == ROBERTA ? 1e-5 : 1e-12;
  }

  /** Returns the name under which the configuration has a setting that BERT calls {@code name}. */
  String setting(String name) {
    if (this != DISTILBERT) {
      return name;
    }
    return switch (name) {
      case "hidden_size" -> "dim";
      case "num_hidden_layers" -> "n_layers";
      case "num_attention_heads" -> "n_heads";
      case "intermediate_size" -> "hidden_dim";
      case "hidden_act" -> "activation";
      default -> name;
    };
  }

  /** Returns the tensors of one block, without {@code .weight} and {@code .bias}. */
  Block block(int index) {
    String bert = "encoder.layer." + index + ".";
    String distil = "transformer.layer." + index + ".";
    return this == DISTILBERT
        ? new Block(
            distil + "attention.q_lin",
            distil + "attention.k_lin",
            distil + "attention.v_lin",
            distil + "attention.out_lin",
            distil + "sa_layer_norm",
            distil + "ffn.lin1",
            distil + "ffn.lin2",
            distil + "output_layer_norm")
        : new Block(
            bert + "attention.self.query",
            bert + "attention.self.key",
            bert + "attention.self.value",
            bert + "attention.output.dense",
            bert + "attention.output.LayerNorm",
            bert + "intermediate.dense",
            bert + "output.dense",
            bert + "output.LayerNorm");
  }

  /** Names the tensors of one block in the order of their computation. */
  record Block(
      String query,
      String key,
      String value,
      String output,
      String attentionNorm,
      String in,
      String out,
      String feedForwardNorm) {}
}
