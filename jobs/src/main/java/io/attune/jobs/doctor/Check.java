package io.attune.jobs.doctor;

/**
 * One finding.
 *
 * @param status {@link #OK}, {@link #WARNING} or {@link #FAILURE}
 * @param found what is there
 * @param advice what goes wrong with it and how to mend it; null where it is well
 */
public record Check(String name, String status, String found, String advice) {
  public static final String OK = "ok";
  public static final String WARNING = "warning";
  public static final String FAILURE = "failure";

  static Check ok(String name, String found) {
    return new Check(name, OK, found, null);
  }

  static Check warning(String name, String found, String advice) {
    return new Check(name, WARNING, found, advice);
  }

  static Check failure(String name, String found, String advice) {
    return new Check(name, FAILURE, found, advice);
  }
}
