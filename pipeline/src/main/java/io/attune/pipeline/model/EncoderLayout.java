package io.attune.pipeline.model;

import io.attune.pipeline.model.EncoderShape.Part;
import io.attune.pipeline.model.ModelConfig.Pooling;
import io.attune.pipeline.model.ModelConfig.Positions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each parameter of an encoder lies in its flat vector; every implementation and every saved
 * model shares it. Matrices are stored by rows, {@code [in, out]}.
 */
final class EncoderLayout {
  static final String TOKENS = "tokens";
  static final String POSITIONS = "positions";
  static final String NORM = "norm";
  static final String POOLING = "pooling";
  static final String QUERY = "pooling.query";

  /** What a parameter is, which decides how it starts and whether it is regularised. */
  enum Role {
    EMBEDDING,
    WEIGHT,
    BIAS,
    GAIN
  }

  /**
   * One parameter.
   *
   * @param name without {@code _}, which DL4J keeps for itself
   * @param offset of its first value in the flat vector
   */
  record Slot(String name, Role role, long offset, int rows, int columns) {
    long length() {
      return (long) rows * columns;
    }

    long end() {
      return offset + length();
    }
  }

  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private long length;

  private final EncoderShape shape;

  private EncoderLayout(EncoderShape shape) {
    this.shape = shape;
  }

  static EncoderLayout of(EncoderShape shape) {
    int width = shape.width();
    EncoderLayout layout = new EncoderLayout(shape);
    if (shape.embeds()) {
      layout.add(TOKENS, Role.EMBEDDING, shape.vocabulary(), width);
    }
    if (shape.positions() == Positions.LEARNED) {
      layout.add(POSITIONS, Role.EMBEDDING, shape.maxTokens(), width);
    }
    if (shape.part() == Part.ATTENTION) {
      layout.addAttention(0, width);
    }
    for (int block = 0; block < shape.blocks(); block++) {
      layout.addNorm(attention(block), width);
      layout.addAttention(block, width);
      if (shape.hasFeedForward()) {
        layout.addNorm(feedForward(block), width);
        layout.addDense(feedForward(block) + ".in", width, shape.feedForward());
        layout.addDense(feedForward(block) + ".out", shape.feedForward(), width);
      }
    }
    if (shape.hasFinalNorm()) {
      layout.addNorm(NORM, width);
    }
    if (shape.pools() && shape.pooling() == Pooling.ATTENTION) {
      layout.addDense(POOLING, width, width);
      layout.add(QUERY, Role.WEIGHT, width, 1);
    }
    return layout;
  }

  static String attention(int block) {
    return "block" + block + ".attention";
  }

  static String feedForward(int block) {
    return "block" + block + ".feedForward";
  }

  private void addAttention(int block, int width) {
    addDense(attention(block) + ".in", width, 3 * width);
    addDense(attention(block) + ".out", width, width);
  }

  private void addDense(String name, int in, int out) {
    add(name + ".weight", Role.WEIGHT, in, out);
    add(name + ".bias", Role.BIAS, 1, out);
  }

  private void addNorm(String name, int width) {
    add(name + ".gain", Role.GAIN, 1, width);
    add(name + ".shift", Role.BIAS, 1, width);
  }

  private void add(String name, Role role, int rows, int columns) {
    Slot slot = new Slot(name, role, length, rows, columns);
    slots.put(name, slot);
    length = slot.end();
  }

  /** What it is the layout of. */
  EncoderShape shape() {
    return shape;
  }

  /** Values in the flat vector. */
  long length() {
    return length;
  }

  /** In the order of the flat vector. */
  List<Slot> slots() {
    return List.copyOf(slots.values());
  }

  Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("no parameter '" + name + "' among " + slots.keySet());
    }
    return slot;
  }

  List<String> names(Role... roles) {
    List<String> names = new ArrayList<>();
    for (Slot slot : slots.values()) {
      if (List.of(roles).contains(slot.role())) {
        names.add(slot.name());
      }
    }
    return names;
  }
}
