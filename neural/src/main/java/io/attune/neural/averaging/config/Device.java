package io.attune.neural.averaging.config;

import io.attune.neural.Nd4jDevice;
import io.attune.schemas.failure.Failure;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;

/** Names the devices that the workers of a training compute on. */
public enum Device {
  CPU,
  /** Uses the GPU that Spark gave the task; without one the training stops. */
  GPU,
  /** Computes as {@link #GPU}, on the processor if there is none. */
  GPU_OR_CPU;

  /** Names the resource in Spark. */
  public static final String RESOURCE = "gpu";

  /**
   * Makes the thread of a task compute on its device; to be called before any array is made.
   *
   * @throws Failure.BadUsage if it must have a GPU, and the build cannot use one or Spark gave none
   */
  public void attach() {
    TaskContext context = TaskContext.get();
    if (this == CPU || context == null) {
      return;
    }
    String address = address(context);
    boolean cuda = !Nd4jDevice.isCpu();
    if (cuda && !address.isEmpty()) {
      Nd4j.getAffinityManager().unsafeSetDevice(Integer.parseInt(address));
    } else if (this == GPU) {
      throw new Failure.BadUsage(
          "The device is gpu, and %s; or train on the processor, with the device cpu or gpu-or-cpu",
          cuda
              ? "Spark gave the task no GPU: see 'GPUs' in docs/DEPLOYMENT.md"
              : "the build computes on the processor only: take one made with -Pcuda");
    }
  }

  /** Returns the address of the GPU that Spark gave a task; empty if none, and outside of tasks. */
  public static String address(TaskContext context) {
    Map<String, ResourceInformation> resources =
        context == null ? Map.of() : context.resourcesJMap();
    ResourceInformation gpu = resources.get(RESOURCE);
    return gpu == null || gpu.addresses().length == 0 ? "" : gpu.addresses()[0];
  }
}
