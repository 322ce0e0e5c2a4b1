package io.attune.pipeline.stage.train.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes a network's input of rows of shards, where a training task runs. */
public interface RowInputs extends Serializable {

  /**
   * Makes the input of a minibatch.
   *
   * @param rows at least one, in the order of the minibatch
   * @param files configuration of the file systems
   */
  Input of(List<Row> rows, Configuration files) throws IOException;

  /**
   * Locates one row in memory.
   *
   * @param file of the shard
   * @param row number in the file, from 0
   * @param seed of what is random about it: another one in each epoch, and for each copy in one
   */
  record Row(String file, DecodedShard shard, int row, long seed) {
    int length() {
      return shard.length(row);
    }

    float weight() {
      return shard.weight(row);
    }
  }

  /**
   * Holds the input of a minibatch.
   *
   * @param values token ids {@code [batch, time]} or vectors {@code [batch, width, time]}, 0 at
   *     padding
   * @param mask {@code [batch, time]}, 1 for tokens and 0 for padding
   */
  record Input(INDArray values, INDArray mask) {}
}
