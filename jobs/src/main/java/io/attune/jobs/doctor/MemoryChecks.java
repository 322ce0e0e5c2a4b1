package io.attune.jobs.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.attune.jobs.doctor.Check.Subject;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.apache.spark.network.util.JavaUtils;
import org.bytedeco.javacpp.Pointer;

/**
 * Checks memory outside the heap. JavaCPP allocates up to its {@code maxbytes} there, by default as
 * much as the heap; a container counts it in {@code spark.executor.memoryOverhead}, and is killed
 * when the sum is exceeded.
 */
final class MemoryChecks {
  private static final Subject OFF_HEAP =
      new Subject("off-heap", "executors killed for their memory while they train (exit code 137)");
  private static final Subject RESULTS =
      new Subject("results", "a training that is aborted when its first average comes back");

  /** Estimates the other memory of a JVM: classes, compiled code, threads, buffers. */
  private static final long JVM = 256L << 20;

  /** Holds the smallest memory overhead that Spark requests. */
  private static final long LEAST_OVERHEAD = 384L << 20;

  private MemoryChecks() {}

  static Check offHeap(Target target, Optional<ModelSize> model) {
    return target.isLocal()
        ? local(
            Runtime.getRuntime().maxMemory(),
            Pointer.maxBytes(),
            physical(),
            OffHeap.of(target).tasks(),
            model)
        : executors(target, model);
  }

  /**
   * Checks a single process that does everything.
   *
   * @param physical memory of the machine or of the container around it
   * @param replicas of the network that train at a time
   */
  static Check local(
      long heap, long offHeap, long physical, int replicas, Optional<ModelSize> model) {
    String found =
        "heap %s and off-heap %s of %s"
            .formatted(mebibytes(heap), mebibytes(offHeap), mebibytes(physical));
    long needed = model.map(size -> size.replicaBytes() * replicas).orElse(0L);
    if (needed > offHeap) {
      return OFF_HEAP.failure(
          found + "; %d replicas take %s".formatted(replicas, mebibytes(needed)),
          "set ATTUNE_JAVA_OPTS=-Dorg.bytedeco.javacpp.maxbytes=%dm, or have fewer train.averaging.workers"
              .formatted(mib(2 * needed)));
    }
    return heap + offHeap + JVM <= physical
        ? OFF_HEAP.ok(found)
        : OFF_HEAP.warning(
            found,
            "set ATTUNE_JAVA_OPTS to an -Xmx and an -Dorg.bytedeco.javacpp.maxbytes that fit"
                + " together");
  }

  private static Check executors(Target target, Optional<ModelSize> model) {
    long heap = bytes(target.setting("spark.executor.memory", "1g"));
    long overhead = overhead(target, heap);
    OffHeap limit = OffHeap.of(target);
    long offHeap = limit.bytes();
    String found =
        "executors: heap %s, JavaCPP up to %s, overhead %s"
            .formatted(mebibytes(heap), mebibytes(offHeap), mebibytes(overhead));
    long needed = model.map(size -> size.replicaBytes() * limit.tasks()).orElse(0L);
    if (needed > offHeap) {
      return OFF_HEAP.failure(
          found + "; %d replicas take %s".formatted(limit.tasks(), mebibytes(needed)),
          "give executors -Dorg.bytedeco.javacpp.maxbytes=%dm and spark.executor.memoryOverhead=%dm"
              .formatted(mib(2 * needed), mib(2 * needed + JVM)));
    }
    if (target.hasContainers() && offHeap + JVM > overhead) {
      return OFF_HEAP.warning(
          found,
          "set spark.executor.memoryOverhead=%dm, or lower -Dorg.bytedeco.javacpp.maxbytes in"
                  .formatted(mib(offHeap + JVM))
              + " spark.executor.extraJavaOptions");
    }
    return OFF_HEAP.ok(found);
  }

  /** Checks Spark's limit on task results: a round sends its average to the driver in them. */
  static Check results(Target target, ModelSize model) {
    String key = "spark.driver.maxResultSize";
    if (target.isLocal()) {
      return RESULTS.ok("workers are threads of this process: no result travels");
    }
    long limit = JavaUtils.byteStringAsBytes(target.setting(key, "1g"));
    String found =
        "a round brings %s for %,d parameters, whatever the number of workers; %s is %s"
            .formatted(
                mebibytes(model.resultBytes()),
                model.parameters(),
                key,
                limit == 0 ? "unlimited" : mebibytes(limit));
    if (limit > 0 && model.resultBytes() > limit) {
      return RESULTS.failure(
          found, "set %s=%dm or more".formatted(key, (model.resultBytes() >> 20) + 1));
    }
    long driver = bytes(target.setting("spark.driver.memory", "1g"));
    return 4 * model.resultBytes() <= driver
        ? RESULTS.ok(found)
        : RESULTS.warning(
            found + ", spark.driver.memory " + mebibytes(driver),
            "set spark.driver.memory=%dm or more: it holds the last, the next and the best network"
                .formatted(mib(4 * model.resultBytes())));
  }

  private static long overhead(Target target, long heap) {
    String set = target.setting("spark.executor.memoryOverhead", "");
    double factor =
        Double.parseDouble(target.setting("spark.executor.memoryOverheadFactor", "0.1"));
    return set.isEmpty() ? Math.max(LEAST_OVERHEAD, (long) (heap * factor)) : bytes(set);
  }

  private static long physical() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /** Parses a memory setting of Spark, in mebibytes if it names no unit. */
  private static long bytes(String setting) {
    return JavaUtils.byteStringAsMb(setting) << 20;
  }

  private static long mib(long bytes) {
    return bytes >> 20;
  }

  private static String mebibytes(long bytes) {
    return "%,d MiB".formatted(mib(bytes));
  }
}
