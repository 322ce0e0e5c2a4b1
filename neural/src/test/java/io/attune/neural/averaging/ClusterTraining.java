package io.attune.neural.averaging;

import io.attune.neural.averaging.state.NetworkState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Trains on two executors that are separate processes, one of which is killed. */
final class ClusterTraining {
  static final String PARAMETERS = "parameters";
  static final String REMOVED = "removed";
  private static final String FUSE = "fuse";
  private static final int LIT_AFTER = 3;
  private static final int EPOCHS = 2;
  private static final int ROWS = 200;

  private ClusterTraining() {}

  /** Runs the training, and writes the parameters and the number of lost executors to a folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    AtomicInteger removed = new AtomicInteger();
    try (JavaSparkContext spark =
        new JavaSparkContext(SparkProcess.conf("a training that loses an executor"))) {
      spark
          .sc()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
                  removed.incrementAndGet();
                }
              });
      Files.write(folder.resolve(PARAMETERS), train(spark, folder));
    }
    Files.writeString(folder.resolve(REMOVED), removed.toString());
    System.exit(0); // even if the cluster left threads running in this JVM
  }

  /** Trains two epochs with four workers; the fuse is lit after some rounds. */
  static byte[] train(JavaSparkContext spark, Path folder) {
    ComputationGraph network = TestNetworks.network(new Adam(0.01));
    AveragingMaster master = new AveragingMaster(TestMasters.config(4, 3, 8).build());
    master.addHook(new Fuse(folder.toString()));
    AtomicInteger rounds = new AtomicInteger();
    master.listen(
        (round, state, outer) -> {
          if (rounds.incrementAndGet() == LIT_AFTER) {
            light(folder);
          }
        });
    SparkComputationGraph graph = new SparkComputationGraph(spark, network, master);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      graph.fitPaths(spark.parallelize(List.of(ExampleLoader.path(ROWS))), new ExampleLoader());
    }
    NetworkState state = NetworkState.of(network);
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * (state.parameters().length + state.updater().length));
    bytes.asFloatBuffer().put(state.parameters()).put(state.updater());
    return bytes.array();
  }

  private static void light(Path folder) {
    try {
      Files.createFile(folder.resolve(FUSE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills its own process before a task's second minibatch, once, if the fuse is lit. */
  private record Fuse(String folder) implements MinibatchHook {
    private static final long serialVersionUID = 1;
    private static final ThreadLocal<Integer> MINIBATCHES = ThreadLocal.withInitial(() -> 0);

    @Override
    public void preUpdate(MultiDataSet batch, Model network) {
      MINIBATCHES.set(MINIBATCHES.get() + 1);
      try {
        if (MINIBATCHES.get() % 3 == 2
            && !isDriver()
            && Files.deleteIfExists(Path.of(folder, FUSE))) {
          String pid = String.valueOf(ProcessHandle.current().pid());
          new ProcessBuilder("kill", "-9", pid).start().waitFor();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static boolean isDriver() {
      return org.apache.spark.SparkEnv.get().executorId().equals("driver");
    }
  }
}
