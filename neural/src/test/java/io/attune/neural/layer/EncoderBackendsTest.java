package io.attune.neural.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Inference;
import io.attune.neural.encoder.Precision;
import io.attune.schemas.failure.Failure;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

class EncoderBackendsTest {

  private static ComputationGraphConfiguration graph(
      TransformerBlockLayer.Builder block, DataType dataType) {
    return new NeuralNetConfiguration.Builder()
        .dataType(dataType)
        .graphBuilder()
        .addInputs("in")
        .addLayer("block", block.build(), "in")
        .setOutputs("block")
        .build();
  }

  private static void init(TransformerBlockLayer.Builder block, DataType dataType) {
    new ComputationGraph(graph(block, dataType)).init();
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO, the CPU backend (Vector API",
    "ND4J, plain ND4J operations",
    "CPU_SCALAR, the CPU backend (plain loops)",
    "CPU_VECTOR, the CPU backend (Vector API"
  })
  void makesTheBackendThatIsChosen(BackendChoice choice, String name) {
    EncoderShape shape = EncoderShape.attention(8, 2, 32);

    assertThat(EncoderBackends.create("a", shape, DataType.FLOAT, choice).toString())
        .startsWith(name);
  }

  @Test
  void refusesVectorsForWidthsThatAreNotAMultipleOfThem() {
    TransformerBlockLayer.Builder block =
        new TransformerBlockLayer.Builder().nIn(6).backend(BackendChoice.CPU_VECTOR);

    assertThatThrownBy(() -> init(block, DataType.FLOAT))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageStartingWith(
            "layer 'block': backend cpu-vector needs widths that are a multiple of ")
        .hasMessageEndingWith(
            ", got width 6 and feed-forward width 0; or choose backend auto or cpu-scalar"
                + " (model.backend of a task)");
  }

  @ParameterizedTest
  @EnumSource(
      value = BackendChoice.class,
      names = {"CPU_SCALAR", "CPU_VECTOR"})
  void refusesTheCpuBackendForDoubles(BackendChoice choice) {
    TransformerBlockLayer.Builder block =
        new TransformerBlockLayer.Builder().nIn(32).backend(choice);

    assertThatThrownBy(() -> init(block, DataType.DOUBLE))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage(
            "layer 'block': backend %s needs a network of floats, and this one has the data type"
                + " DOUBLE; or choose backend auto or nd4j (model.backend of a task)",
            choice.word());
  }

  @ParameterizedTest
  @EnumSource(
      value = BackendChoice.class,
      names = {"AUTO", "ND4J"})
  void computesDoublesByNd4j(BackendChoice choice) {
    init(new TransformerBlockLayer.Builder().nIn(6).backend(choice), DataType.DOUBLE);

    assertThat(
            EncoderBackends.create("a", EncoderShape.norm(6), DataType.DOUBLE, choice).toString())
        .isEqualTo("plain ND4J operations");
  }

  @Test
  void theChoiceIsPartOfTheConfigurationAndComesBackFromJson() {
    ComputationGraphConfiguration scalar =
        graph(
            new TransformerBlockLayer.Builder().nIn(6).backend(BackendChoice.CPU_SCALAR),
            DataType.FLOAT);

    String json = scalar.toJson();

    assertThat(json).contains("\"backend\" : \"CPU_SCALAR\"");
    assertThat(ComputationGraphConfiguration.fromJson(json)).isEqualTo(scalar);
    assertThat(scalar)
        .isNotEqualTo(graph(new TransformerBlockLayer.Builder().nIn(6), DataType.FLOAT));
  }

  @Test
  void jsonOfAVersionWithoutTheChoiceMeansAuto() {
    ComputationGraphConfiguration auto =
        graph(new TransformerBlockLayer.Builder().nIn(6), DataType.FLOAT);

    String older = auto.toJson().replaceAll("\\s*\"backend\" : \"AUTO\",?", "");

    assertThat(older).doesNotContain("backend");
    assertThat(ComputationGraphConfiguration.fromJson(older)).isEqualTo(auto);
  }

  @Test
  void thePrecisionIsPartOfTheConfigurationAndFloatsInOlderVersions() {
    ComputationGraphConfiguration auto =
        graph(new TransformerBlockLayer.Builder().nIn(6).precision(Precision.AUTO), DataType.FLOAT);
    ComputationGraphConfiguration floats =
        graph(new TransformerBlockLayer.Builder().nIn(6), DataType.FLOAT);

    assertThat(ComputationGraphConfiguration.fromJson(auto.toJson())).isEqualTo(auto);
    assertThat(auto).isNotEqualTo(floats);
    String older = floats.toJson().replaceAll("\\s*\"precision\" : \"FLOAT32\",?", "");
    assertThat(older).doesNotContain("precision");
    assertThat(ComputationGraphConfiguration.fromJson(older)).isEqualTo(floats);
  }

  @Test
  void theInferenceIsPartOfTheConfigurationAndAsTrainedInOlderVersions() {
    ComputationGraphConfiguration int8 =
        graph(new TransformerBlockLayer.Builder().nIn(6).inference(Inference.INT8), DataType.FLOAT);
    ComputationGraphConfiguration exact =
        graph(new TransformerBlockLayer.Builder().nIn(6), DataType.FLOAT);

    assertThat(ComputationGraphConfiguration.fromJson(int8.toJson())).isEqualTo(int8);
    assertThat(int8).isNotEqualTo(exact);
    String older = exact.toJson().replaceAll("\\s*\"inference\" : \"AS_TRAINED\",?", "");
    assertThat(older).doesNotContain("\"inference\"");
    assertThat(ComputationGraphConfiguration.fromJson(older)).isEqualTo(exact);
  }

  @Test
  void refusesBfloat16WithoutACpuBackend() {
    TransformerBlockLayer.Builder block =
        new TransformerBlockLayer.Builder()
            .nIn(32)
            .backend(BackendChoice.ND4J)
            .precision(Precision.BFLOAT16);

    assertThatThrownBy(() -> init(block, DataType.FLOAT))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage(
            "layer 'block': precision bfloat16 needs a CPU backend, and nd4j is chosen; or choose"
                + " precision auto or float32 (model.precision of a task)");
  }

  @Test
  void wordsAreThoseOfTheConfiguration() {
    assertThat(List.of(Precision.values()).stream().map(Precision::word))
        .containsExactly("auto", "float32", "bfloat16");
    assertThat(List.of(Inference.values()).stream().map(Inference::word))
        .containsExactly("as-trained", "int8");
    assertThat(List.of(BackendChoice.values()).stream().map(BackendChoice::word))
        .containsExactly("auto", "nd4j", "cpu-scalar", "cpu-vector");
  }
}
