package io.attune.bench.layers;

/** Runs one implementation of a case, repeatedly. */
interface Contender extends AutoCloseable {
  String name();

  /** Takes steps, one batch each, and returns their time. */
  StepTime run(int steps);

  @Override
  void close();

  /**
   * Holds the time of steps.
   *
   * @param seconds of wall-clock time
   * @param processor seconds of all threads of the contender's process
   */
  record StepTime(double seconds, double processor) {
    StepTime perStep(int steps) {
      return new StepTime(seconds / steps, processor / steps);
    }
  }
}
