package io.attune.neural.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.pretrained.EncoderFolder;
import io.attune.schemas.model.LabelSets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that ONNX Runtime computes what the network does. */
class OnnxFormTest {
  private static final LabelSets LABELS =
      new LabelSets(List.of(TunedNetwork.MOOD, TunedNetwork.TOPIC));

  private static byte[] written(ComputationGraph network) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxForm.write(EncoderClassifier.of(network, LABELS), out);
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"MEAN, GELU", "FIRST, RELU", "ATTENTION, GELU"})
  void answersAsTheNetworkDoesForRowsOfAnyLength(Pooling pooling, FeedForwardActivation activation)
      throws Exception {
    ComputationGraph network =
        TunedNetwork.of(pooling, activation, TunedNetwork.MOOD, TunedNetwork.TOPIC);

    Map<String, float[][]> answers = answers(written(network), TunedNetwork.rows());

    float[][][] expected = TunedNetwork.answers(network);
    assertThat(answers).containsOnlyKeys("probabilities_mood", "probabilities_topic");
    for (int row = 0; row < expected[0].length; row++) {
      assertThat(answers.get("probabilities_mood")[row])
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(expected[0][row]);
      assertThat(answers.get("probabilities_topic")[row])
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(expected[1][row]);
    }
    assertThat(expected[0][0]).isNotEqualTo(expected[0][1]);
  }

  @Test
  void isReadAgainAsAnEncoder(@TempDir Path folder) throws IOException {
    ComputationGraph network =
        TunedNetwork.of(
            Pooling.MEAN, FeedForwardActivation.GELU, TunedNetwork.MOOD, TunedNetwork.TOPIC);
    EncoderClassifier classifier = EncoderClassifier.of(network, LABELS);
    Files.write(folder.resolve("model.onnx"), written(network));

    EncoderFolder read = TunedNetwork.opened(folder, new HuggingFaceForm(classifier).files(12, 0));

    assertThat(read.read().parameters()).isEqualTo(classifier.encoder().parameters());
    assertThat(read.shape()).isEqualTo(classifier.encoder().shape());
  }

  private static Map<String, float[][]> answers(byte[] model, List<int[]> rows)
      throws OrtException {
    int time = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
    long[][] ids = new long[rows.size()][time];
    long[][] mask = new long[rows.size()][time];
    for (int row = 0; row < ids.length; row++) {
      for (int token = 0; token < time; token++) {
        boolean real = token < rows.get(row).length;
        ids[row][token] = real ? rows.get(row)[token] : 0;
        mask[row][token] = real ? 1 : 0;
      }
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model);
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
      Map<String, float[][]> answers = new LinkedHashMap<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        answers.put(output.getKey(), (float[][]) output.getValue().getValue());
      }
      return answers;
    }
  }
}
