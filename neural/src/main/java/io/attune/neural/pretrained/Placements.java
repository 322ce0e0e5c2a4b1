package io.attune.neural.pretrained;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.pretrained.Family.Block;
import io.attune.neural.pretrained.Placement.Form;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists where each tensor of an encoder goes, {@code y = x Wᵀ + b} becoming {@code y = x W + b}.
 */
final class Placements {
  static final String WORDS = "embeddings.word_embeddings.weight";

  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  private final EncoderConfig config;
  private final EncoderLayout layout;
  private final List<Placement> placements = new ArrayList<>();

  private Placements(EncoderConfig config) {
    this.config = config;
    this.layout = EncoderLayout.of(config.shape());
  }

  /** Returns the placements that fill every parameter of the whole encoder. */
  static List<Placement> of(EncoderConfig config) {
    Placements placements = new Placements(config);
    placements.addEmbedding();
    for (int block = 0; block < config.shape().blocks(); block++) {
      placements.addBlock(block, config.family().block(block));
    }
    return placements.placements;
  }

  private void addEmbedding() {
    long width = config.shape().width();
    Slot positions = layout.slot(EncoderLayout.POSITIONS);
    add(WORDS, Form.TABLE, List.of((long) config.shape().vocabulary(), width), tokens());
    add(
        "embeddings.position_embeddings" + WEIGHT,
        Form.TABLE,
        List.of((long) config.shape().maxTokens() + config.unusedPositions(), width),
        positions);
    if (config.tokenTypes() > 0) {
      add(
          "embeddings.token_type_embeddings" + WEIGHT,
          Form.FIRST_ROW_ADDED,
          List.of((long) config.tokenTypes(), width),
          positions);
    }
    addNorm("embeddings.LayerNorm", EncoderLayout.EMBEDDING_NORM);
  }

  private Slot tokens() {
    return layout.slot(EncoderLayout.TOKENS);
  }

  private void addBlock(int index, Block names) {
    String attention = EncoderLayout.attention(index);
    String feedForward = EncoderLayout.feedForward(index);
    int width = config.shape().width();
    addDense(names.query(), attention + ".in", width, 0);
    addDense(names.key(), attention + ".in", width, width);
    addDense(names.value(), attention + ".in", width, 2 * width);
    addDense(names.output(), attention + ".out", width, 0);
    addNorm(names.attentionNorm(), attention);
    addDense(names.in(), feedForward + ".in", config.shape().feedForward(), 0);
    addDense(names.out(), feedForward + ".out", width, 0);
    addNorm(names.feedForwardNorm(), feedForward);
  }

  private void addDense(String tensor, String parameter, long out, int column) {
    Slot weight = layout.slot(parameter + WEIGHT);
    placements.add(
        new Placement(
            tensor + WEIGHT, Form.DENSE, List.of(out, (long) weight.rows()), weight, column));
    placements.add(
        new Placement(
            tensor + BIAS, Form.VECTOR, List.of(out), layout.slot(parameter + BIAS), column));
  }

  private void addNorm(String tensor, String parameter) {
    List<Long> shape = List.of((long) config.shape().width());
    add(tensor + WEIGHT, Form.VECTOR, shape, layout.slot(parameter + ".gain"));
    add(tensor + BIAS, Form.VECTOR, shape, layout.slot(parameter + ".shift"));
  }

  private void add(String tensor, Form form, List<Long> shape, Slot slot) {
    placements.add(new Placement(tensor, form, shape, slot, 0));
  }
}
