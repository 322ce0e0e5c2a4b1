package io.attune.neural.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
  private static final String FILE = "model.safetensors";

  /** Returns a file with a header and, behind it, a number of bytes that count from 0. */
  static byte[] file(String header, int bytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    for (int i = 0; i < bytes; i++) {
      file.put((byte) i);
    }
    return file.array();
  }

  static byte[] written(Map<String, float[]> tensors, Map<String, List<Long>> shapes)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(
        out,
        Map.of("format", "pt"),
        tensors.entrySet().stream()
            .map(
                tensor ->
                    new Safetensors.Tensor(
                        tensor.getKey(), shapes.get(tensor.getKey()), tensor::getValue))
            .toList());
    return out.toByteArray();
  }

  private static Map<String, float[]> read(EncoderFiles files) {
    Map<String, float[]> read = new HashMap<>();
    List<StoredTensor> floats =
        Safetensors.find(files).stream().filter(tensor -> tensor.type().readable()).toList();
    new TensorReader(files).read(floats, (tensor, values) -> read.put(tensor.name(), values));
    return read;
  }

  @Test
  void givesBackWhatItWrote() throws IOException {
    Random random = new Random(1);
    float[] large = new float[300_000]; // several chunks
    for (int i = 0; i < large.length; i++) {
      large[i] = random.nextFloat();
    }
    float[] special = {Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE};
    byte[] file =
        written(
            Map.of("large", large, "special", special, "none", new float[0], "one", new float[1]),
            Map.of(
                "large", List.of(300L, 1000L),
                "special", List.of(4L),
                "none", List.of(0L, 7L),
                "one", List.of()));

    Map<String, float[]> read = read(new MemoryFiles().with(FILE, file));

    assertThat(read).containsOnlyKeys("large", "special", "none", "one");
    assertThat(read.get("large")).isEqualTo(large);
    assertThat(read.get("special")).isEqualTo(special);
    assertThat(read.get("none")).isEmpty();
    assertThat(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
  }

  @Test
  void refusesToWriteTwoTensorsOfOneName() {
    Safetensors.Tensor tensor = new Safetensors.Tensor("a", List.of(1L), () -> new float[1]);

    assertThatThrownBy(
            () -> Safetensors.write(new ByteArrayOutputStream(), Map.of(), List.of(tensor, tensor)))
        .hasMessage("There are two tensors 'a'");
  }

  @Test
  void readsHalfPrecisionAndIgnoresWholeNumbers() {
    ByteBuffer values = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    values.putShort((short) 0x3c00).putShort((short) 0xc500); // F16: 1, -5
    values.putShort((short) 0x3f80).putShort((short) 0xc0a0); // BF16: 1, -5
    values.putLong(7).putLong(8);
    byte[] file =
        file(
            """
            {"half": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]},
             "ids": {"dtype": "I64", "shape": [1, 2], "data_offsets": [8, 24]},
             "brain": {"dtype": "BF16", "shape": [2], "data_offsets": [4, 8]}}   \
            """,
            24);
    System.arraycopy(values.array(), 0, file, file.length - 24, 24);
    MemoryFiles files = new MemoryFiles().with(FILE, file);

    Map<String, float[]> read = read(files);

    assertThat(read).containsOnlyKeys("half", "brain");
    assertThat(read.get("half")).containsExactly(1, -5);
    assertThat(read.get("brain")).containsExactly(1, -5);
    assertThatThrownBy(() -> new TensorReader(files).read(Safetensors.find(files), (a, b) -> {}))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "Cannot read memory/model.safetensors: tensor 'ids' has elements of type I64, and"
                + " parameters are read from F32, F16 and BF16; convert it to one of these");
  }

  @Test
  void convertsEveryHalfPrecisionNumber() {
    float[] converted = new float[1 << 16];
    ByteBuffer file = ByteBuffer.allocate(2 * converted.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < converted.length; bits++) {
      file.putShort((short) bits);
    }

    ElementType.F16.decode(file.flip(), converted, 0);

    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = (bits >> 10) & 31;
      int fraction = bits & 1023;
      double size =
          switch (exponent) {
            case 0 -> Math.scalb((double) fraction, -24);
            case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> Math.scalb(1024.0 + fraction, exponent - 25);
          };
      assertThat(Float.valueOf(converted[bits]))
          .isEqualTo(Float.valueOf((float) (bits < 1 << 15 ? size : -size)));
    }
  }

  @Test
  void readsAFileInPartsEachOnce() throws IOException {
    MemoryFiles files =
        new MemoryFiles()
            .with(
                "model.safetensors.index.json",
                """
                {"metadata": {"total_size": 12},
                 "weight_map": {"a": "model-00001-of-00002.safetensors",
                                "b": "model-00002-of-00002.safetensors"}}
                """)
            .with(
                "model-00001-of-00002.safetensors",
                written(Map.of("a", new float[] {1}), Map.of("a", List.of(1L))))
            .with(
                "model-00002-of-00002.safetensors",
                written(Map.of("b", new float[] {2, 3}), Map.of("b", List.of(2L))));

    Map<String, float[]> read = read(files);

    assertThat(read.get("a")).containsExactly(1);
    assertThat(read.get("b")).containsExactly(2, 3);
    assertThat(files.opened("model-00001-of-00002.safetensors")).isEqualTo(2); // header, values
  }

  @Test
  void refusesAnIndexThatItsPartsDoNotAgreeWith() throws IOException {
    byte[] part = written(Map.of("a", new float[] {1}), Map.of("a", List.of(1L)));
    MemoryFiles files = new MemoryFiles().with("1.safetensors", part);

    assertThatThrownBy(() -> read(indexed(files, "{\"weight_map\": {\"b\": \"1.safetensors\"}}")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("places tensor 'b' in 1.safetensors, which has no such tensor");
    assertThatThrownBy(() -> read(indexed(files, "{\"weight_map\": {\"a\": \"2.safetensors\"}}")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Cannot read memory/2.safetensors");
    assertThatThrownBy(
            () -> read(indexed(files, "{\"weight_map\": {\"a\": \"../1.safetensors\"}}")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("\"../1.safetensors\" is not the name of a file beside it");
    assertThatThrownBy(() -> read(indexed(files, "{}")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has no 'weight_map'");
  }

  private static MemoryFiles indexed(MemoryFiles files, String index) {
    return files.with("model.safetensors.index.json", index);
  }

  private static Arguments hostile(String name, byte[] file, String message) {
    return Arguments.of(name, file, message);
  }

  private static byte[] withLength(long length) {
    byte[] file = file("{}", 0);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    return file;
  }

  private static String tensor(String name, String shape, long begin, long end) {
    return "\"%s\": {\"dtype\": \"F32\", \"shape\": %s, \"data_offsets\": [%d, %d]}"
        .formatted(name, shape, begin, end);
  }

  static Stream<Arguments> hostileFiles() {
    String good = tensor("a", "[2]", 0, 8);
    return Stream.of(
        hostile("empty", new byte[0], "it has only 0 bytes"),
        hostile("short", new byte[7], "it has only 7 bytes"),
        hostile("negative length", withLength(-1), "header has 18446744073709551615 bytes"),
        hostile("huge length", withLength(Long.MAX_VALUE), "header has 9223372036854775807 bytes"),
        hostile("length beyond the end", withLength(3), "header has 3 bytes, of 10 in the file"),
        hostile("no length", withLength(0), "header has 0 bytes"),
        hostile("an array", file("[1]", 0), "does not begin with '{'"),
        hostile("a space first", file(" {}", 0), "does not begin with '{'"),
        hostile("half JSON", file("{\"a\":", 0), "not valid JSON"),
        hostile("two values", file("{} {}", 0), "not valid JSON"),
        hostile("bad UTF-8", badUtf8(), "not valid JSON"),
        hostile("one name twice", file("{" + good + "," + good + "}", 8), "Duplicate field 'a'"),
        hostile(
            "offsets beyond the end",
            file("{" + tensor("a", "[3]", 0, 12) + "}", 8),
            "tensor 'a' has the offsets [0, 12]"),
        hostile(
            "offsets in reverse",
            file("{" + tensor("a", "[2]", 8, 0) + "}", 8),
            "tensor 'a' has the offsets [8, 0]"),
        hostile(
            "negative offset",
            file("{" + tensor("a", "[2]", -8, 0) + "}", 8),
            "the data_offsets [-8,0], which are not whole numbers"),
        hostile(
            "three offsets",
            file("{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 4, 8]}}", 8),
            "tensor 'a' has the offsets [0, 4, 8]"),
        hostile(
            "offsets beyond 64 bits",
            file("{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 1e30]}}", 8),
            "not whole numbers"),
        hostile(
            "offsets of an old form",
            file("{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"offsets\": [0, 8]}}", 8),
            "not whole numbers"),
        hostile(
            "overlap",
            file("{" + good + "," + tensor("b", "[2]", 4, 12) + "}", 12),
            "there is an overlap between tensor 'a' and tensor 'b'"),
        hostile(
            "the same bytes twice",
            file("{" + good + "," + tensor("b", "[2]", 0, 8) + "}", 8),
            "there is an overlap between tensor"),
        hostile(
            "hole",
            file("{" + good + "," + tensor("b", "[1]", 12, 16) + "}", 16),
            "there is a hole between tensor 'a' and tensor 'b'"),
        hostile("a rest", file("{" + good + "}", 11), "3 bytes follow tensor 'a'"),
        hostile(
            "a shape that does not fit",
            file("{" + tensor("a", "[3]", 0, 8) + "}", 8),
            "tensor 'a' of type F32 and shape [3] has 12 bytes, and its offsets leave 8"),
        hostile(
            "a product that overflows",
            file("{" + tensor("a", "[4294967296, 4294967296, 4]", 0, 8) + "}", 8),
            "whose size is beyond 64 bits"),
        hostile(
            "a product that overflows to the size",
            file("{" + tensor("a", "[2, 4611686018427387905]", 0, 8) + "}", 8),
            "whose size is beyond 64 bits"),
        hostile(
            "negative sizes",
            file("{" + tensor("a", "[-1, -2]", 0, 8) + "}", 8),
            "the shape [-1,-2], which are not whole numbers"),
        hostile(
            "half a byte",
            file("{\"a\": {\"dtype\": \"F4\", \"shape\": [3], \"data_offsets\": [0, 1]}}", 1),
            "its offsets leave 1"),
        hostile(
            "unknown type",
            file("{\"a\": {\"dtype\": \"F33\", \"shape\": [2], \"data_offsets\": [0, 8]}}", 8),
            "unknown element type \"F33\""),
        hostile("no tensor", file("{\"a\": 3}", 8), "unknown element type"),
        hostile(
            "numbers as metadata",
            file("{\"__metadata__\": {\"n\": 1}, " + good + "}", 8),
            "__metadata__ are not texts"),
        hostile(
            "metadata without names",
            file("{\"__metadata__\": [\"n\"], " + good + "}", 8),
            "__metadata__ are not texts"));
  }

  private static byte[] badUtf8() {
    byte[] file = file("{\"a\": 1}", 0);
    file[10] = (byte) 0xff;
    return file;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileFiles")
  void refusesHostileFiles(String name, byte[] file, String message) {
    assertThatThrownBy(() -> Safetensors.find(new MemoryFiles().with(FILE, file)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("Cannot read memory/model.safetensors: ")
        .hasMessageContaining(message);
  }

  @Test
  void saysThatAFileEndsWithinItsTensors() {
    byte[] whole = file("{" + tensor("a", "[2]", 0, 8) + "}", 8);
    List<StoredTensor> tensors = Safetensors.find(new MemoryFiles().with(FILE, whole));
    MemoryFiles cut = new MemoryFiles().with(FILE, Arrays.copyOf(whole, whole.length - 1));

    assertThatThrownBy(() -> new TensorReader(cut).read(tensors, (tensor, values) -> {}))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("it ends before its last tensor");
  }
}
