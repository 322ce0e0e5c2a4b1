package io.attune.pipeline.stage.compare;

import java.util.List;
import java.util.Set;

/**
 * Says which rows and classes of a head can be compared.
 *
 * @param leftOut labelled test rows that are left out of the comparison with the current model,
 *     since it has learned from them or from copies of them
 * @param classes names by index; empty where they are of no interest
 * @param added classes that the current model does not know
 * @param majority the class that is the most frequent in training
 */
record Scope(long leftOut, List<String> classes, Set<Integer> added, int majority) {
  /** Stands for all rows and all classes. */
  static final Scope ALL = new Scope(0, List.of(), Set.of(), 0);

  Scope {
    classes = List.copyOf(classes);
    added = Set.copyOf(added);
  }
}
