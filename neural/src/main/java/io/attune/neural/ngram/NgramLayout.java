package io.attune.neural.ngram;

import io.attune.neural.encoder.EncoderLayout.Role;
import io.attune.neural.encoder.ParameterLayout;

/**
 * Locates each parameter of a network of hashed n-grams in its flat vector; every saved model
 * shares it. Matrices are stored by rows, {@code [in, out]}; queries are rows.
 */
public final class NgramLayout extends ParameterLayout {
  public static final String TOKENS = "tokens";
  public static final String NGRAMS = "ngrams";
  public static final String WEIGHT = "pooling.weight";
  public static final String BIAS = "pooling.bias";
  public static final String QUERIES = "pooling.queries";

  private final NgramShape shape;

  private NgramLayout(NgramShape shape) {
    this.shape = shape;
  }

  public static NgramLayout of(NgramShape shape) {
    int width = shape.width();
    NgramLayout layout = new NgramLayout(shape);
    layout.add(TOKENS, Role.EMBEDDING, shape.vocabulary(), width);
    if (shape.hasNgrams()) {
      layout.add(NGRAMS, Role.EMBEDDING, shape.buckets(), width);
    }
    layout.add(WEIGHT, Role.WEIGHT, width, width);
    layout.add(BIAS, Role.BIAS, 1, width);
    layout.add(QUERIES, Role.WEIGHT, shape.queries(), width);
    return layout;
  }

  public NgramShape shape() {
    return shape;
  }
}
