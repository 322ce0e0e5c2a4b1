package io.attune.schemas.failure;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Optional;

/**
 * A failure that its reader can fix. The message says what, where, why, and what to do next; it is
 * shown without a stack trace. Anything that is not a {@code Failure} is a bug of Attune's.
 */
public abstract sealed class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  private Failure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What the process ends with; see {@code docs/EXIT_CODES.md}. */
  public final int exitCode() {
    return exitCode;
  }

  /** The failure behind an exception: it may come wrapped, when it was thrown on an executor. */
  public static Optional<Failure> in(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof Failure failure) {
        return Optional.of(failure);
      }
    }
    return Optional.empty();
  }

  /** The command line or the configuration asks for something that cannot be: exit code 2. */
  public static final class BadUsage extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public BadUsage(String message, Object... values) {
      super(2, message.formatted(values), null);
    }
  }

  /** A file, table, artefact or place is not what its reader relies on: exit code 3. */
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

  /** The artefact is there already, whole; nothing was done: exit code 4. */
  public static final class AlreadyPublished extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public AlreadyPublished(String message, Object... values) {
      super(4, message.formatted(values), null);
    }
  }

  /** The comparison does not allow what was asked for: exit code 5. */
  public static final class ModelRefused extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public ModelRefused(String message, Object... values) {
      super(5, message.formatted(values), null);
    }
  }

  /** Training left the numbers that can be computed with: exit code 6. */
  public static final class TrainingDiverged extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public TrainingDiverged(String message, Object... values) {
      super(6, message.formatted(values), null);
    }
  }

  /** Another process holds what this one needs; try again later: exit code 7. */
  public static final class Busy extends Failure {
    private static final long serialVersionUID = 1;

    @FormatMethod
    public Busy(String message, Object... values) {
      super(7, message.formatted(values), null);
    }
  }
}
