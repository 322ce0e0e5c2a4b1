package io.attune.neural.pretrained;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes small ONNX files, field by field. */
final class OnnxWriter {
  static final int FLOAT = 1;
  static final int INT8 = 3;
  static final int FLOAT16 = 10;

  private final Message graph = new Message();

  /** Collects the fields of a message of Protocol Buffers. */
  static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.out.toByteArray());
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
        out.write((int) (rest & 0x7f) | 0x80);
      }
      out.write((int) rest);
    }
  }

  /** Returns the values little-endian. */
  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  OnnxWriter node(String operation, String name, List<String> inputs, String output) {
    return node(operation, name, inputs, output, 0);
  }

  OnnxWriter node(String operation, String name, List<String> inputs, String output, long transB) {
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, name).text(4, operation);
    node.message(5, new Message().text(1, "alpha").number(20, 1));
    if (transB != 0) {
      node.message(5, new Message().text(1, "transB").number(3, transB).number(20, 2));
    }
    graph.message(1, node);
    return this;
  }

  /** Adds a constant with its values in {@code raw_data}. */
  OnnxWriter constant(String name, int type, byte[] values, long... shape) {
    Message tensor = new Message();
    for (long size : shape) {
      tensor.number(1, size);
    }
    return add(tensor.number(2, type).text(8, name).bytes(9, values));
  }

  /** Adds a constant as it is. */
  OnnxWriter add(Message tensor) {
    graph.message(5, tensor);
    return this;
  }

  byte[] file() {
    return new Message()
        .number(1, 8)
        .text(2, "a test")
        .message(7, graph)
        .message(8, new Message().number(2, 11))
        .bytes();
  }
}
