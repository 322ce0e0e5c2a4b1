package io.attune.neural;

import org.nd4j.linalg.factory.Nd4j;

/** Tells which kind of device ND4J computes on in this process. */
public final class Nd4jDevice {
  private Nd4jDevice() {}

  /** Returns whether it is the CPU; otherwise it is a GPU. */
  public static boolean isCpu() {
    return Nd4j.getExecutioner().getClass().getName().contains("nativecpu");
  }
}
