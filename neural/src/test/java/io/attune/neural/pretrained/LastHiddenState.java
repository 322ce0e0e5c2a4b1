package io.attune.neural.pretrained;

import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.TokenBatch;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Computes the vectors of the last layer with a backend. */
final class LastHiddenState {
  private final EncoderBackend backend;
  private final EncoderShape shape;
  private final INDArray parameters;
  private final Pass pass;

  /** Takes the whole encoder and the backend of its stem with all blocks. */
  LastHiddenState(PretrainedEncoder stem, EncoderBackend backend) {
    this(stem, backend, Pass.INFERENCE);
  }

  LastHiddenState(PretrainedEncoder stem, EncoderBackend backend, Pass pass) {
    this.backend = backend;
    this.pass = pass;
    this.shape = stem.shape();
    this.parameters = Nd4j.createFromArray(stem.parameters());
  }

  /**
   * Returns the vectors of a batch, padded to its longest row: {@code [rows][tokens * width]},
   * padding left out.
   */
  float[][] of(int[][] ids) {
    int time = Arrays.stream(ids).mapToInt(row -> row.length).max().orElseThrow();
    INDArray tokens = Nd4j.zeros(DataType.FLOAT, ids.length, time);
    INDArray mask = Nd4j.zeros(DataType.FLOAT, ids.length, time);
    for (int row = 0; row < ids.length; row++) {
      for (int token = 0; token < ids[row].length; token++) {
        tokens.putScalar(row, token, ids[row][token]);
        mask.putScalar(row, token, 1);
      }
    }
    TokenBatch batch = new TokenBatch("encoder", shape.vocabulary(), shape.maxTokens());
    batch.read(tokens, mask);
    INDArray output = Nd4j.create(DataType.FLOAT, ids.length, time, shape.width());
    backend.forward(batch, pass, parameters, output);
    float[][] vectors = new float[ids.length][];
    float[] all = output.data().asFloat();
    for (int row = 0; row < ids.length; row++) {
      int start = row * time * shape.width();
      vectors[row] = Arrays.copyOfRange(all, start, start + ids[row].length * shape.width());
    }
    return vectors;
  }
}
