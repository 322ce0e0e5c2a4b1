package io.attune.pipeline.train.averaging;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Networks that stay in a JVM from round to round, one for each task that runs at a time: building
 * one costs more than a minibatch. A replica carries nothing from one borrower to the next that
 * {@link NetworkState#copyTo} does not replace, so losing one costs time only.
 */
final class Replicas {
  /** Trainings whose replicas are kept: the one that runs, and one beside it. */
  private static final int TRAININGS = 2;

  private static final Map<String, Deque<ComputationGraph>> IDLE = new LinkedHashMap<>();

  private Replicas() {}

  /** A network that is the caller's alone until it is given back. */
  static ComputationGraph borrow(String training, String configuration) {
    synchronized (IDLE) {
      Deque<ComputationGraph> idle = IDLE.computeIfAbsent(training, key -> new ArrayDeque<>());
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    NativeThreads.oneForEachTask();
    ComputationGraph network =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    network.init();
    return network;
  }

  static void giveBack(String training, ComputationGraph network) {
    synchronized (IDLE) {
      Deque<ComputationGraph> idle = IDLE.remove(training);
      if (idle == null) {
        idle = new ArrayDeque<>();
      }
      idle.push(network);
      IDLE.put(training, idle);
      Iterator<String> oldest = IDLE.keySet().iterator();
      while (IDLE.size() > TRAININGS) {
        oldest.next();
        oldest.remove();
      }
    }
  }

  /** Networks waiting for work. */
  static int idle(String training) {
    synchronized (IDLE) {
      return IDLE.getOrDefault(training, new ArrayDeque<>()).size();
    }
  }
}
