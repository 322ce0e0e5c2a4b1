package io.attune.neural.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** Collects the operations and constants of an ONNX graph; every value has a name of its own. */
final class OnnxNodes {
  private final GraphProto.Builder graph;
  private int values;

  OnnxNodes(String name) {
    graph = GraphProto.newBuilder().setName(name);
  }

  /** Returns the graph with all that was added. */
  GraphProto build() {
    return graph.build();
  }

  /** Adds an input or an output: {@code sizes} are numbers, or names of what may vary. */
  private static ValueInfoProto value(String name, TensorProto.DataType type, Object... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object size : sizes) {
      TensorShapeProto.Dimension.Builder dimension = shape.addDimBuilder();
      if (size instanceof Integer number) {
        dimension.setDimValue(number);
      } else {
        dimension.setDimParam((String) size);
      }
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Adds an input of whole numbers and returns its name. */
  String input(String name, Object... sizes) {
    graph.addInput(value(name, TensorProto.DataType.INT64, sizes));
    return name;
  }

  /** Declares a value that {@link #named} computes as an output of floats. */
  void output(String name, Object... sizes) {
    graph.addOutput(value(name, TensorProto.DataType.FLOAT, sizes));
  }

  /** Adds a constant of floats by rows and returns its name. */
  String floats(String name, List<Long> shape, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return constant(name, TensorProto.DataType.FLOAT, shape, bytes);
  }

  /** Adds a constant without dimensions and returns its name. */
  String scalar(String name, double value) {
    return floats(name, List.of(), (float) value);
  }

  /** Adds a constant of whole numbers and returns its name. */
  String integers(String name, List<Long> shape, long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant(name, TensorProto.DataType.INT64, shape, bytes);
  }

  private String constant(
      String name, TensorProto.DataType type, List<Long> shape, ByteBuffer bytes) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .addAllDims(shape)
            .setRawData(UnsafeByteOperations.unsafeWrap(bytes)));
    return name;
  }

  /** Adds an operation and returns the name of its result. */
  String add(String operation, List<String> inputs, AttributeProto... attributes) {
    String output = operation + "_" + values++;
    named(output, operation, inputs, attributes);
    return output;
  }

  /** Adds an operation whose result has a given name. */
  void named(String output, String operation, List<String> inputs, AttributeProto... attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operation)
            .setName(output)
            .addAllInput(inputs)
            .addOutput(output);
    List.of(attributes).forEach(node::addAttribute);
    graph.addNode(node);
  }

  static AttributeProto attribute(String name, long value) {
    return attribute(name, to -> to.setType(AttributeProto.AttributeType.INT).setI(value));
  }

  static AttributeProto attribute(String name, float value) {
    return attribute(name, to -> to.setType(AttributeProto.AttributeType.FLOAT).setF(value));
  }

  static AttributeProto attribute(String name, List<Long> values) {
    return attribute(name, to -> to.setType(AttributeProto.AttributeType.INTS).addAllInts(values));
  }

  private static AttributeProto attribute(String name, Consumer<AttributeProto.Builder> value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    value.accept(attribute);
    return attribute.build();
  }
}
