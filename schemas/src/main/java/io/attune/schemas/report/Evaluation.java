package io.attune.schemas.report;

import java.io.Serializable;
import java.util.List;

/**
 * {@code evaluation.json}: how well each model answers each head, on the same rows.
 *
 * @param results one for each model, split and head
 * @param slices the candidate and the current model on parts of the test split
 * @param examples test documents worth reading, with what the candidate attended to
 */
public record Evaluation(
    List<HeadResult> results, List<SliceResult> slices, List<Example> examples) {

  public static final String FILE_NAME = "evaluation.json";

  /** Name of the folder of single predictions next to {@link #FILE_NAME}. */
  public static final String PREDICTIONS = "predictions";

  /** Names of {@link HeadResult#model}. */
  public static final String CANDIDATE = "candidate";

  public static final String CURRENT = "current";
  public static final String BASELINE = "baseline";
  public static final String MAJORITY = "majority";

  public Evaluation {
    results = List.copyOf(results);
    slices = List.copyOf(slices);
    examples = List.copyOf(examples);
  }

  /** A confidence interval of 95 %. */
  public record Interval(double low, double high) {}

  /**
   * One model on one head of one split.
   *
   * @param version of the model; null for baseline and majority
   * @param rows that have a label for this head
   * @param accuracy higher is better, in [0, 1]
   * @param accuracyInterval Wilson's
   * @param macroF1 mean of the classes' F1; higher is better, in [0, 1]
   * @param macroF1Interval percentile bootstrap over rows
   * @param logLoss mean negative log-likelihood in nats; lower is better; null for the majority
   * @param calibrationError expected calibration error over ten bins; lower is better; null
   *     likewise
   * @param confusion rows by true class, then by predicted class
   * @param calibration bins of the predicted probability; empty for the majority
   */
  public record HeadResult(
      String model,
      String version,
      String split,
      String head,
      long rows,
      double accuracy,
      Interval accuracyInterval,
      double macroF1,
      Interval macroF1Interval,
      Double logLoss,
      Double calibrationError,
      List<ClassResult> perClass,
      List<List<Long>> confusion,
      List<CalibrationBin> calibration) {
    public HeadResult {
      perClass = List.copyOf(perClass);
      confusion = confusion.stream().map(List::copyOf).toList();
      calibration = List.copyOf(calibration);
    }
  }

  /** Precision, recall and F1 of one class; 0 where they are not defined. */
  public record ClassResult(
      String label, long support, double precision, double recall, double f1) {}

  /** Rows whose highest probability lies in [low, high), and how often they were right. */
  public record CalibrationBin(
      double low, double high, long rows, double meanProbability, double accuracy) {}

  /**
   * One model on a part of the test split.
   *
   * @param slice what it is cut by: {@code corpus}, {@code source}, {@code month}, {@code language}
   *     or {@code length}
   */
  public record SliceResult(
      String model,
      String head,
      String slice,
      String value,
      long rows,
      double accuracy,
      double macroF1) {}

  /**
   * One test document.
   *
   * @param kind {@code worst-error} (the surest wrong answers), {@code least-certain} or {@code
   *     typical}
   * @param text cut after 600 characters
   * @param expected the label; null where there is none
   * @param probability of {@code predicted}
   * @param attention weights over spans of {@code text}, in its order; they sum to at most 1
   */
  public record Example(
      String kind,
      String id,
      String head,
      String text,
      String expected,
      String predicted,
      double probability,
      List<AttendedSpan> attention) {
    public Example {
      attention = List.copyOf(attention);
    }

    /** Returns the same document with a text and the attention to it. */
    public Example withText(String shown, List<AttendedSpan> spans) {
      return new Example(kind, id, head, shown, expected, predicted, probability, spans);
    }
  }

  /** Characters [start, end) of the text, in UTF-16 units, and how much attention they drew. */
  public record AttendedSpan(int start, int end, double weight) implements Serializable {}
}
