package io.attune.neural.averaging.exchange;

import io.attune.neural.averaging.state.NetworkState;
import java.io.Serializable;

/**
 * Cuts the values of a state, parameters and then updater state, into slices of one size; the last
 * may be shorter.
 *
 * @param size values of a slice
 */
record Slices(int parameters, int updater, int size) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Limits a slice: large enough to outweigh its envelope, small enough to hold many. */
  private static final int LARGEST = 1 << 16;

  private static final int SMALLEST = 1 << 12;

  /** Returns at least one slice for each reducer, if there are enough values. */
  static Slices of(NetworkState state, int reducers) {
    long values = (long) state.parameters().length + state.updater().length;
    long share = (values + reducers - 1) / reducers;
    return new Slices(
        state.parameters().length,
        state.updater().length,
        (int) Math.max(SMALLEST, Math.min(LARGEST, share)));
  }

  int count() {
    long values = (long) parameters + updater;
    return Math.toIntExact((values + size - 1) / size);
  }

  /** Returns the values of a slice. */
  float[] read(NetworkState state, int slice) {
    long start = (long) slice * size;
    long end = Math.min(start + size, (long) parameters + updater);
    float[] values = new float[(int) (end - start)];
    int ofParameters = (int) Math.max(0, Math.min(end, parameters) - start);
    if (ofParameters > 0) {
      System.arraycopy(state.parameters(), (int) start, values, 0, ofParameters);
    }
    if (ofParameters < values.length) {
      System.arraycopy(
          state.updater(),
          (int) (start + ofParameters - parameters),
          values,
          ofParameters,
          values.length - ofParameters);
    }
    return values;
  }

  /** Puts the values of a slice into a state that is being made. */
  void write(float[] values, int slice, NetworkState state) {
    long start = (long) slice * size;
    int ofParameters = (int) Math.max(0, Math.min(start + values.length, parameters) - start);
    if (ofParameters > 0) {
      System.arraycopy(values, 0, state.parameters(), (int) start, ofParameters);
    }
    if (ofParameters < values.length) {
      System.arraycopy(
          values,
          ofParameters,
          state.updater(),
          (int) (start + ofParameters - parameters),
          values.length - ofParameters);
    }
  }
}
