package io.attune.bench.layers;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs two networks in one JVM, each on a thread of its own; a step is half the step of both. */
final class TwoNetworks implements Contender {
  private final List<Contender> networks;

  TwoNetworks(Contender first, Contender second) {
    networks = List.of(first, second);
  }

  @Override
  public String name() {
    return "attune (auto), two networks on two threads";
  }

  @Override
  public StepTime run(int steps) {
    long start = System.nanoTime();
    List<CompletableFuture<StepTime>> runs =
        networks.stream()
            .map(network -> CompletableFuture.supplyAsync(() -> network.run(steps), this::start))
            .toList();
    // Both measure the processor time of the whole process; the later one includes nearly all.
    double processor =
        runs.stream()
            .map(CompletableFuture::join)
            .mapToDouble(StepTime::processor)
            .max()
            .orElseThrow();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new StepTime(seconds / networks.size(), processor / networks.size());
  }

  private void start(Runnable run) {
    new Thread(run, "network").start();
  }

  @Override
  public void close() {
    networks.forEach(Contender::close);
  }
}
