package io.attune.bench.averaging;

import io.attune.bench.averaging.AveragingTraining.Plan;
import io.attune.bench.layers.BenchCase;
import io.attune.bench.layers.NetworkContender;
import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.network.ModelConfig.Kind;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * Describes one training of {@link AveragingBench}: master, layers, source of rows, number of
 * workers.
 */
record AveragingCase(Master master, Layers layers, Input input, int workers) {
  /** Selects the training master. */
  enum Master {
    ATTUNE("Attune's master"),
    /** Uses the outer momentum that decision 7 recommends for many workers. */
    ATTUNE_NESTEROV("Attune's master, outer Nesterov"),
    DL4J("DL4J's master");

    private final String words;

    Master(String words) {
      this.words = words;
    }
  }

  /** Selects the attention layers of the network. */
  enum Layers {
    ATTUNE,
    DL4J
  }

  /** Selects the source of rows: an RDD of single rows, as users have, or ranges of rows. */
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
