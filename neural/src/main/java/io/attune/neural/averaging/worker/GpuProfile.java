package io.attune.neural.averaging.worker;

import io.attune.neural.averaging.config.Device;
import io.attune.schemas.failure.Failure;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ExecutorResourceRequests;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * Requests GPUs for the tasks of a training in addition to a core: stage-level scheduling, so that
 * only they hold GPUs, one executor and one worker for each.
 */
public final class GpuProfile {
  private static final String NVIDIA = "nvidia.com"; // Kubernetes takes its name of the device here

  private GpuProfile() {}

  /**
   * Returns the profile; empty if none is needed: on the processor, in local mode, and where all
   * executors have a GPU anyway.
   *
   * @param discoveryScript on the executors' machines; empty on stand-alone, whose workers know
   * @throws Failure.BadUsage if Spark is not set up to start executors for one stage
   */
  public static Optional<ResourceProfile> of(
      SparkConf conf, Device device, String discoveryScript) {
    String master = conf.get("spark.master");
    boolean isLocal = master.startsWith("local") && !master.startsWith("local-cluster");
    if (device == Device.CPU || isLocal || conf.contains("spark.executor.resource.gpu.amount")) {
      return Optional.empty();
    }
    if (!conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new Failure.BadUsage(
          "The device asks for GPUs for the training stage alone, and Spark starts executors for"
              + " one stage only with dynamic allocation: set spark.dynamicAllocation.enabled and"
              + " spark.dynamicAllocation.shuffleTracking.enabled to true, or give every executor a"
              + " GPU with spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount");
    }
    ExecutorResourceRequests executor =
        new ExecutorResourceRequests().resource(Device.RESOURCE, 1, discoveryScript, NVIDIA);
    TaskResourceRequests task = new TaskResourceRequests().resource(Device.RESOURCE, 1).cpus(1);
    return Optional.of(new ResourceProfileBuilder().require(executor).require(task).build());
  }
}
