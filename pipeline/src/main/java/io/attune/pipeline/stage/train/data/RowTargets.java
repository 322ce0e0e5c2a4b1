package io.attune.pipeline.stage.train.data;

import io.attune.pipeline.stage.train.data.RowInputs.Row;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Decides what a network learns of rows of shards, where a training task runs. */
public interface RowTargets extends Serializable {

  /**
   * Changes the target of a minibatch for one head.
   *
   * @param rows of the minibatch
   * @param head number of the head
   * @param target of the labels, to be changed
   * @param files configuration of the file systems
   */
  void apply(List<Row> rows, int head, Target target, Configuration files) throws IOException;

  /** Leaves the labels as they are. */
  record Labels() implements RowTargets {
    private static final long serialVersionUID = 1;

    @Override
    public void apply(List<Row> rows, int head, Target target, Configuration files) {}
  }

  /**
   * Holds the target of a minibatch for one head.
   *
   * @param values {@code [batch][classes]} in one array: one-hot, or 0 for a missing label
   * @param mask {@code [batch]}, the weight of a row with a label, else 0
   */
  @SuppressWarnings("ArrayRecordComponent") // Filled in place; never compared.
  record Target(float[] values, float[] mask) {
    /** Returns the number of classes of the head. */
    public int classes() {
      return values.length / mask.length;
    }

    /** Weighs the rows that have a target. */
    void weigh(List<Row> rows) {
      for (int row = 0; row < mask.length; row++) {
        mask[row] *= rows.get(row).weight();
      }
    }

    /** Returns whether every row has a target and counts as one. */
    boolean isComplete() {
      for (float weight : mask) {
        if (weight != 1) {
          return false;
        }
      }
      return true;
    }
  }
}
