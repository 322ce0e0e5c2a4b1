package io.attune.neural.ngram;

import io.attune.neural.encoder.EncoderLayout.Role;
import io.attune.neural.encoder.EncoderLayout.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Locates each parameter of a network of hashed n-grams in its flat vector; every saved model
 * shares it. Matrices are stored by rows, {@code [in, out]}; queries are rows.
 */
public final class NgramLayout {
  public static final String TOKENS = "tokens";
  public static final String NGRAMS = "ngrams";
  public static final String WEIGHT = "pooling.weight";
  public static final String BIAS = "pooling.bias";
  public static final String QUERIES = "pooling.queries";

  private final NgramShape shape;
  private final List<Slot> slots = new ArrayList<>();

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

  private void add(String name, Role role, int rows, int columns) {
    slots.add(new Slot(name, role, length(), rows, columns));
  }

  public NgramShape shape() {
    return shape;
  }

  /** Returns the number of values in the flat vector. */
  public long length() {
    return slots.isEmpty() ? 0 : slots.get(slots.size() - 1).end();
  }

  /** Returns the parameters in the order of the flat vector. */
  public List<Slot> slots() {
    return List.copyOf(slots);
  }

  /** Returns the role of a parameter. */
  public Role role(String name) {
    return slots.stream()
        .filter(slot -> slot.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is not one of the parameters %s".formatted(name, names(Role.values()))))
        .role();
  }

  public List<String> names(Role... roles) {
    return slots.stream()
        .filter(slot -> List.of(roles).contains(slot.role()))
        .map(Slot::name)
        .toList();
  }

  /** Returns each parameter as a view of the flat vector, by name. */
  public Map<String, INDArray> views(INDArray vector) {
    Map<String, INDArray> views = new LinkedHashMap<>();
    INDArray flat = vector.reshape(vector.length());
    for (Slot slot : slots) {
      INDArray part = flat.get(NDArrayIndex.interval(slot.offset(), slot.end()));
      views.put(slot.name(), part.reshape('c', slot.rows(), slot.columns()));
    }
    return views;
  }
}
