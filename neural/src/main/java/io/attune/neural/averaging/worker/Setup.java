package io.attune.neural.averaging.worker;

import io.attune.neural.averaging.config.Device;
import io.attune.neural.averaging.config.MasterConfig;
import io.attune.neural.averaging.exchange.Exchange;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.spark.api.TrainingHook;

/**
 * Holds the settings of all tasks of a training: broadcast once, not once a round.
 *
 * @param training unique among the trainings of a JVM; names the replicas kept for it
 * @param network the configuration of the network, as DL4J's JSON
 * @param device that tasks compute on
 * @param files configuration of the file systems of paths
 * @param loader of paths; null where the data is in an RDD
 */
public record Setup(
    String training,
    String network,
    MasterConfig config,
    Device device,
    Exchange exchange,
    SerializableConfiguration files,
    Loader loader,
    List<TrainingHook> hooks)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public Setup {
    hooks = List.copyOf(hooks);
  }

  /** Holds the loader that the caller gave, of DL4J's two kinds; the other is null. */
  public record Loader(DataSetLoader dataSets, MultiDataSetLoader multiDataSets)
      implements Serializable {
    private static final long serialVersionUID = 1;
  }
}
