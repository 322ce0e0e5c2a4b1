package io.attune.jobs.spark;

/**
 * Counts the use of the cluster by a stage. The driver is counted only if it is the executor too.
 *
 * @param coreSeconds cores of executors times the seconds that they were held
 * @param busyCoreSeconds those of them in which a core ran a task
 * @param gpuSeconds GPUs of executors times the seconds that they were held
 */
public record Cost(double coreSeconds, double busyCoreSeconds, double gpuSeconds) {
  public static final Cost NONE = new Cost(0, 0, 0);

  public Cost plus(Cost other) {
    return new Cost(
        coreSeconds + other.coreSeconds,
        busyCoreSeconds + other.busyCoreSeconds,
        gpuSeconds + other.gpuSeconds);
  }

  public Cost minus(Cost other) {
    return new Cost(
        coreSeconds - other.coreSeconds,
        busyCoreSeconds - other.busyCoreSeconds,
        gpuSeconds - other.gpuSeconds);
  }
}
