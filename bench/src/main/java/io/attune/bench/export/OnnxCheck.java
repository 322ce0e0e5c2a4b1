package io.attune.bench.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.attune.neural.export.EncoderClassifier;
import io.attune.neural.export.OnnxForm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Computes an exported {@code model.onnx} with ONNX Runtime. */
final class OnnxCheck {
  private OnnxCheck() {}

  /** Returns the probabilities of rows, which are padded to the longest in one batch. */
  static float[][][] answers(Path folder, List<int[]> rows, EncoderClassifier classifier) {
    int time = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
    long[][] ids = new long[rows.size()][time];
    long[][] mask = new long[rows.size()][time];
    for (int row = 0; row < ids.length; row++) {
      for (int token = 0; token < rows.get(row).length; token++) {
        ids[row][token] = rows.get(row)[token];
        mask[row][token] = 1;
      }
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(folder.resolve("model.onnx").toString());
        OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask);
        OnnxTensor types = OnnxTensor.createTensor(environment, new long[ids.length][time]);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids",
                    idTensor,
                    "attention_mask",
                    maskTensor,
                    "token_type_ids",
                    types))) {
      float[][][] answers = new float[ids.length][classifier.heads().size()][];
      for (int head = 0; head < classifier.heads().size(); head++) {
        String output = OnnxForm.output(classifier.heads().get(head).name());
        float[][] byRow = (float[][]) result.get(output).orElseThrow().getValue();
        for (int row = 0; row < byRow.length; row++) {
          answers[row][head] = byRow[row];
        }
      }
      return answers;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot compute " + folder, e);
    }
  }
}
