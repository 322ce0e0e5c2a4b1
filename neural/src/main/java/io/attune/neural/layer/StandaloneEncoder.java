package io.attune.neural.layer;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Precision;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.encoder.TokenInput;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes an encoder, or a part of one that reads token ids, outside of a network and without
 * dropout. It serves one thread.
 */
public final class StandaloneEncoder {
  private static final String NAME = "encoder";

  private final EncoderShape shape;
  private final INDArray parameters;
  private final EncoderBackend backend;
  private final TokenBatch batch;

  /** Makes an encoder that multiplies floats; as the constructor that takes a precision. */
  public StandaloneEncoder(EncoderShape shape, INDArray parameters, BackendChoice choice) {
    this(shape, parameters, choice, Precision.FLOAT32);
  }

  /**
   * Makes an encoder.
   *
   * @param parameters flat vector in the layout of the shape, never changed: several encoders may
   *     share it
   */
  public StandaloneEncoder(
      EncoderShape shape, INDArray parameters, BackendChoice choice, Precision precision) {
    require(shape.embeds(), "a standalone encoder reads token ids, %s does not", shape.part());
    this.shape = shape;
    this.parameters = parameters;
    backend = EncoderBackends.create(NAME, shape, DataType.FLOAT, choice, precision);
    batch = new TokenBatch(NAME, shape.vocabulary(), shape.maxTokens());
  }

  /** Returns the shape of the encoder. */
  public EncoderShape shape() {
    return shape;
  }

  /**
   * Computes the output for rows, which are padded to the longest.
   *
   * @param rows at least one, each with at least one token id
   * @return for each row its pooled vector, or the vectors of its tokens one after the other
   */
  public float[][] encode(List<int[]> rows) {
    TokenInput input = TokenInput.of(rows);
    batch.read(input.tokens(), input.mask());
    int time = batch.time();
    int width = shape.width();
    int perRow = shape.pools() ? width : time * width;
    long[] sizes =
        shape.pools() ? new long[] {rows.size(), width} : new long[] {rows.size(), time, width};
    INDArray output = Nd4j.createUninitialized(DataType.FLOAT, sizes, 'c');
    backend.forward(batch, Pass.FROZEN, parameters, output);
    float[] values = output.reshape(output.length()).toFloatVector();
    float[][] vectors = new float[rows.size()][];
    for (int row = 0; row < vectors.length; row++) {
      int length = shape.pools() ? width : rows.get(row).length * width;
      vectors[row] = new float[length];
      System.arraycopy(values, row * perRow, vectors[row], 0, length);
    }
    return vectors;
  }
}
