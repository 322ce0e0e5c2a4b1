package io.attune.bench;

import io.attune.pipeline.model.ModelConfig.Kind;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** One training of {@link AveragingBench}: who averages what, from where, with how many workers. */
record AveragingCase(Master master, Layers layers, Input input, int workers) {
  /** Who averages. */
  enum Master {
    ATTUNE,
    DL4J
  }

  /** Whose attention the network has. */
  enum Layers {
    ATTUNE,
    DL4J
  }

  /** Where the rows come from: an RDD of single rows, as users have, or ranges of rows. */
  enum Input {
    RDD,
    RANGES
  }

  /** The size of the network, and of its rows. */
  static BenchCase shape(int width) {
    return BenchCase.uniform(Kind.SELF_ATTENTION, 1, width, 32, true);
  }

  /** Describes the network; the same seed gives the same first parameters. */
  ComputationGraphConfiguration network(int width, double rate, long seed) {
    return switch (layers) {
      case ATTUNE -> NetworkContender.attuneNetwork(shape(width), rate, seed);
      case DL4J -> NetworkContender.dl4jNetwork(shape(width), rate, seed);
    };
  }

  String name() {
    return (master == Master.ATTUNE ? "Attune's master" : "DL4J's master")
        + (layers == Layers.ATTUNE ? ", Attune's layers" : ", DL4J's layers")
        + (input == Input.RDD ? "" : ", row ranges");
  }
}
