package io.attune.schemas.report;

import java.io.Serializable;
import java.util.List;

/**
 * Holds the metrics of each model on each head, on the same rows: {@code evaluation.json}.
 *
 * @param results one per model, split and head
 * @param slices the candidate and the current model on slices of the test split
 * @param examples selected test documents, with the attention of the candidate
 * @param fits how the linear baseline was fitted, by head; empty in files of versions without it
 * @param learned the published models that have learned from test rows, by head; empty in files of
 *     versions without it
 * @param priors the shares of the classes in the test split as the candidate's answers show them;
 *     likewise
 * @param prior the shares that answers to the test split go by: {@code training} or {@link
 *     #ESTIMATED}; null in files of versions without it
 */
public record Evaluation(
    List<HeadResult> results,
    List<SliceResult> slices,
    List<Example> examples,
    List<BaselineFit> fits,
    List<Learned> learned,
    List<PriorShiftResult> priors,
    String prior) {

  public static final String FILE_NAME = "evaluation.json";

  /** Names the folder of single predictions next to {@link #FILE_NAME}. */
  public static final String PREDICTIONS = "predictions";

  /** Says that answers to the test split are corrected for the shares that they show it to have. */
  public static final String ESTIMATED = "estimated";

  /** Names the models of {@link HeadResult#model}. */
  public static final String CANDIDATE = "candidate";

  /** Names the network of a candidate that has two parts. */
  public static final String CANDIDATE_NETWORK = "candidate-network";

  /** Names the linear part of a candidate that has two parts. */
  public static final String CANDIDATE_LINEAR = "candidate-linear";

  public static final String CURRENT = "current";

  /** Names the model that a person has pinned, or the first that went into use. */
  public static final String ANCHOR = "anchor";

  public static final String BASELINE = "baseline";
  public static final String MAJORITY = "majority";

  public Evaluation {
    results = List.copyOf(results);
    slices = List.copyOf(slices);
    examples = List.copyOf(examples);
    fits = fits == null ? List.of() : List.copyOf(fits);
    learned = learned == null ? List.of() : List.copyOf(learned);
    priors = priors == null ? List.of() : List.copyOf(priors);
  }

  /** Makes an evaluation that does not say how its baseline was fitted. */
  public Evaluation(List<HeadResult> results, List<SliceResult> slices, List<Example> examples) {
    this(results, slices, examples, List.of(), List.of(), List.of(), null);
  }

  /** Returns the same with how its baseline was fitted. */
  public Evaluation withFits(List<BaselineFit> ofBaseline) {
    return new Evaluation(results, slices, examples, ofBaseline, learned, priors, prior);
  }

  /** Returns the same with other results, and the models that have learned from test rows. */
  public Evaluation withLearned(List<HeadResult> completed, List<Learned> ofModels) {
    return new Evaluation(completed, slices, examples, fits, ofModels, priors, prior);
  }

  /**
   * Says that a published model was trained or validated on test rows of a head, or on copies of
   * them: it is not judged on those.
   *
   * @param rows labelled test rows that it is not judged on; null where it is not known which
   *     documents it has learned from, and it is judged on all
   */
  public record Learned(String model, String version, String head, Long rows) {}

  /**
   * Holds the accuracy on test rows that have no copy among the documents that tonight's models
   * have learned from.
   *
   * @param rows such rows with a label
   */
  public record Uncopied(long rows, double accuracy) {}

  /** Returns the same with what was estimated of the shares of the classes, and which were used. */
  public Evaluation withPriors(List<PriorShiftResult> estimated, String used) {
    return new Evaluation(results, slices, examples, fits, learned, estimated, used);
  }

  /**
   * Says which shares the classes of a head have in the test split, as a model's answers show them
   * without the labels (Saerens et al. 2002).
   *
   * @param rows documents that the estimate was made from
   * @param pValue of the hypothesis that the shares are those of the train split
   * @param accuracy of the model on the labelled ones of these rows; null without any
   * @param correctedAccuracy the same with answers that are corrected for the estimated shares
   */
  public record PriorShiftResult(
      String model,
      String head,
      long rows,
      List<ClassShare> classes,
      double pValue,
      Double accuracy,
      Double correctedAccuracy) {
    public PriorShiftResult {
      classes = List.copyOf(classes);
    }
  }

  /**
   * Holds the shares of one class.
   *
   * @param training in the train split
   * @param estimated in the test split, without its labels
   * @param labelled in the test split by its labels; null where it has none
   */
  public record ClassShare(String label, double training, double estimated, Double labelled) {}

  /**
   * Says how the linear baseline of a head was fitted.
   *
   * @param rows that it learned from
   * @param iterations of the optimiser; 0 where there was nothing to tell apart
   * @param converged whether it stopped because the loss no longer fell
   */
  public record BaselineFit(String head, long rows, int iterations, boolean converged) {}

  /** Holds a confidence interval of 95 %. */
  public record Interval(double low, double high) {}

  /**
   * Holds the metrics of one model on one head of one split.
   *
   * @param model {@code candidate}, {@code current}, {@code anchor} (where it is another than the
   *     current one), {@code baseline}, {@code majority}; a candidate of two parts has {@code
   *     candidate-network} and {@code candidate-linear} too, each part alone
   * @param version of the model; null for baseline and majority
   * @param rows that have a label for this head
   * @param accuracy higher is better, in [0, 1]
   * @param accuracyInterval Wilson's
   * @param macroF1 mean of the classes' F1; higher is better, in [0, 1]
   * @param macroF1Interval percentile bootstrap over rows
   * @param logLoss mean negative log-likelihood in nats; lower is better; null for the majority
   * @param brier mean squared distance of the probabilities from the true class, in [0, 2]; lower
   *     is better; null likewise, and in files of versions without it
   * @param calibrationError expected calibration error over ten bins; lower is better; null
   *     likewise
   * @param rawCalibrationError the same before the probabilities were scaled; null where nothing
   *     was fitted, and in files of versions without it
   * @param temperature by which they were scaled; null likewise
   * @param confusion rows by true class, then by predicted class
   * @param calibration bins of the predicted probability; empty for the majority
   * @param uncopied the rows of the test split without copies in training; null for other splits,
   *     for the majority, and in files of versions without it
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
      Double brier,
      Double calibrationError,
      Double rawCalibrationError,
      Double temperature,
      List<ClassResult> perClass,
      List<List<Long>> confusion,
      List<CalibrationBin> calibration,
      Uncopied uncopied) {
    public HeadResult {
      perClass = List.copyOf(perClass);
      confusion = confusion.stream().map(List::copyOf).toList();
      calibration = List.copyOf(calibration);
    }

    /** Starts the result of a model on the labelled rows of a head. */
    public static Builder builder(String model, String split, String head, long rows) {
      return new Builder(model, split, head, rows);
    }

    /** Starts a copy of this result. */
    public Builder toBuilder() {
      return new Builder(model, split, head, rows)
          .version(version)
          .accuracy(accuracy)
          .accuracyInterval(accuracyInterval)
          .macroF1(macroF1)
          .macroF1Interval(macroF1Interval)
          .logLoss(logLoss)
          .brier(brier)
          .calibrationError(calibrationError)
          .rawCalibrationError(rawCalibrationError)
          .temperature(temperature)
          .perClass(perClass)
          .confusion(confusion)
          .calibration(calibration)
          .uncopied(uncopied);
    }

    /** Collects the measures of a model on a head; what is not set is 0, empty or absent. */
    public static final class Builder {
      private final String model;
      private String version;
      private final String split;
      private final String head;
      private final long rows;
      private double accuracy;
      private Interval accuracyInterval;
      private double macroF1;
      private Interval macroF1Interval;
      private Double logLoss;
      private Double brier;
      private Double calibrationError;
      private Double rawCalibrationError;
      private Double temperature;
      private List<ClassResult> perClass = List.of();
      private List<List<Long>> confusion = List.of();
      private List<CalibrationBin> calibration = List.of();
      private Uncopied uncopied;

      private Builder(String model, String split, String head, long rows) {
        this.model = model;
        this.split = split;
        this.head = head;
        this.rows = rows;
      }

      public Builder version(String version) {
        this.version = version;
        return this;
      }

      public Builder accuracy(double accuracy) {
        this.accuracy = accuracy;
        return this;
      }

      public Builder accuracyInterval(Interval accuracyInterval) {
        this.accuracyInterval = accuracyInterval;
        return this;
      }

      public Builder macroF1(double macroF1) {
        this.macroF1 = macroF1;
        return this;
      }

      public Builder macroF1Interval(Interval macroF1Interval) {
        this.macroF1Interval = macroF1Interval;
        return this;
      }

      public Builder logLoss(Double logLoss) {
        this.logLoss = logLoss;
        return this;
      }

      public Builder brier(Double brier) {
        this.brier = brier;
        return this;
      }

      public Builder calibrationError(Double calibrationError) {
        this.calibrationError = calibrationError;
        return this;
      }

      public Builder rawCalibrationError(Double rawCalibrationError) {
        this.rawCalibrationError = rawCalibrationError;
        return this;
      }

      public Builder temperature(Double temperature) {
        this.temperature = temperature;
        return this;
      }

      public Builder perClass(List<ClassResult> perClass) {
        this.perClass = perClass;
        return this;
      }

      public Builder confusion(List<List<Long>> confusion) {
        this.confusion = confusion;
        return this;
      }

      public Builder calibration(List<CalibrationBin> calibration) {
        this.calibration = calibration;
        return this;
      }

      public Builder uncopied(Uncopied uncopied) {
        this.uncopied = uncopied;
        return this;
      }

      /** Returns the result of the set measures. */
      public HeadResult build() {
        return new HeadResult(
            model,
            version,
            split,
            head,
            rows,
            accuracy,
            accuracyInterval,
            macroF1,
            macroF1Interval,
            logLoss,
            brier,
            calibrationError,
            rawCalibrationError,
            temperature,
            perClass,
            confusion,
            calibration,
            uncopied);
      }
    }
  }

  /** Holds precision, recall and F1 of one class; 0 where they are not defined. */
  public record ClassResult(
      String label, long support, double precision, double recall, double f1) {}

  /** Counts the rows whose highest probability lies in [low, high), with their accuracy. */
  public record CalibrationBin(
      double low, double high, long rows, double meanProbability, double accuracy) {}

  /**
   * Holds the metrics of one model on a slice of the test split.
   *
   * @param slice what the split is sliced by: {@code corpus}, {@code source}, {@code month}, {@code
   *     language}, {@code length} or a column that the configuration names
   * @param accuracyInterval Wilson's; null in files of versions without it
   */
  public record SliceResult(
      String model,
      String head,
      String slice,
      String value,
      long rows,
      double accuracy,
      double macroF1,
      Interval accuracyInterval) {
    /** Records a slice without its interval, as earlier versions did. */
    public SliceResult(
        String model,
        String head,
        String slice,
        String value,
        long rows,
        double accuracy,
        double macroF1) {
      this(model, head, slice, value, rows, accuracy, macroF1, null);
    }
  }

  /**
   * Holds one test document.
   *
   * @param kind {@code worst-error} (the most confident errors), {@code least-certain} or {@code
   *     typical}
   * @param text cut after 600 characters
   * @param expected the label; null if there is none
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

  /** Holds the attention weight of the characters [start, end) of the text, in UTF-16 units. */
  public record AttendedSpan(int start, int end, double weight) implements Serializable {}
}
