package io.attune.pipeline.stage.train.data;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Precision;
import io.attune.neural.layer.StandaloneEncoder;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.encoder.EncoderReference;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Names the part of an encoder that is not trained for executors, which read it once in a JVM.
 *
 * @param blocks of the encoder, the first ones
 * @param pooling of all blocks' vectors to one for each row; null for a vector for each token
 */
public record StemReference(
    EncoderReference encoder,
    int blocks,
    Pooling pooling,
    BackendChoice backend,
    Precision precision)
    implements Serializable {
  private static final long serialVersionUID = 1;

  private static Stem last; // guarded by the class

  /** Holds the stem that this JVM used last: a run needs one. */
  private record Stem(
      StemReference of, EncoderShape shape, INDArray parameters, Deque<StandaloneEncoder> idle) {
    static Stem read(StemReference of) {
      PretrainedEncoder whole = of.encoder.open().pretrained();
      PretrainedEncoder stem = of.pools() ? whole.pooledBy(of.pooling) : whole.stem(of.blocks);
      return new Stem(
          of, stem.shape(), Nd4j.createFromArray(stem.parameters()), new ArrayDeque<>());
    }

    boolean isOf(StemReference other) {
      return of.blocks == other.blocks
          && of.pooling == other.pooling
          && of.backend == other.backend
          && of.precision == other.precision
          && of.encoder.identity().equals(other.encoder.identity());
    }
  }

  /** Returns the same with another number of blocks, for a vector for each token. */
  public StemReference below(int blocks) {
    return new StemReference(encoder, blocks, null, backend, precision);
  }

  /** Returns the same for one vector for each row. */
  public StemReference pooledBy(Pooling pooling) {
    return new StemReference(encoder, blocks, pooling, backend, precision);
  }

  /** Returns whether there is one vector for each row, not for each token. */
  boolean pools() {
    return pooling != null;
  }

  /** Returns an encoder that is the caller's alone until it is released. */
  StandaloneEncoder acquire() {
    Stem stem;
    synchronized (StemReference.class) {
      if (last == null || !last.isOf(this)) {
        last = Stem.read(this);
      }
      stem = last;
      if (!stem.idle.isEmpty()) {
        return stem.idle.pop();
      }
    }
    return new StandaloneEncoder(stem.shape, stem.parameters, backend, precision);
  }

  void release(StandaloneEncoder encoder) {
    synchronized (StemReference.class) {
      if (last != null && last.isOf(this)) {
        last.idle.push(encoder);
      }
    }
  }

  /** Frees the memory that this JVM keeps for the last stem. */
  static void forget() {
    synchronized (StemReference.class) {
      last = null;
    }
  }
}
