package io.attune.jobs.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.attune.jobs.doctor.Check.Subject;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.network.util.JavaUtils;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory outside the heap. JavaCPP allocates up to its {@code maxbytes} there, by default as much
 * as the heap; a container counts it in {@code spark.executor.memoryOverhead}, and is killed when
 * the sum is exceeded.
 */
final class MemoryChecks {
  private static final Subject OFF_HEAP =
      new Subject("off-heap", "executors killed for their memory while they train (exit code 137)");
  private static final Subject RESULTS =
      new Subject("results", "a training that is aborted when its first average comes back");

  private static final Pattern MAX_BYTES =
      Pattern.compile("-Dorg\\.bytedeco\\.javacpp\\.maxbytes=(\\S+)");

  /** What a JVM takes beside heap and JavaCPP: classes, compiled code, threads, buffers. */
  private static final long JVM = 256L << 20;

  /** Of Spark: the least overhead that it asks for. */
  private static final long LEAST_OVERHEAD = 384L << 20;

  private MemoryChecks() {}

  static Check offHeap(Place place, Optional<ModelSize> model) {
    return place.isLocal()
        ? local(
            Runtime.getRuntime().maxMemory(),
            Pointer.maxBytes(),
            physical(),
            replicas(place),
            model)
        : executors(place, model);
  }

  /**
   * One process does everything.
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

  private static Check executors(Place place, Optional<ModelSize> model) {
    long heap = bytes(place.setting("spark.executor.memory", "1g"));
    long overhead = overhead(place, heap);
    String options =
        place.setting("spark.executor.defaultJavaOptions", "")
            + " "
            + place.setting("spark.executor.extraJavaOptions", "");
    Matcher limit = MAX_BYTES.matcher(options);
    long offHeap = limit.find() ? JavaUtils.byteStringAsBytes(limit.group(1)) : heap;
    int slots =
        Integer.parseInt(place.setting("spark.executor.cores", "1"))
            / Integer.parseInt(place.setting("spark.task.cpus", "1"));
    String found =
        "executors: heap %s, JavaCPP up to %s, overhead %s"
            .formatted(mebibytes(heap), mebibytes(offHeap), mebibytes(overhead));
    long needed = model.map(size -> size.replicaBytes() * Math.max(1, slots)).orElse(0L);
    if (needed > offHeap) {
      return OFF_HEAP.failure(
          found + "; %d replicas take %s".formatted(Math.max(1, slots), mebibytes(needed)),
          "give executors -Dorg.bytedeco.javacpp.maxbytes=%dm and spark.executor.memoryOverhead=%dm"
              .formatted(mib(2 * needed), mib(2 * needed + JVM)));
    }
    if (place.hasContainers() && offHeap + JVM > overhead) {
      return OFF_HEAP.warning(
          found,
          "set spark.executor.memoryOverhead=%dm, or lower -Dorg.bytedeco.javacpp.maxbytes in"
                  .formatted(mib(offHeap + JVM))
              + " spark.executor.extraJavaOptions");
    }
    return OFF_HEAP.ok(found);
  }

  /** The average of a round goes to the driver as results of tasks; see Spark's setting. */
  static Check results(Place place, ModelSize model) {
    String key = "spark.driver.maxResultSize";
    if (place.isLocal()) {
      return RESULTS.ok("workers are threads of this process: no result travels");
    }
    long limit = JavaUtils.byteStringAsBytes(place.setting(key, "1g"));
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
    long driver = bytes(place.setting("spark.driver.memory", "1g"));
    return 4 * model.resultBytes() <= driver
        ? RESULTS.ok(found)
        : RESULTS.warning(
            found + ", spark.driver.memory " + mebibytes(driver),
            "set spark.driver.memory=%dm or more: it holds the last, the next and the best network"
                .formatted(mib(4 * model.resultBytes())));
  }

  private static long overhead(Place place, long heap) {
    String set = place.setting("spark.executor.memoryOverhead", "");
    double factor = Double.parseDouble(place.setting("spark.executor.memoryOverheadFactor", "0.1"));
    return set.isEmpty() ? Math.max(LEAST_OVERHEAD, (long) (heap * factor)) : bytes(set);
  }

  private static int replicas(Place place) {
    int cores = Runtime.getRuntime().availableProcessors();
    int workers = place.task().map(task -> task.train().averaging().workers()).orElse(0);
    return workers == 0 ? cores : Math.min(workers, cores);
  }

  private static long physical() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /** Spark's settings of memory are in mebibytes where they name no unit. */
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
