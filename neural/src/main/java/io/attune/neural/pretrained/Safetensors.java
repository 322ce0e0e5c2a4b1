package io.attune.neural.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import io.attune.schemas.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Finds the tensors in files of the form safetensors, and writes such a file. */
public final class Safetensors {
  static final String FILE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final int CHUNK = 1 << 16;

  /** Aligns the tensors, so that any reader may map them. */
  private static final int ALIGNMENT = 8;

  /**
   * Describes a tensor to be written as F32.
   *
   * @param values provides the elements by rows when they are written, so that few are in memory
   */
  public record Tensor(String name, List<Long> shape, Supplier<float[]> values) {
    long bytes() {
      return Float.BYTES * shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }
  }

  private Safetensors() {}

  static boolean in(EncoderFiles files) {
    return new SourceFile(files, FILE).exists() || new SourceFile(files, INDEX).exists();
  }

  /** Returns the tensors of {@code model.safetensors}, or of the files that its index names. */
  static List<StoredTensor> find(EncoderFiles files) {
    SourceFile whole = new SourceFile(files, FILE);
    return whole.exists()
        ? SafetensorsHeader.read(whole)
        : findInParts(files, new SourceFile(files, INDEX));
  }

  private static List<StoredTensor> findInParts(EncoderFiles files, SourceFile index) {
    JsonNode parts = index.json().path("weight_map");
    if (!parts.isObject() || parts.isEmpty()) {
      throw index.bad(
          "it has no 'weight_map' of tensors; take the encoder from its publisher again");
    }
    Map<String, Map<String, StoredTensor>> byFile = new LinkedHashMap<>();
    for (String name : new TreeSet<>(texts(index, parts))) {
      Map<String, StoredTensor> tensors = new LinkedHashMap<>();
      SafetensorsHeader.read(new SourceFile(files, name))
          .forEach(tensor -> tensors.put(tensor.name(), tensor));
      byFile.put(name, tensors);
    }
    List<StoredTensor> found = new ArrayList<>();
    for (Map.Entry<String, JsonNode> part : parts.properties()) {
      StoredTensor tensor = byFile.get(part.getValue().asText()).get(part.getKey());
      if (tensor == null) {
        throw index.bad(
            "it places tensor '%s' in %s, which has no such tensor; take the encoder from its"
                + " publisher again",
            part.getKey(), part.getValue().asText());
      }
      found.add(tensor);
    }
    return found;
  }

  private static List<String> texts(SourceFile index, JsonNode parts) {
    List<String> names = new ArrayList<>();
    for (JsonNode part : parts) {
      String name = part.asText();
      if (!part.isTextual() || !name.matches("[\\w.-]+\\.safetensors")) {
        throw index.bad("%s is not the name of a file beside it that ends with .safetensors", part);
      }
      names.add(name);
    }
    return names;
  }

  /**
   * Writes one file; the stream stays open.
   *
   * @param metadata such as {@code format: pt}, without which Hugging Face's library refuses it
   */
  public static void write(OutputStream out, Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", metadata);
    long offset = 0;
    for (Tensor tensor : tensors) {
      long end = offset + tensor.bytes();
      Object before =
          header.put(
              tensor.name(),
              Map.of(
                  "dtype", "F32", "shape", tensor.shape(), "data_offsets", List.of(offset, end)));
      if (before != null) {
        throw new IllegalArgumentException("There are two tensors '" + tensor.name() + "'");
      }
      offset = end;
    }
    String json = Json.line(header);
    int padding = Math.floorMod(-json.getBytes(StandardCharsets.UTF_8).length, ALIGNMENT);
    byte[] padded = (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    BufferedOutputStream buffered = new BufferedOutputStream(out, CHUNK);
    buffered.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded.length)
            .array());
    buffered.write(padded);
    for (Tensor tensor : tensors) {
      write(buffered, tensor);
    }
    buffered.flush();
  }

  private static void write(OutputStream out, Tensor tensor) throws IOException {
    float[] values = tensor.values().get();
    if ((long) values.length * Float.BYTES != tensor.bytes()) {
      throw new IllegalArgumentException(
          "Tensor '" + tensor.name() + "' has " + values.length + " values, not " + tensor.shape());
    }
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length; ) {
      int count = Math.min(CHUNK / Float.BYTES, values.length - done);
      chunk.asFloatBuffer().put(values, done, count);
      out.write(chunk.array(), 0, count * Float.BYTES);
      done += count;
    }
  }
}
