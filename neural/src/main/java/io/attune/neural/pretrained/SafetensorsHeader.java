package io.attune.neural.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import io.attune.schemas.json.Json;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Reads and checks the header of a file of the form safetensors: its length in 8 bytes,
 * little-endian; JSON that maps names to type, shape and offsets; the tensors, without holes.
 */
final class SafetensorsHeader {
  /** Limits the header, as the reference implementation does. */
  private static final long MAX_LENGTH = 100_000_000;

  private static final String METADATA = "__metadata__";
  private static final String AGAIN = "; take the encoder from its publisher again";

  private final SourceFile file;
  private long length;
  private long bufferSize;

  private SafetensorsHeader(SourceFile file) {
    this.file = file;
  }

  /** Returns the tensors of a file in the order of their places. */
  static List<StoredTensor> read(SourceFile file) {
    return new SafetensorsHeader(file).read();
  }

  private List<StoredTensor> read() {
    JsonNode header = json();
    List<StoredTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (entry.getKey().equals(METADATA)) {
        checkMetadata(entry.getValue());
      } else {
        tensors.add(tensor(entry.getKey(), entry.getValue()));
      }
    }
    tensors.sort(
        Comparator.comparingLong(StoredTensor::position).thenComparingLong(StoredTensor::bytes));
    checkCover(tensors);
    return tensors;
  }

  private JsonNode json() {
    long size = file.size();
    try (InputStream in = file.open()) {
      byte[] prefix = in.readNBytes(Long.BYTES);
      if (prefix.length < Long.BYTES) {
        throw file.bad("it has only %d bytes, and is not of the form safetensors" + AGAIN, size);
      }
      length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
      bufferSize = size - Long.BYTES - length;
      if (length < 2 || length > MAX_LENGTH || bufferSize < 0) {
        file.requireNoPointer();
        throw file.bad(
            "it says that its header has %s bytes, of %d in the file and %d allowed" + AGAIN,
            Long.toUnsignedString(length),
            size,
            MAX_LENGTH);
      }
      byte[] header = in.readNBytes((int) length);
      if (header.length < length) {
        throw new EOFException("it ends within its header");
      }
      if (header[0] != '{') {
        throw file.bad("its header does not begin with '{', and so is not JSON" + AGAIN);
      }
      return parsed(header);
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private JsonNode parsed(byte[] header) {
    try {
      return Json.readStrictly(header, JsonNode.class);
    } catch (IOException e) {
      throw file.bad("its header is not valid JSON: %s" + AGAIN, Json.problem(e));
    }
  }

  private void checkMetadata(JsonNode metadata) {
    boolean texts = metadata.isObject();
    for (JsonNode value : metadata) {
      texts &= value.isTextual();
    }
    if (!texts) {
      throw file.bad("its %s are not texts by name, as the form demands" + AGAIN, METADATA);
    }
  }

  private StoredTensor tensor(String name, JsonNode entry) {
    ElementType type =
        ElementType.named(entry.path("dtype").asText())
            .orElseThrow(
                () ->
                    file.bad(
                        "tensor '%s' has the unknown element type %s; save it as F32",
                        name, entry.path("dtype")));
    List<Long> shape = wholeNumbers(name, "shape", entry.path("shape"));
    List<Long> offsets = wholeNumbers(name, "data_offsets", entry.path("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1) || offsets.get(1) > bufferSize) {
      throw file.bad(
          "tensor '%s' has the offsets %s, and they must be two, in order, within the %d bytes after"
              + " the header"
              + AGAIN,
          name,
          offsets,
          bufferSize);
    }
    long bytes = offsets.get(1) - offsets.get(0);
    checkSize(name, type, shape, bytes);
    return new StoredTensor(
        name, type, shape, file.name(), Long.BYTES + length + offsets.get(0), bytes, false);
  }

  private List<Long> wholeNumbers(String name, String field, JsonNode array) {
    List<Long> numbers = new ArrayList<>();
    boolean whole = array.isArray();
    for (JsonNode number : array) {
      whole &= number.isIntegralNumber() && number.canConvertToLong() && number.asLong() >= 0;
      numbers.add(number.asLong());
    }
    if (!whole) {
      throw file.bad(
          "tensor '%s' has the %s %s, which are not whole numbers of at least 0" + AGAIN,
          name,
          field,
          array);
    }
    return numbers;
  }

  private void checkSize(String name, ElementType type, List<Long> shape, long bytes) {
    long bits = type.bits();
    try {
      for (long size : shape) {
        bits = Math.multiplyExact(bits, size);
      }
    } catch (ArithmeticException e) {
      throw file.bad(
          "tensor '%s' has the shape %s, whose size is beyond 64 bits" + AGAIN, name, shape);
    }
    if (bits % Byte.SIZE != 0 || bits / Byte.SIZE != bytes) {
      throw file.bad(
          "tensor '%s' of type %s and shape %s has %d bytes, and its offsets leave %d" + AGAIN,
          name,
          type,
          shape,
          bits / Byte.SIZE,
          bytes);
    }
  }

  private void checkCover(List<StoredTensor> tensors) {
    long end = Long.BYTES + length;
    String before = "the header";
    for (StoredTensor tensor : tensors) {
      if (tensor.position() != end) {
        throw file.bad(
            "%s between %s and tensor '%s', and tensors must follow each other" + AGAIN,
            tensor.position() > end ? "there is a hole" : "there is an overlap",
            before,
            tensor.name());
      }
      end += tensor.bytes();
      before = "tensor '" + tensor.name() + "'";
    }
    long rest = Long.BYTES + length + bufferSize - end;
    if (rest != 0) {
      throw file.bad("%d bytes follow %s and belong to no tensor" + AGAIN, rest, before);
    }
  }
}
