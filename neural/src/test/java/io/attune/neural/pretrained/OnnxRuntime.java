package io.attune.neural.pretrained;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Computes the last hidden state of an ONNX file with Microsoft's runtime. */
final class OnnxRuntime implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OnnxRuntime(Path file) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    session = environment.createSession(file.toString(), options);
  }

  /** Returns the vectors of a batch as {@link LastHiddenState#of} does. */
  float[][] of(int[][] ids) throws OrtException {
    int time = Arrays.stream(ids).mapToInt(row -> row.length).max().orElseThrow();
    long[] tokens = new long[ids.length * time];
    long[] mask = new long[ids.length * time];
    for (int row = 0; row < ids.length; row++) {
      for (int token = 0; token < ids[row].length; token++) {
        tokens[row * time + token] = ids[row][token];
        mask[row * time + token] = 1;
      }
    }
    long[] shape = {ids.length, time};
    try (OnnxTensor tokenTensor = tensor(tokens, shape);
        OnnxTensor maskTensor = tensor(mask, shape);
        OnnxTensor types = tensor(new long[tokens.length], shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", tokenTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", types))) {
      FloatBuffer all = ((OnnxTensor) result.get(0)).getFloatBuffer();
      int width = all.remaining() / tokens.length;
      float[][] vectors = new float[ids.length][];
      for (int row = 0; row < ids.length; row++) {
        vectors[row] = new float[ids[row].length * width];
        all.get(row * time * width, vectors[row]);
      }
      return vectors;
    }
  }

  private OnnxTensor tensor(long[] values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
