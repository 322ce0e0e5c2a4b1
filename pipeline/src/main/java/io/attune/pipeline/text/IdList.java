package io.attune.pipeline.text;

import java.util.Arrays;

/** Collects token ids. */
final class IdList {
  private int[] ids;
  private int size;

  IdList(int expected) {
    ids = new int[Math.max(8, expected)];
  }

  void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  void addAll(int[] more) {
    for (int id : more) { // nearly always one or two
      add(id);
    }
  }

  int size() {
    return size;
  }

  /** Removes all but the first ids. */
  void truncate(int first) {
    size = first;
  }

  /** Returns the ids from a place on. */
  int[] from(int start) {
    return Arrays.copyOfRange(ids, start, size);
  }
}
