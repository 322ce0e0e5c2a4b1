package io.attune.bench.alerts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lets R's {@code surveillance} judge signals, in a process of its own. */
final class FarringtonFlexible {
  private static final String SCRIPT = "farrington.R";

  /** Sets of how many days without outbreak one is judged: a day takes some 20 ms. */
  private static final int SAMPLED = 4;

  private FarringtonFlexible() {}

  /** Returns whether this machine has R with the package. */
  static boolean isInstalled() {
    try {
      return new ProcessBuilder("Rscript", "-e", "library(surveillance)")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Judges the days of outbreaks and every fourth other day of signals.
   *
   * @return minus the logarithm of the p-value; 0 where too few were counted
   */
  static List<Track> judge(List<Signal> signals) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("attune-bench-alerts");
    Path script = folder.resolve(SCRIPT);
    try (InputStream in = FarringtonFlexible.class.getResourceAsStream(SCRIPT)) {
      Files.copy(in, script);
    }
    Path input = folder.resolve("signals.txt");
    Path output = folder.resolve("p-values.csv");
    List<String> lines = new ArrayList<>();
    for (int number = 0; number < signals.size(); number++) {
      lines.add(line(number, signals.get(number)));
    }
    Files.write(input, lines);
    int cores = Runtime.getRuntime().availableProcessors();
    int exit =
        new ProcessBuilder(
                "Rscript",
                script.toString(),
                input.toString(),
                output.toString(),
                Integer.toString(cores))
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("Rscript %s ended with %d; see above".formatted(script, exit));
    }
    List<Track> tracks = read(signals, Files.readAllLines(output));
    for (Path file : List.of(script, input, output, folder)) {
      Files.delete(file);
    }
    return tracks;
  }

  private static String line(int number, Signal signal) {
    String days =
        IntStream.range(signal.judgedFrom(), signal.days())
            .filter(day -> signal.isOutbreak(day) || day % SAMPLED == 0)
            .mapToObj(day -> Integer.toString(day + 1))
            .collect(Collectors.joining(","));
    String counts =
        IntStream.range(0, signal.days())
            .mapToObj(day -> Long.toString(signal.count(day)))
            .collect(Collectors.joining(","));
    return "%d;%d;%d;%s;%s"
        .formatted(number, signal.kind().yearDays(), signal.kind().weekDays(), days, counts);
  }

  private static List<Track> read(List<Signal> signals, List<String> lines) {
    double[][] scores = new double[signals.size()][];
    for (int number = 0; number < scores.length; number++) {
      scores[number] = new double[signals.get(number).judgedDays()];
      Arrays.fill(scores[number], Double.NaN);
    }
    for (String line : lines) {
      String[] fields = line.split(",", -1);
      int number = Integer.parseInt(fields[0]);
      int day = Integer.parseInt(fields[1]) - 1 - signals.get(number).judgedFrom();
      String p = fields[2].strip();
      scores[number][day] =
          p.equals("NA") ? 0 : -Math.log10(Math.max(1e-300, Double.parseDouble(p)));
    }
    return IntStream.range(0, scores.length)
        .mapToObj(number -> new Track(signals.get(number), new Track.Scores(scores[number])))
        .toList();
  }
}
