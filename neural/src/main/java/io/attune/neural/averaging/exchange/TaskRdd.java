package io.attune.neural.averaging.exchange;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.mutable.ArrayBuffer;
import scala.reflect.ClassTag$;

/**
 * Runs the tasks of a round, one partition each.
 *
 * <p>Does what {@code parallelize} and {@code map} would do, without a lambda: Spark looks for what
 * a lambda captures in the bytecode of the class around it, again for each job, and that takes as
 * long as everything else about a job of two tasks.
 */
public final class TaskRdd extends RDD<Trained> {
  private static final long serialVersionUID = 1;

  /** Runs on an executor. */
  public interface Task extends Serializable {
    Trained run();
  }

  private record TaskPartition(int index, Task task) implements Partition {
    private static final long serialVersionUID = 1;
  }

  /** Holds the tasks on the driver; each executor receives only its own partition. */
  private final transient List<Task> tasks;

  private TaskRdd(JavaSparkContext spark, List<Task> tasks) {
    super(
        spark.sc(),
        new ArrayBuffer<Dependency<?>>(),
        ClassTag$.MODULE$.<Trained>apply(Trained.class));
    this.tasks = tasks;
  }

  /** Returns the tasks in their order; nothing runs yet. */
  public static JavaRDD<Trained> of(JavaSparkContext spark, List<Task> tasks) {
    return new TaskRdd(spark, List.copyOf(tasks)).toJavaRDD();
  }

  @Override
  public Partition[] getPartitions() {
    Partition[] partitions = new Partition[tasks.size()];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = new TaskPartition(i, tasks.get(i));
    }
    return partitions;
  }

  @Override
  public Iterator<Trained> compute(Partition partition, TaskContext context) {
    return JavaConverters.asScalaIterator(
        List.of(((TaskPartition) partition).task().run()).iterator());
  }
}
