package io.attune.bench.averaging;

import io.attune.bench.averaging.AveragingTraining.Plan;
import io.attune.bench.layers.BenchCase;
import io.attune.bench.layers.NetworkContender;
import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.network.ModelConfig.Kind;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** One training of {@link AveragingBench}: who averages what, from where, with how many workers. */
record AveragingCase(Master master, Layers layers, Input input, int workers) {
  /** Who averages. */
  enum Master {
    ATTUNE("Attune's master"),
    /** With the outer momentum that decision 7 recommends for many workers. */
    ATTUNE_NESTEROV("Attune's master, outer Nesterov"),
    DL4J("DL4J's master");

    private final String words;

    Master(String words) {
      this.words = words;
    }
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

  /** Describes the network; the same seed gives the same first parameters. */
  ComputationGraphConfiguration network(Plan plan, long seed) {
    BenchCase shape =
        BenchCase.uniform(Kind.SELF_ATTENTION, 1, plan.width(), plan.source().tokens(), true);
    return switch (layers) {
      case ATTUNE -> NetworkContender.attuneNetwork(shape, plan.rate(), seed, BackendChoice.AUTO);
      case DL4J -> NetworkContender.dl4jNetwork(shape, plan.rate(), seed);
    };
  }

  String name() {
    return master.words
        + (layers == Layers.ATTUNE ? ", Attune's layers" : ", DL4J's layers")
        + (input == Input.RDD ? "" : ", row ranges");
  }
}
