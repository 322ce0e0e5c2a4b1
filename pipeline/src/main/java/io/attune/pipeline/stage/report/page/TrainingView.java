package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.stage.report.chart.LineChart;
import io.attune.pipeline.stage.report.chart.Svg;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Shows the training of tonight's model.
 *
 * @param loss null if no epoch was recorded; likewise accuracy
 */
record TrainingView(Svg loss, Svg accuracy, List<Fact> facts) {
  /** Bounds the epochs drawn; a longer curve is thinned. */
  private static final int MOST_EPOCHS = 120;

  /** Holds a number with its name. */
  record Fact(String name, String value, String note) {}

  /** Returns the curves and facts of a training. */
  static TrainingView of(TrainingRecord training) {
    List<EpochRecord> curve = thinned(training);
    if (curve.isEmpty()) {
      return new TrainingView(null, null, facts(training));
    }
    List<Integer> epochs = curve.stream().map(EpochRecord::epoch).toList();
    int best = epochs.indexOf(training.bestEpoch());
    Svg loss =
        LineChart.of(
            "loss",
            "Loss by epoch",
            new LineChart.Plot(
                epochs,
                List.of(
                    new LineChart.Line(
                        "training", "c-train", curve.stream().map(EpochRecord::trainLoss).toList()),
                    new LineChart.Line(
                        "validation",
                        "c-validation",
                        curve.stream().map(EpochRecord::validationLoss).toList())),
                best,
                "kept"));
    Svg accuracy =
        LineChart.of(
            "validation-accuracy",
            "Validation accuracy and macro-F1 by epoch",
            new LineChart.Plot(epochs, scores(curve), best, "kept"));
    return new TrainingView(loss, accuracy, facts(training));
  }

  private static List<LineChart.Line> scores(List<EpochRecord> curve) {
    LineChart.Line accuracy =
        new LineChart.Line(
            "accuracy",
            "c-validation",
            curve.stream().map(EpochRecord::validationAccuracy).toList());
    return curve.stream().anyMatch(epoch -> epoch.validationMacroF1() == null)
        ? List.of(accuracy)
        : List.of(
            accuracy,
            new LineChart.Line(
                "macro-F1",
                "c-train",
                curve.stream().map(EpochRecord::validationMacroF1).toList()));
  }

  private static List<EpochRecord> thinned(TrainingRecord training) {
    List<EpochRecord> curve = training.curve();
    int every = Math.max(1, (int) Math.ceil((double) curve.size() / MOST_EPOCHS));
    return IntStream.range(0, curve.size())
        .filter(
            i ->
                i % every == 0
                    || i == curve.size() - 1
                    || curve.get(i).epoch() == training.bestEpoch())
        .mapToObj(curve::get)
        .toList();
  }

  private static List<Fact> facts(TrainingRecord training) {
    List<Fact> facts = new ArrayList<>();
    if (training.epochs() == 0) {
      facts.add(
          new Fact("time", Figures.duration(training.seconds()), "of a model without network"));
      facts.add(new Fact("parameters", Figures.rough(training.parameters()), ""));
      facts.add(new Fact("rows trained", Figures.rough(training.rowsTrained()), ""));
      return facts;
    }
    if (training.origin() != null) {
      facts.add(new Fact("starts from", training.origin(), ""));
    }
    int networks = training.networks().size();
    if (networks > 1) {
      facts.add(new Fact("networks", Figures.count(networks), training.accuracyNote()));
    }
    facts.add(
        new Fact(
            "epochs",
            Figures.count(training.epochs()),
            "kept epoch "
                + training.bestEpoch()
                + (networks > 1 ? " (of the first network)" : "")));
    facts.add(
        new Fact(
            "workers",
            Figures.count(training.workers()),
            Figures.of(training.rounds(), "averaging round")));
    facts.add(
        new Fact(
            "time",
            Figures.duration(training.seconds()),
            training.resumes() == 0
                ? "not interrupted"
                : "resumed " + Figures.of(training.resumes(), "time")));
    facts.add(
        new Fact(
            "tokens per second", Figures.rough(training.tokensPerSecond()), "without padding"));
    facts.add(
        new Fact(
            "averaging",
            Figures.percent(training.averagingShare()),
            "of the time, with waiting for the slowest worker"));
    facts.add(
        new Fact(
            "parameters",
            Figures.rough(training.parameters()),
            training.weightAveraging() == null ? "" : "each " + training.weightAveraging().note()));
    facts.add(
        new Fact(
            "rows trained",
            Figures.rough(training.rowsTrained()),
            training.rowsTrained() == training.rowsPlanned()
                ? "as planned, each once per epoch"
                : "planned " + Figures.count(training.rowsPlanned())));
    return facts;
  }
}
