package io.attune.schemas.failure;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Optional;

/**
 * Signals a failure that its reader can fix. The message says what, where, why, and what to do
 * next; it is shown without a stack trace. Any other exception is a bug in Attune.
 */
public abstract sealed class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  private Failure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Returns the exit code of the process; see {@code docs/EXIT_CODES.md}. */
  public final int exitCode() {
    return exitCode;
  }

  /**
   * Finds the failure among the causes of an exception: one that was thrown on an executor is
   * wrapped.
   */
  public static Optional<Failure> in(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof Failure failure) {
        return Optional.of(failure);
      }
    }
    return Optional.empty();
  }

  /**
   * Describes an exception in one line: by its failure's message if it has one, else by its own
   * first line, since Spark's messages hold whole stack traces.
   */
  public static String describe(Throwable thrown) {
    return in(thrown)
        .map(Failure::getMessage)
        .orElseGet(() -> thrown.toString().lines().findFirst().orElse("").strip());
  }

  /**
   * Signals that the command line or the configuration asks for something impossible: exit code 2.
   */
  public static final class BadUsage extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public BadUsage(String message, Object... values) {
      super(2, message.formatted(values), null);
    }
  }

  /** Signals that a file, table, artefact or service is not as its reader requires: exit code 3. */
  public static final class BadInput extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public BadInput(String message, Object... values) {
      super(3, message.formatted(values), null);
    }

    @FormatMethod
    public BadInput(Throwable cause, String message, Object... values) {
      super(3, message.formatted(values), cause);
    }
  }

  /** Signals that the artefact exists already, complete; nothing was done: exit code 4. */
  public static final class AlreadyPublished extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public AlreadyPublished(String message, Object... values) {
      super(4, message.formatted(values), null);
    }
  }

  /** Signals that the comparison does not allow the model: exit code 5. */
  public static final class ModelRefused extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public ModelRefused(String message, Object... values) {
      super(5, message.formatted(values), null);
    }
  }

  /** Signals that training reached numbers that are not finite: exit code 6. */
  public static final class TrainingDiverged extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public TrainingDiverged(String message, Object... values) {
      super(6, message.formatted(values), null);
    }
  }

  /**
   * Signals that another process holds a resource that this one needs; try again later: exit code
   * 7.
   */
  public static final class Busy extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public Busy(String message, Object... values) {
      super(7, message.formatted(values), null);
    }
  }
}
