package io.attune.neural.averaging.worker;

import io.attune.neural.EveryJvm;
import io.attune.neural.NativeThreads;
import io.attune.neural.averaging.config.GradientClip;
import io.attune.neural.averaging.config.ReplicaHook;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.optim.InPlaceUpdater;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;

/**
 * Keeps networks in a JVM from round to round, one for each task that runs at a time: building one
 * costs more than a minibatch. A replica carries nothing from one task to the next that {@link
 * NetworkState#copyTo} and {@link LearningRates#scale} do not replace, so losing one costs time
 * only.
 */
public final class Replicas {
  /** Limits the trainings whose replicas are kept: the one that runs, and one other. */
  private static final int TRAININGS = 2;

  private static final Map<String, Deque<Replica>> IDLE = new LinkedHashMap<>();

  private Replicas() {}

  /** Holds a network and its learning rates. */
  record Replica(ComputationGraph network, LearningRates rates) {}

  /** Returns a network that is the caller's alone until it is released. */
  static Replica acquire(Setup setup) {
    synchronized (IDLE) {
      Deque<Replica> idle = IDLE.computeIfAbsent(setup.training(), key -> new ArrayDeque<>());
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    NativeThreads.oneForEachTask();
    ComputationGraph network =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(setup.network()));
    network.init();
    InPlaceUpdater.installIn(network);
    double maxNorm = setup.config().guards().maxGradientNorm();
    if (maxNorm > 0) {
      network.setListeners(new GradientClip(maxNorm));
    }
    for (TrainingHook hook : setup.hooks()) {
      if (hook instanceof ReplicaHook replicas) {
        replicas.onReplica(network);
      }
    }
    return new Replica(network, LearningRates.of(network));
  }

  static void release(Setup setup, Replica replica) {
    synchronized (IDLE) {
      Deque<Replica> idle = IDLE.remove(setup.training());
      if (idle == null) {
        idle = new ArrayDeque<>();
      }
      idle.push(replica);
      IDLE.put(setup.training(), idle);
      Iterator<String> oldest = IDLE.keySet().iterator();
      while (IDLE.size() > TRAININGS) {
        oldest.next();
        oldest.remove();
      }
    }
  }

  /**
   * Frees the networks that executors keep between rounds, which may take gigabytes: call it after
   * a training, before others need the memory. A training that goes on makes new ones.
   */
  public static void releaseAll(JavaSparkContext spark) {
    spark.setJobDescription("train: free the workers' networks");
    try {
      EveryJvm.run(spark, Replicas::forget);
    } finally {
      spark.setJobDescription(null);
    }
  }

  private static void forget() {
    synchronized (IDLE) {
      IDLE.clear();
    }
  }

  /** Returns the number of networks that this JVM keeps. */
  public static int kept() {
    synchronized (IDLE) {
      return IDLE.values().stream().mapToInt(Deque::size).sum();
    }
  }
}
