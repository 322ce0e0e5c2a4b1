package io.attune.bench.averaging;

import io.attune.bench.averaging.AveragingCase.Input;
import io.attune.bench.averaging.AveragingCase.Layers;
import io.attune.bench.averaging.AveragingCase.Master;
import io.attune.bench.averaging.AveragingTraining.Outcome;
import io.attune.bench.averaging.AveragingTraining.Point;
import io.attune.bench.layers.ContenderTimes;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/** Reports the trainings of {@link AveragingBench}: as text, as JSON and as tables in Markdown. */
final class AveragingReport {
  private final Map<AveragingCase, List<Outcome>> outcomes = new LinkedHashMap<>();

  /** Adds a training; every case is added once in each round. */
  void add(AveragingCase given, Outcome outcome) {
    outcomes.computeIfAbsent(given, any -> new ArrayList<>()).add(outcome);
  }

  private double median(AveragingCase given, ToDoubleFunction<Outcome> value) {
    return ContenderTimes.median(
        outcomes.get(given).stream().map(outcome -> value.applyAsDouble(outcome)).toList());
  }

  /**
   * Returns the median of the rounds' quotients of tokens per second; empty if not both were
   * measured.
   */
  Optional<Double> speedUp(AveragingCase one, AveragingCase other) {
    List<Outcome> ours = outcomes.getOrDefault(one, List.of());
    List<Outcome> theirs = outcomes.getOrDefault(other, List.of());
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(ours.size(), theirs.size()); round++) {
      ratios.add(ours.get(round).tokensPerSecond() / theirs.get(round).tokensPerSecond());
    }
    return ratios.isEmpty() ? Optional.empty() : Optional.of(ContenderTimes.median(ratios));
  }

  /** Returns the seconds of a step of one worker alone, without reading its data. */
  double stepSeconds() {
    return outcomes.entrySet().stream()
        .filter(entry -> isOurs(entry.getKey()) && entry.getKey().workers() == 1)
        .mapToDouble(
            entry ->
                median(
                    entry.getKey(),
                    outcome -> outcome.counts().seconds() / outcome.counts().steps()))
        .min()
        .orElse(0);
  }

  private static boolean isOurs(AveragingCase given) {
    return given.master() == Master.ATTUNE && given.layers() == Layers.ATTUNE;
  }

  /** Returns all tables of trainings. */
  String markdown() {
    StringBuilder text =
        new StringBuilder(
            """
            | workers | master and layers | rows trained of those given | tokens/s | speed of Attune's master relative to it | not training | validation loss |
            |---|---|---|---|---|---|---|
            """);
    outcomes.keySet().forEach(given -> text.append(line(given)));
    text.append('\n');
    sentences().forEach(sentence -> text.append(sentence).append("\n\n"));
    text.append(
        """
        | workers | master and layers | examples | seconds | validation loss |
        |---|---|---|---|---|
        """);
    outcomes.keySet().forEach(given -> text.append(curve(given)));
    return text.toString();
  }

  private String line(AveragingCase given) {
    AveragingCase ours =
        new AveragingCase(Master.ATTUNE, given.layers(), given.input(), given.workers());
    String times =
        given.master() == Master.DL4J
            ? speedUp(ours, given).map(ratio -> format("%.2f", ratio)).orElse("")
            : "";
    return format(
        "| %d | %s | %,.0f of %,.0f (%.1f %%) | %,.0f | %s | %.0f %% | %.3f |%n",
        given.workers(),
        given.name(),
        median(given, outcome -> outcome.counts().rows()),
        median(given, Outcome::given),
        100 * median(given, outcome -> (double) outcome.counts().rows() / outcome.given()),
        median(given, Outcome::tokensPerSecond),
        times,
        100 * median(given, Outcome::notTraining),
        median(given, Outcome::loss));
  }

  private List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    speedUp(ours(Input.RANGES, 2), ours(Input.RANGES, 1))
        .ifPresent(
            times ->
                sentences.add(
                    format("Row ranges: 2 workers were %.2f times as fast as 1.", times)));
    speedUp(ours(Input.RDD, 2), new AveragingCase(Master.DL4J, Layers.DL4J, Input.RDD, 2))
        .ifPresent(
            times ->
                sentences.add(
                    format(
                        "Attune's master with Attune's layers was %.2f times as fast as DL4J's"
                            + " master with DL4J's layers (2 workers).",
                        times)));
    sentences.addAll(losses());
    return sentences;
  }

  /**
   * Compares validation losses with those of one worker, and those of outer momentum with those
   * without.
   */
  private List<String> losses() {
    List<String> sentences = new ArrayList<>();
    for (AveragingCase given : outcomes.keySet()) {
      if (given.layers() != Layers.ATTUNE || given.input() != Input.RANGES) {
        continue;
      }
      if (given.workers() > 1) {
        lossComparedWith(given, ours(Input.RANGES, 1)).ifPresent(sentences::add);
      }
      if (given.master() == Master.ATTUNE_NESTEROV) {
        lossComparedWith(given, ours(Input.RANGES, given.workers())).ifPresent(sentences::add);
      }
    }
    return sentences;
  }

  /**
   * Returns the mean of the differences between trainings of one seed, with Student's 95 %
   * interval.
   */
  private Optional<String> lossComparedWith(AveragingCase one, AveragingCase other) {
    List<Outcome> ones = outcomes.getOrDefault(one, List.of());
    List<Outcome> others = outcomes.getOrDefault(other, List.of());
    SummaryStatistics differences = new SummaryStatistics();
    for (int round = 0; round < Math.min(ones.size(), others.size()); round++) {
      differences.addValue(ones.get(round).loss() - others.get(round).loss());
    }
    long seeds = differences.getN();
    if (seeds < 2) {
      return Optional.empty();
    }
    double quantile = new TDistribution(seeds - 1.0).inverseCumulativeProbability(0.975);
    return Optional.of(
        format(
            "Validation loss of %d workers (%s) minus that of %d (%s): %+.3f ± %.3f over %d seeds.",
            one.workers(),
            one.name(),
            other.workers(),
            other.name(),
            differences.getMean(),
            quantile * differences.getStandardDeviation() / Math.sqrt((double) seeds),
            seeds));
  }

  private static AveragingCase ours(Input input, int workers) {
    return new AveragingCase(Master.ATTUNE, Layers.ATTUNE, input, workers);
  }

  private String curve(AveragingCase given) {
    StringBuilder text = new StringBuilder();
    for (int epoch = 0; epoch < outcomes.get(given).get(0).curve().size(); epoch++) {
      int at = epoch;
      text.append(
          format(
              "| %d | %s | %,.0f | %.2f | %.3f |%n",
              given.workers(),
              given.name(),
              median(given, outcome -> point(outcome, at).examples()),
              median(given, outcome -> point(outcome, at).seconds()),
              median(given, outcome -> point(outcome, at).loss())));
    }
    return text.toString();
  }

  private static Point point(Outcome outcome, int epoch) {
    return outcome.curve().get(epoch);
  }

  /** Returns every training, for {@code averaging.json}. */
  List<Map<String, Object>> trainings() {
    List<Map<String, Object>> all = new ArrayList<>();
    outcomes.forEach(
        (given, made) ->
            made.forEach(
                outcome -> {
                  Map<String, Object> one = new LinkedHashMap<>();
                  one.put("case", given);
                  one.put("round", made.indexOf(outcome) + 1);
                  one.put("rowsGiven", outcome.given());
                  one.put("rowsTrained", outcome.counts().rows());
                  one.put("steps", outcome.counts().steps());
                  one.put("tokensPerSecond", outcome.tokensPerSecond());
                  one.put("fractionNotTraining", outcome.notTraining());
                  one.put("curve", outcome.curve());
                  all.add(one);
                }));
    return all;
  }

  /** Overwrites {@code averaging.json} and {@code averaging.md}. */
  void write(Path folder, Optional<CostReport> costs) throws IOException {
    Files.createDirectories(folder);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("trainings", trainings());
    costs.ifPresent(report -> json.put("costs", report.json()));
    Files.write(folder.resolve("averaging.json"), Json.pretty(json));
    String tables = markdown() + costs.map(report -> "\n" + report.markdown()).orElse("");
    Files.writeString(folder.resolve("averaging.md"), tables, StandardCharsets.UTF_8);
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
