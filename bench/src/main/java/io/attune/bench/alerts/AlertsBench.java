package io.attune.bench.alerts;

import io.attune.pipeline.surge.CountOptions;
import io.attune.pipeline.surge.CountSurges;
import io.attune.pipeline.surge.DailySeries;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.Masks;
import io.attune.pipeline.surge.Outcome;
import io.attune.pipeline.surge.ShareOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures detection of surges on simulated signals, beside EARS and R's surveillance. */
@Command(
    name = "alerts",
    mixinStandardHelpOptions = true,
    description = {
      "Judges the sixteen kinds of daily signal of Noufaily et al. 2019 (seven years, one outbreak"
          + " in the last 49 weeks) day by day, and prints sensitivity, specificity, probability of"
          + " detection and days to detection, beside EARS C1, C2, C3 and, where Rscript has it,"
          + " surveillance::farringtonFlexible; then false alarms and detection of shares, and the"
          + " time of a night with many entities.",
      "",
      "Methods are compared at their own limits, at the specificity of Attune's, and at one false"
          + " alarm a month. R's is slow, so it judges every fourth day without outbreak."
    })
public final class AlertsBench implements Callable<Integer> {
  private static final double DAYS_OF_MONTH = 30.4;
  private static final String ATTUNE = "Attune";
  private static final String R = "farringtonFlexible";

  @Spec private CommandSpec spec;

  @Option(names = "--runs", description = "Runs of each kind and size (${DEFAULT-VALUE}).")
  private int runs = 20;

  @Option(
      names = "--peer-runs",
      description = "Of these, runs that R judges too (${DEFAULT-VALUE}); 0 for none.")
  private int peerRuns = 3;

  @Option(
      names = "--sizes",
      split = ",",
      description = "Outbreaks, in standard deviations (${DEFAULT-VALUE}).")
  private List<Double> sizes = List.of(2.0, 3.0, 5.0, 10.0);

  @Option(names = "--level", description = "False alarms a day (${DEFAULT-VALUE}).")
  private double level = CountOptions.DEFAULTS.alarm().level();

  @Option(names = "--shares", description = "Series-years of shares (${DEFAULT-VALUE}).")
  private int shares = 1000;

  @Option(
      names = "--entities",
      description = "Series of a night whose time is measured (${DEFAULT-VALUE}).")
  private int entities = 10_000;

  @Option(names = "--seed", description = "Of all draws (${DEFAULT-VALUE}).")
  private long seed = 1;

  private final Map<String, Double> limits = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (runs > 0) {
      measureCounts(out);
    }
    if (shares > 0) {
      measureShares(out);
    }
    if (entities > 0) {
      EntityNight.of(entities, seed).print(out);
    }
    return 0;
  }

  private void measureCounts(PrintWriter out) throws IOException, InterruptedException {
    List<Signal> signals = signals(runs);
    Map<String, List<Track>> tracks = new LinkedHashMap<>();
    limits.put(ATTUNE, -Math.log10(level));
    long started = System.nanoTime();
    tracks.put(ATTUNE, signals.parallelStream().map(this::attune).toList());
    double seconds = (System.nanoTime() - started) / 1e9;
    for (Ears ears : Ears.values()) {
      limits.put("EARS " + ears, ears.limit());
      tracks.put("EARS " + ears, signals.stream().map(signal -> track(signal, ears)).toList());
    }
    long days = signals.stream().mapToLong(Signal::judgedDays).sum();
    out.printf(
        Locale.ROOT,
        "%,d signals, %,d days judged by Attune in %.1f s by %d processors%n%n",
        signals.size(),
        days,
        seconds,
        Runtime.getRuntime().availableProcessors());
    out.flush();
    print(out, tracks);
    printKinds(out, tracks.get(ATTUNE));
    if (peerRuns > 0 && FarringtonFlexible.isInstalled()) {
      measurePeer(out);
    }
  }

  private List<Signal> signals(int count) {
    List<Signal> signals = new ArrayList<>();
    for (SignalKind kind : SignalKind.ALL) {
      for (double size : sizes) {
        for (int run = 0; run < count; run++) {
          signals.add(Signal.of(kind, size, seed + run));
        }
      }
    }
    return signals;
  }

  private Track attune(Signal signal) {
    CountSurges surges =
        new CountSurges(CountOptions.DEFAULTS.withLevel(level), Signal.HOLIDAYS, Masks.NONE);
    DailySeries series = signal.series();
    double[] scores = new double[signal.judgedDays()];
    for (int day = 0; day < scores.length; day++) {
      Judgement judgement = surges.judge(series, signal.date(signal.judgedFrom() + day));
      // One above its limit has a p-value below the level; a count that is too small has no alarm.
      scores[day] =
          judgement.outcome() == Outcome.TOO_FEW ? 0 : -Math.log10(Math.max(1e-300, judgement.p()));
    }
    return new Track(signal, new Track.Scores(scores));
  }

  private static Track track(Signal signal, Ears ears) {
    double[] scores = new double[signal.judgedDays()];
    for (int day = 0; day < scores.length; day++) {
      scores[day] = ears.statistic(signal, signal.judgedFrom() + day);
    }
    return new Track(signal, new Track.Scores(scores));
  }

  private void measurePeer(PrintWriter out) throws IOException, InterruptedException {
    List<Signal> signals = signals(Math.min(runs, peerRuns));
    Map<String, List<Track>> tracks = new LinkedHashMap<>();
    tracks.put(ATTUNE, signals.parallelStream().map(this::attune).toList());
    long started = System.nanoTime();
    tracks.put(R, FarringtonFlexible.judge(signals));
    limits.put(R, -Math.log10(level));
    out.printf(
        Locale.ROOT,
        "%n%,d signals beside R's surveillance (which took %.0f s), nbPlugin%n%n",
        signals.size(),
        (System.nanoTime() - started) / 1e9);
    print(out, tracks);
  }

  private void print(PrintWriter out, Map<String, List<Track>> tracks) {
    double specificity = Performance.of(tracks.get(ATTUNE), limits.get(ATTUNE)).specificity();
    print(out, "its own limit", tracks, limits);
    print(out, "specificity %.4f".formatted(specificity), tracks, at(tracks, specificity));
    print(out, "one false alarm a month", tracks, at(tracks, 1 - 1 / DAYS_OF_MONTH));
  }

  private static Map<String, Double> at(Map<String, List<Track>> tracks, double specificity) {
    Map<String, Double> at = new LinkedHashMap<>();
    tracks.forEach((method, of) -> at.put(method, Performance.limitAt(of, specificity)));
    return at;
  }

  private void print(
      PrintWriter out, String title, Map<String, List<Track>> tracks, Map<String, Double> at) {
    out.printf("At %s:%n%n", title);
    out.println(
        "| method | sensitivity | specificity | detection | days to detection | detection by size"
            + " |");
    out.println("|---|---|---|---|---|---|");
    tracks.forEach(
        (method, of) -> {
          Performance all = Performance.of(of, at.get(method));
          StringBuilder bySize = new StringBuilder();
          for (int size = 0; size < sizes.size(); size++) {
            bySize.append(
                String.format(
                    Locale.ROOT,
                    "%s%.3f",
                    size == 0 ? "" : ", ",
                    Performance.of(ofSize(of, size), at.get(method)).detection()));
          }
          out.printf(
              Locale.ROOT,
              "| %s | %.3f | %.4f | %.3f | %.2f | %s |%n",
              method,
              all.sensitivity(),
              all.specificity(),
              all.detection(),
              all.days(),
              bySize);
        });
    out.println();
    out.flush();
  }

  /** Returns the tracks of one size: signals are sorted by kind, then size, then run. */
  private List<Track> ofSize(List<Track> tracks, int size) {
    int block = tracks.size() / SignalKind.ALL.size() / sizes.size();
    List<Track> found = new ArrayList<>();
    for (int i = 0; i < tracks.size(); i++) {
      if (i / block % sizes.size() == size) {
        found.add(tracks.get(i));
      }
    }
    return found;
  }

  private void printKinds(PrintWriter out, List<Track> tracks) {
    out.println("Attune by kind, at its own limit:\n");
    out.println("| kind | sensitivity | specificity | detection | days to detection |");
    out.println("|---|---|---|---|---|");
    int block = tracks.size() / SignalKind.ALL.size();
    for (int kind = 0; kind < SignalKind.ALL.size(); kind++) {
      Performance of =
          Performance.of(tracks.subList(kind * block, (kind + 1) * block), limits.get(ATTUNE));
      out.printf(
          Locale.ROOT,
          "| %d | %.3f | %.4f | %.3f | %.2f |%n",
          kind + 1,
          of.sensitivity(),
          of.specificity(),
          of.detection(),
          of.days());
    }
    out.flush();
  }

  private void measureShares(PrintWriter out) {
    ShareOptions options = ShareOptions.DEFAULTS;
    out.printf(
        Locale.ROOT,
        "%nShares of %,d series of 30 documents a day, one false alarm in %.0f days stated:%n%n",
        shares,
        options.runLength());
    out.println(
        "| share | correlation | false alarms a year | of the stated | doubling found in 3 days |"
            + " by the best test | days to detection |");
    out.println("|---|---|---|---|---|---|---|");
    for (double share : List.of(0.1, 0.2, 0.3)) {
      for (double correlation : List.of(0.0, 0.02)) {
        Shares.Result result = new Shares(share, correlation, 30).measure(shares, options, seed);
        double rate = (double) result.falseAlarms() / result.series();
        out.printf(
            Locale.ROOT,
            "| %.1f | %.2f | %.3f | %.2f | %.3f | %.3f | %.2f |%n",
            share,
            correlation,
            rate,
            rate * options.runLength() / 365,
            result.soon(),
            new ShareBound(share, correlation, 30).power(Shares.SOON, options.runLength(), seed),
            result.days());
        out.flush();
      }
    }
  }
}
