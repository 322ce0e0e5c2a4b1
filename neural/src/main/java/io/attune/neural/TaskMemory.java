package io.attune.neural;

import io.attune.schemas.failure.Failure;
import org.bytedeco.javacpp.Pointer;

/**
 * Turns a lack of memory in a Spark task into a failure that says what to change. Spark takes the
 * error itself, or an exception that it caused, as the end of the JVM: a local night would end
 * without a word.
 */
public final class TaskMemory {
  private static final long MEBIBYTE = 1 << 20;

  private TaskMemory() {}

  /** Does the work of a task. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * Does the work of a task.
   *
   * @throws Failure.BadUsage if there is not enough memory for it, in the heap or outside
   */
  public static <T, E extends Exception> T guarded(Work<T, E> work) throws E {
    try {
      return work.run();
    } catch (OutOfMemoryError e) {
      throw failure(e);
    } catch (RuntimeException e) { // DL4J wraps what a layer throws
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof OutOfMemoryError error) {
          throw failure(error);
        }
      }
      throw e;
    }
  }

  private static Failure failure(OutOfMemoryError error) {
    return isOfJavaCpp(error) ? outsideTheHeap(error) : heap(error);
  }

  private static boolean isOfJavaCpp(OutOfMemoryError error) {
    String message = String.valueOf(error.getMessage());
    return message.contains("totalBytes") || message.contains("physicalBytes");
  }

  private static Failure outsideTheHeap(OutOfMemoryError error) {
    return new Failure.BadUsage(
        "A task needs more memory outside the Java heap than the %d MiB that all tasks of its JVM"
            + " may use (%s). Lower train.batch.tokens, tokenize.max-tokens or the number of"
            + " trained blocks (model.tune: top, model.tune-layers), run fewer tasks in a JVM"
            + " (spark.executor.cores), or allow more: on one machine -Xmx in ATTUNE_JAVA_OPTS; on"
            + " a cluster -Dorg.bytedeco.javacpp.maxbytes in spark.executor.extraJavaOptions, and"
            + " spark.executor.memoryOverhead above it",
        Pointer.maxBytes() / MEBIBYTE, error.getMessage());
  }

  private static Failure heap(OutOfMemoryError error) {
    return new Failure.BadUsage(
        "The Java heap of %d MiB is too small for the tasks of its JVM (%s). Raise it"
            + " (spark.executor.memory; on one machine -Xmx in ATTUNE_JAVA_OPTS), or run fewer"
            + " tasks in a JVM (spark.executor.cores)",
        Runtime.getRuntime().maxMemory() / MEBIBYTE, error.getMessage());
  }
}
