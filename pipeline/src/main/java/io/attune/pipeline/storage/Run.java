package io.attune.pipeline.storage;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Comparator;

/**
 * Identifies one run of one task by the date of the night and a counter, and locates its artefacts.
 *
 * @param task the task's name, as in the configuration
 * @param date of the night
 * @param counter from 1; a date that is run again with new input gets the next
 */
public record Run(String task, LocalDate date, int counter) implements Comparable<Run> {
  /** Ends the version of a model that is the linear part of a run's model alone. */
  private static final String LINEAR = "-linear";

  private static final Comparator<Run> ORDER =
      Comparator.comparing(Run::task).thenComparing(Run::date).thenComparingInt(Run::counter);

  /**
   * Reads {@code 2026-01-02.1}.
   *
   * @throws IllegalArgumentException if {@code id} is not of that form
   */
  public static Run parse(String task, String id) {
    int dot = id.lastIndexOf('.');
    try {
      return new Run(
          task,
          LocalDate.parse(id.substring(0, Math.max(dot, 0))),
          Integer.parseInt(id.substring(dot + 1)));
    } catch (DateTimeParseException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "Not a run id: '%s'; expected a date and a counter, such as 2026-01-02.1".formatted(id),
          e);
    }
  }

  /** Returns whether a version is that of the linear part of a run's model alone. */
  public static boolean isLinear(String version) {
    return version.endsWith(LINEAR);
  }

  /**
   * Reads the version of a model: that of the model that a run trained, or of its linear part
   * alone.
   *
   * @return the run
   * @throws IllegalArgumentException if {@code version} is neither
   */
  public static Run ofVersion(String task, String version) {
    return parse(
        task,
        isLinear(version) ? version.substring(0, version.length() - LINEAR.length()) : version);
  }

  /**
   * Returns the run's name below each of the folders, which is also its model's version, such as
   * {@code 2026-01-02.1}.
   */
  public String id() {
    return date + "." + counter;
  }

  /** Returns the folder of state, metrics, checkpoints and decisions of the run. */
  public String folder() {
    return "runs/" + task + "/" + id();
  }

  public String intake() {
    return folder() + "/intake";
  }

  public String tokenizer() {
    return "tokenizers/" + task + "/" + id();
  }

  public String dataset() {
    return "datasets/" + task + "/" + id();
  }

  /** Returns the folder of the bundle of a version of a task's model. */
  public static String modelOf(String task, String version) {
    return "models/" + task + "/" + version;
  }

  /** Returns the folder of the bundle of the model that this run trains. */
  public String model() {
    return modelOf(task, id());
  }

  /** Returns the version of the linear part of this run's model as a model of its own. */
  public String linearVersion() {
    return id() + LINEAR;
  }

  /** Returns the folder of the bundle of {@link #linearVersion}. */
  public String linearModel() {
    return modelOf(task, linearVersion());
  }

  public String evaluation() {
    return folder() + "/evaluation";
  }

  public String verdict() {
    return folder() + "/verdict";
  }

  /** Returns the folder of the trends and alerts of the run. */
  public String mood() {
    return folder() + "/mood";
  }

  /** Returns the folder of the advice of the run: whether to train again, what to label. */
  public String advice() {
    return folder() + "/advice";
  }

  public String report() {
    return "reports/" + task + "/" + id();
  }

  @Override
  public int compareTo(Run other) {
    return ORDER.compare(this, other);
  }
}
