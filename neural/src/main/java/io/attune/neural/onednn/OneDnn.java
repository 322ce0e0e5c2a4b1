package io.attune.neural.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;

/**
 * Makes operations and keeps them: each is compiled for its shapes, which takes about a
 * millisecond. For one thread at a time.
 */
public final class OneDnn {
  /**
   * Holds the number of operations kept; a product of many small matrices takes up to 1 MB of code.
   */
  private static final int KEPT = 384;

  /** Holds the rows of the product that decides how a right operand is packed. */
  private static final int PACKED_FOR_ROWS = 256;

  /**
   * Describes a conversion.
   *
   * @param to null for the packed form of a right operand
   */
  private record Conversion(int rows, int columns, Operand from, Operand to) {}

  private record Gelu(int rows, int columns, Type type, boolean backward) {}

  /**
   * Describes a packed right operand.
   *
   * @param type {@link Type#BFLOAT16}, or {@link Type#INT8} for left operands of {@link Type#UINT8}
   */
  private record Packing(int inner, int columns, Type type) {
    static Packing of(Product product) {
      Type left = product.left().type();
      return new Packing(product.inner(), product.columns(), left == Type.UINT8 ? Type.INT8 : left);
    }

    Type left() {
      return type == Type.INT8 ? Type.UINT8 : type;
    }

    Type result() {
      return type == Type.INT8 ? Type.INT32 : Type.FLOAT32;
    }
  }

  private final engine processor = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
  private final stream order = new stream(processor);
  private final Map<Packing, memory.desc> packings = new HashMap<>();
  private final Map<Object, Operation> operations =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Operation> eldest) {
          if (size() <= KEPT) {
            return false;
          }
          eldest.getValue().close();
          return true;
        }
      };

  /** Returns whether the library is on the class path and runs on this machine. */
  public static boolean isAvailable() {
    return Availability.LOADED;
  }

  /** Returns whether this processor multiplies bfloat16 faster than floats. */
  public static boolean hasFastBfloat16() {
    return isAvailable() && Availability.INSTRUCTIONS.matches(".*(bf16|amx|fp16|avx10).*");
  }

  /** Returns whether this processor multiplies 8-bit integers faster than floats, and exactly. */
  public static boolean hasFastInt8() {
    return isAvailable() && Availability.INSTRUCTIONS.matches(".*(vnni|bf16|amx|fp16|avx10).*");
  }

  /** Returns the newest instructions that the library uses here, as it names them. */
  public static String instructions() {
    return Availability.INSTRUCTIONS;
  }

  /** Loads the library once. */
  private static final class Availability {
    static final boolean LOADED;
    static final String INSTRUCTIONS;

    static {
      String found = "";
      try {
        found = dnnl.get_effective_cpu_isa().toString();
        dnnl.set_primitive_cache_capacity(0); // The operations are kept here.
      } catch (LinkageError | RuntimeException e) {
        found = "";
      }
      INSTRUCTIONS = found;
      LOADED = !found.isEmpty();
    }
  }

  private Operation kept(Object key, Supplier<Operation> maker) {
    Operation operation = operations.get(key);
    if (operation == null) {
      operation = maker.get();
      operations.put(key, operation);
    }
    return operation;
  }

  /** Returns an operation on: left, right, result, [bias], [matrix to add]. */
  public Operation product(Product product) {
    return kept(product, () -> make(product));
  }

  private Operation make(Product product) {
    memory.desc left = layout(product.left(), product.count(), product.rows(), product.inner());
    memory.desc right =
        product.right() == null
            ? packing(Packing.of(product))
            : layout(product.right(), product.count(), product.inner(), product.columns());
    memory.desc result =
        layout(product.result(), product.count(), product.rows(), product.columns());
    List<Operation.Argument> arguments = new ArrayList<>();
    arguments.add(new Operation.Argument(dnnl.DNNL_ARG_SRC, left));
    arguments.add(new Operation.Argument(dnnl.DNNL_ARG_WEIGHTS, right));
    arguments.add(new Operation.Argument(dnnl.DNNL_ARG_DST, result));
    primitive_attr attributes = attributes(product, result);
    matmul.primitive_desc description;
    if (product.bias()) {
      memory.desc bias =
          new memory.desc(
              new long[] {1, product.columns()}, memory.data_type.f32, memory.format_tag.ab);
      arguments.add(new Operation.Argument(dnnl.DNNL_ARG_BIAS, bias));
      description =
          new matmul.primitive_desc(processor, left, right, bias, result, attributes, false);
    } else {
      description = new matmul.primitive_desc(processor, left, right, result, attributes, false);
    }
    if (product.after() == Product.After.ADD) {
      arguments.add(
          new Operation.Argument(
              dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | dnnl.DNNL_ARG_SRC_1, result));
    }
    return new Operation(new matmul(description), processor, order, arguments);
  }

  private static primitive_attr attributes(Product product, memory.desc result) {
    primitive_attr attributes = new primitive_attr();
    post_ops after = new post_ops();
    if (product.factor() != 1) {
      after.append_eltwise(dnnl.algorithm.eltwise_linear, product.factor(), 0);
    }
    switch (product.after()) {
      case NOTHING -> {}
      case ACCUMULATE -> after.append_sum();
      case ADD -> after.append_binary(dnnl.algorithm.binary_add, result);
      case GELU -> after.append_eltwise(dnnl.algorithm.eltwise_gelu_erf, 0, 0);
    }
    attributes.set_post_ops(after);
    return attributes;
  }

  private static memory.desc layout(Operand operand, int count, int rows, int columns) {
    long[] sizes = {count, rows, columns};
    long[] strides = {operand.matrixStride(), operand.rowStride(), operand.columnStride()};
    return count == 1
        ? new memory.desc(
            new long[] {rows, columns},
            operand.type().code,
            new long[] {operand.rowStride(), operand.columnStride()})
        : new memory.desc(sizes, operand.type().code, strides);
  }

  private memory.desc packing(Packing given) {
    return packings.computeIfAbsent(
        given,
        shape -> {
          int inner = shape.inner();
          int columns = shape.columns();
          memory.desc any =
              new memory.desc(
                  new long[] {inner, columns}, shape.type().code, memory.format_tag.any);
          return new matmul.primitive_desc(
                  processor,
                  layout(Operand.byRows(shape.left(), inner), 1, PACKED_FOR_ROWS, inner),
                  any,
                  layout(Operand.byRows(shape.result(), columns), 1, PACKED_FOR_ROWS, columns))
              .weights_desc();
        });
  }

  /**
   * Returns the size of a packed right operand.
   *
   * @param type bfloat16 or 8-bit integers
   */
  public long packedBytes(int inner, int columns, Type type) {
    return packing(new Packing(inner, columns, type)).get_size();
  }

  /**
   * Returns an operation on: a matrix {@code [inner, columns]}, its packed form in 8-bit integers
   * if it is of these, in bfloat16 otherwise.
   */
  public Operation pack(int inner, int columns, Operand from) {
    Type type = from.type() == Type.INT8 ? Type.INT8 : Type.BFLOAT16;
    return kept(
        new Conversion(inner, columns, from, null),
        () -> reorder(layout(from, 1, inner, columns), packing(new Packing(inner, columns, type))));
  }

  /** Returns an operation on: a matrix, the same in another layout or type. */
  public Operation convert(int rows, int columns, Operand from, Operand to) {
    return kept(
        new Conversion(rows, columns, from, to),
        () -> reorder(layout(from, 1, rows, columns), layout(to, 1, rows, columns)));
  }

  private Operation reorder(memory.desc from, memory.desc to) {
    return new Operation(
        new reorder(new reorder.primitive_desc(processor, from, processor, to)),
        processor,
        order,
        List.of(
            new Operation.Argument(dnnl.DNNL_ARG_FROM, from),
            new Operation.Argument(dnnl.DNNL_ARG_TO, to)));
  }

  /** Returns an operation on: a contiguous matrix, its GELU. */
  public Operation gelu(int rows, int columns, Type type) {
    return kept(
        new Gelu(rows, columns, type, false),
        () -> {
          memory.desc layout = layout(Operand.byRows(type, columns), 1, rows, columns);
          return new Operation(
              new eltwise_forward(forward(layout)),
              processor,
              order,
              List.of(
                  new Operation.Argument(dnnl.DNNL_ARG_SRC, layout),
                  new Operation.Argument(dnnl.DNNL_ARG_DST, layout)));
        });
  }

  private eltwise_forward.primitive_desc forward(memory.desc layout) {
    return new eltwise_forward.primitive_desc(
        processor,
        dnnl.prop_kind.forward_training,
        dnnl.algorithm.eltwise_gelu_erf,
        layout,
        layout,
        0f);
  }

  /**
   * Returns an operation on: a contiguous matrix, the gradient with respect to its GELU, the
   * gradient with respect to the matrix.
   */
  public Operation geluBackward(int rows, int columns, Type type) {
    return kept(
        new Gelu(rows, columns, type, true),
        () -> {
          memory.desc layout = layout(Operand.byRows(type, columns), 1, rows, columns);
          return new Operation(
              new eltwise_backward(
                  new eltwise_backward.primitive_desc(
                      processor,
                      dnnl.algorithm.eltwise_gelu_erf,
                      layout,
                      layout,
                      layout,
                      0f,
                      forward(layout))),
              processor,
              order,
              List.of(
                  new Operation.Argument(dnnl.DNNL_ARG_SRC, layout),
                  new Operation.Argument(dnnl.DNNL_ARG_DIFF_DST, layout),
                  new Operation.Argument(dnnl.DNNL_ARG_DIFF_SRC, layout)));
        });
  }
}
