package io.attune.neural.encoder;

import io.attune.neural.encoder.EncoderLayout.Role;
import io.attune.neural.encoder.EncoderLayout.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Locates parameters by name in a flat vector, in which they lie one after the other. */
public abstract class ParameterLayout {
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private long length;

  /** Adds a parameter behind the others. */
  protected final void add(String name, Role role, int rows, int columns) {
    Slot slot = new Slot(name, role, length, rows, columns);
    slots.put(name, slot);
    length = slot.end();
  }

  /** Returns the number of values in the flat vector. */
  public final long length() {
    return length;
  }

  /** Returns the parameters in the order of the flat vector. */
  public final List<Slot> slots() {
    return List.copyOf(slots.values());
  }

  public final Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException(
          "'" + name + "' is not one of the parameters " + slots.keySet());
    }
    return slot;
  }

  public final List<String> names(Role... roles) {
    List<String> names = new ArrayList<>();
    for (Slot slot : slots.values()) {
      if (List.of(roles).contains(slot.role())) {
        names.add(slot.name());
      }
    }
    return names;
  }

  /** Returns each parameter as a view of the flat vector, by name. */
  public final Map<String, INDArray> views(INDArray vector) {
    Map<String, INDArray> views = new LinkedHashMap<>();
    if (length == 0) {
      return views; // DL4J has no vector for a layer without parameters.
    }
    INDArray flat = vector.reshape(vector.length());
    for (Slot slot : slots.values()) {
      INDArray part = flat.get(NDArrayIndex.interval(slot.offset(), slot.end()));
      views.put(slot.name(), part.reshape('c', slot.rows(), slot.columns()));
    }
    return views;
  }
}
