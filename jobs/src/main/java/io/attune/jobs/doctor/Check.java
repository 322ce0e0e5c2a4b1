package io.attune.jobs.doctor;

/**
 * One finding.
 *
 * @param status {@link #OK}, {@link #WARNING} or {@link #FAILURE}
 * @param found what is there
 * @param prevents what goes wrong in a night where this is not well
 * @param fix what to do; null where it is well
 */
public record Check(String name, String status, String found, String prevents, String fix) {
  public static final String OK = "ok";
  public static final String WARNING = "warning";
  public static final String FAILURE = "failure";

  /** What a check is about, whatever it finds. */
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
