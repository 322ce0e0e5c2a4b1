package io.attune.neural.pretrained;

import static io.attune.neural.pretrained.OnnxWriter.FLOAT;
import static io.attune.neural.pretrained.OnnxWriter.FLOAT16;
import static io.attune.neural.pretrained.OnnxWriter.INT8;
import static io.attune.neural.pretrained.OnnxWriter.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.pretrained.OnnxWriter.Message;
import io.attune.schemas.failure.Failure;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OnnxInitializersTest {
  private static final String QUERY = "encoder.layer.0.attention.self.query";

  private static Map<String, StoredTensor> find(byte[] file) {
    Map<String, StoredTensor> found = new HashMap<>();
    EncoderFiles files = new MemoryFiles().with("model.onnx", file);
    for (StoredTensor tensor : OnnxInitializers.find(new SourceFile(files, "model.onnx"))) {
      found.put(tensor.name(), tensor);
    }
    return found;
  }

  private static float[] values(byte[] file, StoredTensor tensor) {
    float[][] values = new float[1][];
    new TensorReader(new MemoryFiles().with("model.onnx", file))
        .read(List.of(tensor), (read, floats) -> values[0] = floats);
    return values[0];
  }

  private static OnnxWriter product(String weight, String bias, String node) {
    return new OnnxWriter()
        .node("MatMul", node, List.of("x", weight), "xw")
        .node("Add", "", List.of(bias, "xw"), "y")
        .constant(weight, FLOAT, floats(1, 2, 3, 4, 5, 6), 2, 3)
        .constant(bias, FLOAT, floats(7, 8, 9), 3);
  }

  @Test
  void aNamelessWeightTakesTheNameOfItsBias() {
    byte[] file = product("onnx::MatMul_787", QUERY + ".bias", "/elsewhere/MatMul").file();

    Map<String, StoredTensor> found = find(file);

    assertThat(found).containsOnlyKeys(QUERY + ".weight", QUERY + ".bias");
    StoredTensor weight = found.get(QUERY + ".weight");
    assertThat(weight.transposed()).isTrue();
    assertThat(weight.shape()).containsExactly(3L, 2L); // [out, in]
    assertThat(values(file, weight)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(values(file, found.get(QUERY + ".bias"))).containsExactly(7, 8, 9);
  }

  @Test
  void aNamelessWeightWithoutANamedBiasTakesTheNameOfItsOperation() {
    byte[] file =
        product("onnx::MatMul_787", "c1", "/encoder/layer.0/attention/self/query/MatMul").file();

    assertThat(find(file)).containsKeys(QUERY + ".weight", "c1");
  }

  @Test
  void aGemmSaysWhetherItsWeightIsTransposed() {
    for (long transB : new long[] {0, 1}) {
      byte[] file =
          new OnnxWriter()
              .node("Gemm", "g", List.of("x", "w", QUERY + ".bias"), "y", transB)
              .constant("w", FLOAT, floats(1, 2, 3, 4, 5, 6), 2, 3)
              .constant(QUERY + ".bias", FLOAT, floats(1, 2), 2)
              .file();

      StoredTensor weight = find(file).get(QUERY + ".weight");

      assertThat(weight.transposed()).isEqualTo(transB == 0);
      assertThat(weight.shape()).isEqualTo(transB == 0 ? List.of(3L, 2L) : List.of(2L, 3L));
    }
  }

  @Test
  void readsPackedFloatsShapesAndRepeatedConstants() {
    byte[] file =
        new OnnxWriter()
            .node("Identity", "", List.of("a.weight"), "b.weight")
            .add(
                new Message()
                    .bytes(1, new byte[] {1, 2}) // packed sizes
                    .number(2, FLOAT)
                    .bytes(4, floats(3, 4))
                    .text(8, "a.weight"))
            .constant("half", FLOAT16, new byte[] {0, 0x3c}, 1)
            .constant("ids", 7, new byte[8], 1)
            .file();

    Map<String, StoredTensor> found = find(file);

    assertThat(found).containsOnlyKeys("a.weight", "b.weight", "half");
    assertThat(found.get("b.weight").shape()).containsExactly(1L, 2L);
    assertThat(values(file, found.get("b.weight"))).containsExactly(3, 4);
    assertThat(values(file, found.get("half"))).containsExactly(1);
  }

  @Test
  void saysWhatAFileWithoutFloatsIs() {
    for (int type : new int[] {2, INT8}) {
      byte[] file = new OnnxWriter().constant("a.weight", type, new byte[4], 2, 2).file();
      assertThatThrownBy(() -> find(file))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("quantised to whole numbers (constant 'a.weight' of 8 bits)");
    }
    byte[] doubles = new OnnxWriter().constant("a.weight", 11, new byte[8], 1, 1).file();
    assertThatThrownBy(() -> find(doubles))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("constant 'a.weight' has elements of type F64");
    assertThatThrownBy(() -> find(new byte[0]))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Cannot read memory/model.onnx: it is empty");
    assertThatThrownBy(() -> find(new OnnxWriter().file()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("it has neither operations nor constants");
  }

  @Test
  void refusesWholeNumbersByName() {
    assertThatThrownBy(
            () ->
                find(
                    new OnnxWriter()
                        .constant("onnx::MatMul_787_quantized", INT8, new byte[1], 1)
                        .file()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "Cannot read memory/model.onnx: it is quantised to whole numbers (constant"
                + " 'onnx::MatMul_787_quantized'), which cannot be trained; take the file of floats"
                + " of the same encoder");
    assertThatThrownBy(
            () -> find(new OnnxWriter().constant("x_zero_point", INT8, new byte[1], 1).file()))
        .hasMessageContaining("constant 'x_zero_point'");
    assertThatThrownBy(
            () -> find(new OnnxWriter().node("MatMulNBits", "", List.of("x"), "y").file()))
        .hasMessageContaining("operation MatMulNBits");
  }

  @Test
  void refusesValuesInAnotherFile() {
    byte[] file =
        new OnnxWriter()
            .add(new Message().number(1, 2).number(2, FLOAT).text(8, "w").number(14, 1))
            .file();

    assertThatThrownBy(() -> find(file))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("the values of 'w' are in another file; convert the encoder");
  }

  @Test
  void refusesShapesThatDoNotFit() {
    long[][] shapes = {{3}, {}, {-1, -2}, {1L << 32, 1L << 32}, {1L << 62, 4}};
    for (long[] shape : shapes) {
      assertThatThrownBy(
              () -> find(new OnnxWriter().constant("w", FLOAT, floats(1, 2), shape).file()))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("constant 'w' of type F32 and shape")
          .hasMessageContaining("has 8 bytes, which does not fit");
    }
    assertThatThrownBy(
            () ->
                find(
                    new OnnxWriter()
                        .add(new Message().number(1, 2).number(2, FLOAT).text(8, "w"))
                        .file()))
        .hasMessageContaining("has 0 bytes, which does not fit");
  }

  @Test
  void refusesTwoConstantsOfOneName() {
    byte[] file =
        new OnnxWriter()
            .node("MatMul", "", List.of("x", "w"), "a")
            .node("Add", "", List.of("a", QUERY + ".bias"), "b")
            .constant("w", FLOAT, floats(1), 1, 1)
            .constant(QUERY + ".weight", FLOAT, floats(1), 1, 1)
            .constant(QUERY + ".bias", FLOAT, floats(1), 1)
            .file();

    assertThatThrownBy(() -> find(file))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("two constants are the tensor '" + QUERY + ".weight'");
  }

  @Test
  void refusesWhatIsNoOnnxFileAtWhateverByteItBreaks() {
    byte[] file = product("onnx::MatMul_787", QUERY + ".bias", "/a/MatMul").file();
    Map<String, StoredTensor> whole = find(file);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      try {
        assertThat(find(cut)).isIn(whole, Map.of()); // cut between fields
      } catch (Failure.BadInput e) {
        assertThat(e).hasMessageContaining("Cannot read memory/model.onnx: ");
      }
    }
    for (byte[] bytes : List.of(new byte[] {(byte) 0x3a, -1, -1, -1, -1, 15}, badVarint())) {
      assertThatThrownBy(() -> find(bytes))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("it is not a complete ONNX file: ");
    }
  }

  private static byte[] badVarint() {
    byte[] bytes = new byte[12];
    Arrays.fill(bytes, (byte) -1);
    return bytes;
  }
}
