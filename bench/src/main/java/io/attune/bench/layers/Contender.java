package io.attune.bench.layers;

/** One implementation of a case, ready to be run and run again. */
interface Contender extends AutoCloseable {
  String name();

  /** Takes steps, one batch each, and returns the seconds that they took. */
  StepTime run(int steps);

  @Override
  void close();

  /**
   * What steps took.
   *
   * @param seconds by the clock on the wall
   * @param processor by all threads of the contender's process
   */
  record StepTime(double seconds, double processor) {
    StepTime perStep(int steps) {
      return new StepTime(seconds / steps, processor / steps);
    }
  }
}
