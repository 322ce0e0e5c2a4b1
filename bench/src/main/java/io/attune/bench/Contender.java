package io.attune.bench;

/** One implementation of a case, ready to be run and run again. */
interface Contender extends AutoCloseable {
  String name();

  /** Takes steps, one batch each, and returns the seconds that they took. */
  double run(int steps);

  @Override
  void close();
}
