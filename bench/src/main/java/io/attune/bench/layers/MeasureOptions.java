package io.attune.bench.layers;

import picocli.CommandLine.Option;

/** Holds the options of benchmarks whose contenders alternate. */
final class MeasureOptions {
  @Option(names = "--python", description = "A Python that can import torch (${DEFAULT-VALUE}).")
  String python = "python3";

  @Option(names = "--rounds", description = "Rounds of a case (${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      description = "Seconds of a contender in a round, at least (${DEFAULT-VALUE}).")
  private double seconds = 0.5;

  @Option(names = "--case", description = "Runs only cases whose name contains this.")
  String only = "";

  Rounds rounds() {
    return new Rounds(rounds, seconds);
  }
}
