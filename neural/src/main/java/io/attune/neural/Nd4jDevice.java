package io.attune.neural;

import org.nd4j.linalg.factory.Nd4j;

/** Identifies the kind of device on which ND4J computes in this process. */
public final class Nd4jDevice {
  private Nd4jDevice() {}

  /** Returns whether it is the CPU; otherwise it is a GPU. */
  public static boolean isCpu() {
    return Nd4j.getExecutioner().getClass().getName().contains("nativecpu");
  }
}
