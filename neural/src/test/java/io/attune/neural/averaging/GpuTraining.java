package io.attune.neural.averaging;

import io.attune.neural.averaging.config.Device;
import io.attune.neural.averaging.state.NetworkState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Trains on simulated GPUs, on a cluster whose workers report one GPU each. */
final class GpuTraining {
  static final String PARAMETERS = "parameters";
  static final String TRAINED_ON = "trained-on";
  static final String OTHERS_ON = "others-on";
  private static final int ROWS = 60;

  private GpuTraining() {}

  /**
   * Writes the parameters, and the executors and GPUs on which tasks of the training and others
   * ran.
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Files.createDirectory(folder.resolve(TRAINED_ON));
    Path script = folder.resolve("discover.sh");
    Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"5\"]}'\n");
    Files.setPosixFilePermissions(
        script, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    SparkConf conf =
        SparkProcess.conf("a training on GPUs")
            .set("spark.worker.resource.gpu.amount", "1")
            .set("spark.worker.resource.gpu.discoveryScript", script.toString())
            .set("spark.dynamicAllocation.enabled", "true")
            .set("spark.dynamicAllocation.shuffleTracking.enabled", "true")
            .set("spark.dynamicAllocation.executorIdleTimeout", "1s");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      Files.write(
          folder.resolve(OTHERS_ON), spark.parallelize(List.of(1), 1).map(i -> here()).collect());
      ComputationGraph network = train(spark, folder, Device.GPU_OR_CPU);
      Files.writeString(folder.resolve(PARAMETERS), text(network));
    }
    System.exit(0); // even if the cluster left threads running in this JVM
  }

  /** Trains one epoch with two workers. */
  static ComputationGraph train(JavaSparkContext spark, Path folder, Device device) {
    ComputationGraph network = TestNetworks.network(new Adam(0.01));
    AveragingMaster master =
        new AveragingMaster(TestMasters.config(2, 3, 8).build()).on(device, "");
    master.addHook(new Witness(folder.resolve(TRAINED_ON).toString()));
    new SparkComputationGraph(spark, network, master)
        .fitPaths(spark.parallelize(List.of(ExampleLoader.path(ROWS))), new ExampleLoader());
    return network;
  }

  static String text(ComputationGraph network) {
    return java.util.Arrays.toString(NetworkState.of(network).parameters());
  }

  /** Returns the executors and GPUs on which tasks of a training ran. */
  static Set<String> places(Path folder) throws IOException {
    try (var files = Files.list(folder.resolve(TRAINED_ON))) {
      Set<String> places = new TreeSet<>();
      files.forEach(file -> places.add(file.getFileName().toString()));
      return places;
    }
  }

  private static String here() {
    return "executor-%s-gpu-%s"
        .formatted(SparkEnv.get().executorId(), Device.address(TaskContext.get()));
  }

  /** Writes an empty file named after each executor and GPU that trains. */
  private record Witness(String folder) implements MinibatchHook {
    private static final long serialVersionUID = 1;

    @Override
    public void preUpdate(MultiDataSet batch, Model network) {
      try {
        Files.write(Path.of(folder, here()), new byte[0]);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
