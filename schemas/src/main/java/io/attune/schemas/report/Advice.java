package io.attune.schemas.report;

import io.attune.schemas.report.Evaluation.Interval;
import java.util.List;
import java.util.Optional;

/**
 * Says whether the model in use is to be trained again, and which texts a person should label:
 * {@code advice.json}.
 *
 * @param version of this format
 * @param date of the night, ISO 8601
 * @param verdict {@link #NONE}, {@link #LOOK} or {@link #TRAIN_AGAIN}
 * @param reasons sentences for people, what speaks for the verdict first; never empty
 * @param model in use; null if there is none
 * @param window the documents that were looked at; null without a model
 * @param drift of the answers, by head of the model; empty where nothing can be compared
 * @param fresh what the model reached on labelled documents that came after it, by head
 * @param requests the documents whose labels would teach most, the first the most urgent
 */
public record Advice(
    int version,
    String task,
    String run,
    String date,
    String verdict,
    List<Reason> reasons,
    Model model,
    Window window,
    List<HeadDrift> drift,
    List<FreshAccuracy> fresh,
    List<Request> requests) {
  public static final int VERSION = 1;
  public static final String FILE_NAME = "advice.json";

  /** Names the table of the requested documents, with their whole texts. */
  public static final String REQUESTS = "label-requests.csv";

  /** Says that nothing speaks for another model. */
  public static final String NONE = "none";

  /** Says that something has changed, and that training alone would hardly help. */
  public static final String LOOK = "look";

  /** Says that the model in use is out of date and that there is something new to learn. */
  public static final String TRAIN_AGAIN = "train-again";

  public Advice {
    reasons = List.copyOf(reasons);
    drift = List.copyOf(drift);
    fresh = List.copyOf(fresh);
    requests = List.copyOf(requests);
  }

  /** Returns whether there is anything to do. */
  public boolean asksForAction() {
    return !verdict.equals(NONE);
  }

  /**
   * Holds one reason.
   *
   * @param sign {@code drift}, {@code fresh}, {@code anchor}, {@code labels}, {@code refused},
   *     {@code age} or {@code unknown} (what could not be looked at)
   * @param counts whether it speaks against the model in use
   * @param text one sentence
   */
  public record Reason(String sign, boolean counts, String text) {}

  /**
   * Describes the model in use.
   *
   * @param trained date of the night that trained it, ISO 8601
   * @param ageDays from then to this night
   * @param learned labelled documents that were there when it was trained
   * @param waiting labelled documents that came since
   * @param refused nights since in which another model was trained and the gate kept this one
   */
  public record Model(
      String version, String trained, long ageDays, long learned, long waiting, long refused) {}

  /**
   * Counts the documents that were looked at: those of the last days that the model has not learned
   * from, copies once.
   *
   * @param since the first day, ISO 8601
   * @param until the last day
   * @param unlabelled of them those without any label
   */
  public record Window(String since, String until, long documents, long unlabelled) {}

  /**
   * Compares the answers of one head with those on the test split of the model in use.
   *
   * @param documents of the window that were answered
   * @param testRows of the test split that were answered
   * @param level {@code same}, {@code changed} or {@code much-changed}; {@code too-few} where there
   *     are too few documents to say
   * @param classes how the shares of the classes have changed
   * @param divergence of the shares of the classes, in bits (Jensen and Shannon)
   * @param most the class whose share has changed most
   * @param mostNow its share in the window
   * @param mostTest its share on the test split
   * @param confidence how the probability of the answer has changed, by tenths of the test split;
   *     null where it cannot be compared
   * @param meanConfidence mean probability of the answer in the window
   * @param testConfidence the same on the test split; null where it cannot be compared
   */
  public record HeadDrift(
      String head,
      long documents,
      long testRows,
      String level,
      Shift classes,
      double divergence,
      String most,
      double mostNow,
      double mostTest,
      Shift confidence,
      double meanConfidence,
      Double testConfidence) {
    /** Says that nothing more than chance has changed, or little. */
    public static final String SAME = "same";

    public static final String CHANGED = "changed";
    public static final String MUCH_CHANGED = "much-changed";
    public static final String TOO_FEW = "too-few";
  }

  /**
   * Holds the population stability index of two samples.
   *
   * @param index below 0.1 little has changed, above 0.25 much
   * @param expected the index that chance alone gives samples of this size, on average
   * @param pValue of the hypothesis that nothing has changed (chi-square)
   * @param adjusted the same after the correction of Benjamini and Hochberg over all heads
   */
  public record Shift(double index, double expected, double pValue, double adjusted) {
    /** Returns the index without what chance gives on average; at least 0. */
    public double excess() {
      return Math.max(0, index - expected);
    }
  }

  /**
   * Compares what the model reached on labelled documents that came after it with its test split.
   *
   * @param rows such documents with a label of the head, of all nights since it was trained
   * @param interval of 95 %, Wilson's
   * @param testAccuracy of the model on its test split
   * @param fell whether the interval is below that by more than two points
   */
  public record FreshAccuracy(
      String head,
      long rows,
      double accuracy,
      Interval interval,
      double testAccuracy,
      boolean fell) {}

  /**
   * Asks for the labels of one document.
   *
   * @param source may be absent
   * @param published day, ISO 8601; absent where it is not known
   * @param text its beginning; {@link #REQUESTS} has all of it
   * @param answers of the model, by head
   */
  public record Request(
      String id, String source, String published, String text, List<Guess> answers) {
    public Request {
      answers = List.copyOf(answers);
    }

    /** Returns the answer of one head. */
    public Optional<Guess> answer(String head) {
      return answers.stream().filter(guess -> guess.head().equals(head)).findFirst();
    }
  }

  /**
   * Holds what the model answers.
   *
   * @param predicted the class of the highest probability
   * @param runnerUp the class of the second highest
   */
  public record Guess(
      String head,
      String predicted,
      double probability,
      String runnerUp,
      double runnerUpProbability) {}
}
