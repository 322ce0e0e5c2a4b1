package io.attune.pipeline.bundle;

import io.attune.neural.network.Networks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** Keeps copies of one network, as many as are in use at a time: a network serves one thread. */
final class NetworkPool {
  private final byte[] network;
  private final ConcurrentLinkedDeque<ComputationGraph> idle = new ConcurrentLinkedDeque<>();

  /**
   * Makes an empty pool.
   *
   * @param network in DL4J's own format
   */
  NetworkPool(byte[] network) {
    this.network = network;
  }

  /** Runs {@code work} with a network that no other thread uses meanwhile. */
  <T> T with(Function<ComputationGraph, T> work) {
    ComputationGraph found = idle.pollFirst();
    ComputationGraph lent = found == null ? open() : found;
    T result = work.apply(lent);
    idle.addFirst(lent); // not after a failure, which may have left it in any state
    return result;
  }

  private ComputationGraph open() {
    try {
      ComputationGraph opened =
          ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(network), false);
      Networks.freeze(opened);
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException("The network was verified, and cannot be opened", e);
    }
  }
}
