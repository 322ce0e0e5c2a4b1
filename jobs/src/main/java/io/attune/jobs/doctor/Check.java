package io.attune.jobs.doctor;

/**
 * Holds the result of one check.
 *
 * @param status {@link #OK}, {@link #WARNING} or {@link #FAILURE}
 * @param found state that was found
 * @param prevents what goes wrong in a night if the check fails
 * @param fix what to do; null if the check is ok
 */
public record Check(String name, String status, String found, String prevents, String fix) {
  public static final String OK = "ok";
  public static final String WARNING = "warning";
  public static final String FAILURE = "failure";

  /** Describes the subject of a check, independent of its result. */
  record Subject(String name, String prevents) {
    Check ok(String found) {
      return new Check(name, OK, found, prevents, null);
    }

    Check warning(String found, String fix) {
      return new Check(name, WARNING, found, prevents, fix);
    }

    Check failure(String found, String fix) {
      return new Check(name, FAILURE, found, prevents, fix);
    }
  }

  public boolean isOk() {
    return status.equals(OK);
  }

  public boolean failed() {
    return status.equals(FAILURE);
  }
}
