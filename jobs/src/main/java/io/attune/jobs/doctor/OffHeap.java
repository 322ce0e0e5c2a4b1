package io.attune.jobs.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.network.util.JavaUtils;
import org.bytedeco.javacpp.Pointer;

/**
 * Says what memory outside the heap the JVMs have that train.
 *
 * @param bytes that JavaCPP may allocate in one of them
 * @param tasks that train in it at a time
 * @param workers networks that are trained at a time in all of them, as far as the settings say
 */
record OffHeap(long bytes, int tasks, int workers) {
  private static final Pattern MAX_BYTES =
      Pattern.compile("-Dorg\\.bytedeco\\.javacpp\\.maxbytes=(\\S+)");

  static OffHeap of(Target target) {
    int wanted = target.task().map(task -> task.train().averaging().workers()).orElse(0);
    if (target.isLocal()) {
      int cores = Runtime.getRuntime().availableProcessors();
      int tasks = wanted == 0 ? cores : Math.min(wanted, cores);
      long most = Pointer.maxBytes();
      return new OffHeap(most > 0 ? most : Long.MAX_VALUE, tasks, tasks);
    }
    int tasks =
        Math.max(
            1,
            Integer.parseInt(target.setting("spark.executor.cores", "1"))
                / Integer.parseInt(target.setting("spark.task.cpus", "1")));
    int executors = Integer.parseInt(target.setting("spark.executor.instances", "1"));
    return new OffHeap(ofExecutor(target), tasks, wanted == 0 ? executors * tasks : wanted);
  }

  /** Returns what JavaCPP may allocate in an executor: by default as much as its heap. */
  private static long ofExecutor(Target target) {
    String options =
        target.setting("spark.executor.defaultJavaOptions", "")
            + " "
            + target.setting("spark.executor.extraJavaOptions", "");
    Matcher limit = MAX_BYTES.matcher(options);
    return limit.find()
        ? JavaUtils.byteStringAsBytes(limit.group(1))
        : JavaUtils.byteStringAsMb(target.setting("spark.executor.memory", "1g")) << 20;
  }

  /** Returns the bytes that each task may use. */
  double ofTask() {
    return (double) bytes / tasks;
  }
}
