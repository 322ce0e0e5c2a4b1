package io.attune.schemas.report;

import io.attune.schemas.report.Evaluation.CalibrationBin;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.table.Split;
import java.util.List;

/** Builds a {@link HeadResult} by the names of its components. */
public final class HeadResultBuilder {
  private final String model;
  private final Split split;
  private final String head;
  private String version;
  private long rows;
  private double accuracy;
  private Interval accuracyInterval;
  private double macroF1;
  private Interval macroF1Interval;
  private Double logLoss;
  private Double calibrationError;
  private List<ClassResult> perClass = List.of();
  private List<List<Long>> confusion = List.of();
  private List<CalibrationBin> calibration = List.of();

  private HeadResultBuilder(String model, Split split, String head) {
    this.model = model;
    this.split = split;
    this.head = head;
  }

  /** Starts the result of one model on one head of one split. */
  public static HeadResultBuilder of(String model, Split split, String head) {
    return new HeadResultBuilder(model, split, head);
  }

  /** Sets the version of the model; baseline and majority have none. */
  public HeadResultBuilder version(String value) {
    version = value;
    return this;
  }

  /** Sets the number of rows that have a label for the head. */
  public HeadResultBuilder rows(long value) {
    rows = value;
    return this;
  }

  /** Sets the accuracy with its interval. */
  public HeadResultBuilder accuracy(double value, Interval interval) {
    accuracy = value;
    accuracyInterval = interval;
    return this;
  }

  /** Sets the mean of the classes' F1 with its interval. */
  public HeadResultBuilder macroF1(double value, Interval interval) {
    macroF1 = value;
    macroF1Interval = interval;
    return this;
  }

  /** Sets the mean negative log-likelihood in nats; the majority has none. */
  public HeadResultBuilder logLoss(double value) {
    logLoss = value;
    return this;
  }

  /** Sets the expected calibration error and the bins that it is computed from. */
  public HeadResultBuilder calibration(double error, List<CalibrationBin> bins) {
    calibrationError = error;
    calibration = bins;
    return this;
  }

  /** Sets precision, recall and F1 of each class. */
  public HeadResultBuilder perClass(List<ClassResult> value) {
    perClass = value;
    return this;
  }

  /** Sets the rows by true class, then by predicted class. */
  public HeadResultBuilder confusion(List<List<Long>> value) {
    confusion = value;
    return this;
  }

  /** Returns the result. */
  public HeadResult build() {
    return new HeadResult(
        model,
        version,
        split.word(),
        head,
        rows,
        accuracy,
        accuracyInterval,
        macroF1,
        macroF1Interval,
        logLoss,
        calibrationError,
        perClass,
        confusion,
        calibration);
  }
}
