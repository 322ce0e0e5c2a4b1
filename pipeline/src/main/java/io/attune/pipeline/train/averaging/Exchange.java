package io.attune.pipeline.train.averaging;

import java.io.Serializable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * How states travel between the driver and its workers: by broadcast and task results, or, where
 * the workers are threads of the driver's own JVM, by reference.
 *
 * @param sameJvm whether workers share the driver's memory
 */
record Exchange(boolean sameJvm) implements Serializable {
  private static final long serialVersionUID = 1;

  /** States on their way within this JVM, by name. */
  private static final ConcurrentMap<String, NetworkState> SHELF = new ConcurrentHashMap<>();

  static Exchange of(JavaSparkContext spark) {
    return new Exchange(spark.isLocal());
  }

  /** A state on its way. */
  sealed interface Parcel extends Serializable {
    NetworkState open();
  }

  private record OnShelf(String name) implements Parcel {
    private static final long serialVersionUID = 1;

    @Override
    public NetworkState open() {
      NetworkState state = SHELF.get(name);
      if (state == null) {
        throw new IllegalStateException("The state '" + name + "' is of a round that is over");
      }
      return state;
    }
  }

  private record ByBroadcast(Broadcast<NetworkState> broadcast) implements Parcel {
    private static final long serialVersionUID = 1;

    @Override
    public NetworkState open() {
      return broadcast.value();
    }
  }

  private record Enclosed(NetworkState state) implements Parcel {
    private static final long serialVersionUID = 1;

    @Override
    public NetworkState open() {
      return state;
    }
  }

  /** What one round sends and receives; closing it frees all of it. */
  interface Mail extends AutoCloseable {
    /** The state that the round starts from. */
    Parcel outgoing();

    @Override
    void close();
  }

  /**
   * Sends the state that a round starts from.
   *
   * @param name of the round, unique in this JVM; names of answers start with it
   */
  Mail send(JavaSparkContext spark, String name, NetworkState state) {
    if (!sameJvm) {
      Broadcast<NetworkState> broadcast = spark.broadcast(state);
      return new Mail() {
        @Override
        public Parcel outgoing() {
          return new ByBroadcast(broadcast);
        }

        @Override
        public void close() {
          broadcast.destroy();
        }
      };
    }
    SHELF.put(name, state);
    return new Mail() {
      @Override
      public Parcel outgoing() {
        return new OnShelf(name);
      }

      @Override
      public void close() {
        SHELF.keySet().removeIf(key -> key.equals(name) || key.startsWith(name + "/"));
      }
    };
  }

  /** On a worker: makes its result travel back. A repeated task replaces its first answer. */
  Parcel answer(String name, int worker, NetworkState state) {
    if (!sameJvm) {
      return new Enclosed(state);
    }
    String key = name + "/" + worker;
    SHELF.put(key, state);
    return new OnShelf(key);
  }

  /** States that are on their way within this JVM; 0 between rounds. */
  static int waiting() {
    return SHELF.size();
  }
}
