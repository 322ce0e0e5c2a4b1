package io.attune.neural.pretrained;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds what an ONNX file says of its computation and its constants; the constants' values stay in
 * the file. Field numbers are those of {@code onnx.proto3}.
 */
final class OnnxGraph {
  /** Describes one operation; {@code transB} is that attribute of a Gemm, else 0. */
  record Node(
      String name, String operation, List<String> inputs, List<String> outputs, long transB) {}

  /**
   * Describes one constant.
   *
   * @param type a value of TensorProto.DataType
   * @param position of its packed values; -1 if they are in none of the fields that are read
   * @param external whether its values are in another file
   */
  record Constant(
      String name, int type, List<Long> shape, long position, long bytes, boolean external) {}

  private static final int DATA_EXTERNAL = 1;

  private final List<Node> nodes = new ArrayList<>();
  private final List<Constant> constants = new ArrayList<>();
  private final ProtobufInput in;

  private OnnxGraph(ProtobufInput in) {
    this.in = in;
  }

  static OnnxGraph read(SourceFile file) {
    file.requireNoPointer();
    if (file.size() == 0) {
      throw file.bad("it is empty; take the encoder from its publisher again");
    }
    try (InputStream stream = new BufferedInputStream(file.open(), 1 << 16)) {
      OnnxGraph graph = new OnnxGraph(new ProtobufInput(stream, file.size()));
      graph.in.message(graph::readModel);
      return graph;
    } catch (FileNotFoundException e) {
      throw file.unreadable(e);
    } catch (IOException e) {
      throw file.bad(
          "it is not a complete ONNX file: %s; take the encoder from its publisher again",
          e.getMessage());
    }
  }

  List<Node> nodes() {
    return nodes;
  }

  List<Constant> constants() {
    return constants;
  }

  private void readModel(int field, int wireType) throws IOException {
    if (field == 7 && wireType == ProtobufInput.BYTES) {
      in.nested(this::readGraph);
    } else {
      in.skip(wireType);
    }
  }

  private void readGraph(int field, int wireType) throws IOException {
    if (field == 1 && wireType == ProtobufInput.BYTES) {
      nodes.add(new NodeReader().read());
    } else if (field == 5 && wireType == ProtobufInput.BYTES) {
      constants.add(new ConstantReader().read());
    } else {
      in.skip(wireType);
    }
  }

  /** Collects the fields of a NodeProto. */
  private final class NodeReader {
    private final List<String> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private String name = "";
    private String operation = "";
    private String attribute = "";
    private long number;
    private long transB;

    Node read() throws IOException {
      in.nested(this::field);
      return new Node(name, operation, inputs, outputs, transB);
    }

    private void field(int field, int wireType) throws IOException {
      if (wireType != ProtobufInput.BYTES) {
        in.skip(wireType);
        return;
      }
      switch (field) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 3 -> name = in.text();
        case 4 -> operation = in.text();
        case 5 -> {
          attribute = "";
          number = 0;
          in.nested(this::attributeField);
          transB = attribute.equals("transB") ? number : transB;
        }
        default -> in.skip(wireType);
      }
    }

    private void attributeField(int field, int wireType) throws IOException {
      if (field == 1 && wireType == ProtobufInput.BYTES) {
        attribute = in.text();
      } else if (field == 3 && wireType == ProtobufInput.VARINT) {
        number = in.varint();
      } else {
        in.skip(wireType);
      }
    }
  }

  /** Collects the fields of a TensorProto. */
  private final class ConstantReader {
    private final List<Long> shape = new ArrayList<>();
    private String name = "";
    private int type;
    private long position = -1;
    private long bytes;
    private boolean external;

    Constant read() throws IOException {
      in.nested(this::field);
      return new Constant(name, type, shape, position, bytes, external);
    }

    private void field(int field, int wireType) throws IOException {
      if (wireType == ProtobufInput.VARINT) {
        switch (field) {
          case 1 -> shape.add(in.varint());
          case 2 -> type = (int) in.varint();
          case 14 -> external = in.varint() == DATA_EXTERNAL;
          default -> in.skip(wireType);
        }
      } else if (wireType == ProtobufInput.BYTES) {
        switch (field) {
          case 1 -> in.varints(shape::add);
          case 4, 9 -> locate(); // float_data, raw_data
          case 8 -> name = in.text();
          default -> in.skip(wireType);
        }
      } else {
        in.skip(wireType);
      }
    }

    private void locate() throws IOException {
      long length = in.length();
      if (length > 0) {
        position = in.position();
        bytes = length;
        in.skipBytes(length);
      }
    }
  }
}
