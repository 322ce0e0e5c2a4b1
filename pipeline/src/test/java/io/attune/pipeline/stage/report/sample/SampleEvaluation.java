package io.attune.pipeline.stage.report.sample;

import io.attune.schemas.report.Evaluation.CalibrationBin;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.ClassShare;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.Evaluation.PriorShiftResult;
import io.attune.schemas.report.Evaluation.SliceResult;
import io.attune.schemas.report.NightQuality.Drift;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Samples what a night measured: results of each model, slices and examples.
 *
 * @param times how many times as much of everything as an ordinary night has
 */
record SampleEvaluation(int times) {
  List<HeadResult> results() {
    List<HeadResult> results = new ArrayList<>();
    for (String head : List.of("sentiment", "topic")) {
      List<String> labels =
          head.equals("sentiment") ? SampleCorpus.SENTIMENTS : new SampleCorpus(times).topics();
      double easier = head.equals("sentiment") ? 0 : 0.035;
      results.add(result("candidate", "2026-01-06.1", head, labels, 0.874 + easier));
      results.add(result("candidate-network", null, head, labels, 0.859 + easier));
      results.add(result("candidate-linear", null, head, labels, 0.868 + easier));
      results.add(result("current", "2026-01-05.1", head, labels, 0.861 + easier));
      results.add(result("baseline", null, head, labels, 0.842 + easier));
      results.add(result("majority", null, head, labels, 0.41 - 4 * easier));
    }
    return results;
  }

  private static HeadResult result(
      String model, String version, String head, List<String> labels, double accuracy) {
    boolean majority = model.equals("majority");
    double f1 = majority ? accuracy / labels.size() : accuracy - 0.013;
    return HeadResult.builder(model, "test", head, 6_004)
        .version(version)
        .accuracy(accuracy)
        .accuracyInterval(new Interval(accuracy - 0.0084, accuracy + 0.008))
        .macroF1(f1)
        .macroF1Interval(new Interval(f1 - 0.011, f1 + 0.0098))
        .logLoss(majority ? null : 0.36 + (0.9 - accuracy))
        .brier(majority ? null : 0.2 + (0.9 - accuracy))
        .calibrationError(majority ? null : 0.021 + (0.9 - accuracy) / 3)
        .rawCalibrationError(model.equals("candidate") ? 0.075 : null)
        .temperature(model.equals("candidate") ? 1.4 : null)
        .perClass(
            IntStream.range(0, labels.size())
                .mapToObj(
                    i ->
                        new ClassResult(
                            labels.get(i),
                            2_400 - 300L * (i % 6),
                            f1 + 0.02,
                            f1 - 0.03 + 0.01 * (i % 4),
                            f1 - 0.02 * (i % 3)))
                .toList())
        .confusion(confusion(labels.size(), accuracy))
        .calibration(majority ? List.of() : calibration(accuracy))
        .build();
  }

  private static List<List<Long>> confusion(int classes, double accuracy) {
    List<List<Long>> confusion = new ArrayList<>();
    for (int expected = 0; expected < classes; expected++) {
      List<Long> row = new ArrayList<>(Collections.nCopies(classes, 0L));
      long support = 2_400 - 300L * (expected % 6);
      row.set(expected, Math.round(support * accuracy));
      row.set((expected + 1) % classes, Math.round(support * (1 - accuracy) * 0.8));
      row.set(
          (expected + classes - 1) % classes,
          row.get((expected + classes - 1) % classes) + Math.round(support * (1 - accuracy) * 0.2));
      confusion.add(row);
    }
    return confusion;
  }

  private static List<CalibrationBin> calibration(double accuracy) {
    List<CalibrationBin> bins = new ArrayList<>();
    for (int b = 0; b < 10; b++) {
      double middle = b / 10.0 + 0.05;
      long rows = b < 3 ? 0 : 40L * b * b;
      double right = Math.min(1, middle - 0.06 * Math.sin(middle * 3) + (accuracy - 0.87));
      bins.add(new CalibrationBin(b / 10.0, (b + 1) / 10.0, rows, middle, Math.max(0, right)));
    }
    return bins;
  }

  List<Drift> drift() {
    return List.of(
        new Drift("source", 812, 40_117, 0.31, 1e-9, 4e-9, SampleNight.HOSTILE, 0.4, 0.1, true),
        new Drift("labels of topic", 801, 39_870, 0.02, 0.4, 0.4, "markets", 0.3, 0.28, false));
  }

  List<PriorShiftResult> priors() {
    List<ClassShare> shares = new ArrayList<>();
    for (String label : SampleCorpus.SENTIMENTS) {
      shares.add(new ClassShare(label, 0.33, 0.25, 0.27));
    }
    shares.add(new ClassShare(SampleNight.HOSTILE, 0.01, 0.02, null));
    return List.of(
        new PriorShiftResult("candidate", "sentiment", 6_004, shares, 0.0004, 0.874, 0.881));
  }

  List<SliceResult> slices() {
    List<SliceResult> slices = new ArrayList<>();
    for (String head : List.of("sentiment", "topic")) {
      slice(slices, head, "language", List.of("en", "zh"));
      List<String> sources = new ArrayList<>(List.of("Reuters", "新华财经", "Northwind Wire"));
      sources.add(SampleNight.HOSTILE);
      for (int i = 1; i < times; i++) {
        sources.add("Source " + i);
      }
      slice(slices, head, "source", sources);
      slice(slices, head, "month", List.of("2025-11", "2025-12", "2026-01"));
      slice(slices, head, "length", List.of("1–16", "17–32", "33–64", "65–128"));
    }
    return slices;
  }

  private static void slice(
      List<SliceResult> slices, String head, String slice, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      long rows = 2_900 / (i + 1);
      double accuracy = 0.89 - 0.017 * (i % 5);
      slices.add(
          new SliceResult(
              "candidate",
              head,
              slice,
              values.get(i),
              rows,
              accuracy,
              accuracy - 0.02,
              new Interval(accuracy - 0.02, accuracy + 0.018)));
      slices.add(
          new SliceResult(
              "current",
              head,
              slice,
              values.get(i),
              rows,
              accuracy - 0.012 + 0.006 * i,
              accuracy - 0.03));
    }
  }
}
