package io.attune.neural.pretrained;

import io.attune.neural.pretrained.OnnxGraph.Constant;
import io.attune.neural.pretrained.OnnxGraph.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the tensors of an ONNX file under the names that they had in PyTorch. An export keeps the
 * names of most, but renames the weights of dense layers and stores them as {@code [in, out]}:
 * these take the name of the bias that is added to their product, or that of the operation.
 */
final class OnnxInitializers {
  static final String FILE = "model.onnx";

  /** Names the place where Hugging Face's folders have the file. */
  static final String NESTED_FILE = "onnx/model.onnx";

  private static final Set<String> QUANTIZED_OPERATIONS =
      Set.of(
          "MatMulInteger",
          "DynamicQuantizeLinear",
          "QuantizeLinear",
          "DequantizeLinear",
          "QLinearMatMul",
          "MatMulNBits");
  private static final Map<Integer, ElementType> TYPES =
      Map.of(1, ElementType.F32, 10, ElementType.F16, 16, ElementType.BF16);

  /** Lists the types UINT8 and INT8 of constants. */
  private static final Set<Integer> BYTES = Set.of(2, 3);

  private static final int DOUBLE = 11;
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  private final SourceFile file;
  private final OnnxGraph graph;
  private final Map<String, Constant> constants = new LinkedHashMap<>();
  private final Map<String, Node> sums = new HashMap<>();

  private OnnxInitializers(SourceFile file) {
    this.file = file;
    this.graph = OnnxGraph.read(file);
  }

  static Optional<SourceFile> in(EncoderFiles files) {
    for (String name : List.of(FILE, NESTED_FILE)) {
      SourceFile file = new SourceFile(files, name);
      if (file.exists()) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Returns the tensors of floats. */
  static Collection<StoredTensor> find(SourceFile file) {
    return new OnnxInitializers(file).find();
  }

  private Collection<StoredTensor> find() {
    refuseQuantized();
    refuseOther();
    for (Constant constant : graph.constants()) {
      constants.put(constant.name(), constant);
    }
    for (Node node : graph.nodes()) {
      if (node.operation().equals("Add")) {
        node.inputs().forEach(input -> sums.put(input, node));
      }
    }
    Map<String, StoredTensor> found = new LinkedHashMap<>();
    Map<String, Node> products = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (node.inputs().size() >= 2 && isProduct(node)) {
        products.putIfAbsent(node.inputs().get(1), node);
      }
    }
    for (Constant constant : constants.values()) {
      if (TYPES.containsKey(constant.type())) {
        Optional<Node> product = Optional.ofNullable(products.get(constant.name()));
        add(found, stored(constant, product));
      }
    }
    addRepeated(found);
    return found.values();
  }

  private static boolean isProduct(Node node) {
    return node.operation().equals("MatMul") || node.operation().equals("Gemm");
  }

  private void refuseQuantized() {
    for (Constant constant : graph.constants()) {
      if (constant.name().endsWith("_quantized") || constant.name().endsWith("_zero_point")) {
        throw quantized("constant '" + constant.name() + "'");
      }
      if (BYTES.contains(constant.type()) && constant.shape().size() > 1) {
        throw quantized("constant '" + constant.name() + "' of 8 bits");
      }
    }
    for (Node node : graph.nodes()) {
      if (QUANTIZED_OPERATIONS.contains(node.operation())) {
        throw quantized("operation " + node.operation());
      }
    }
  }

  private void refuseOther() {
    if (graph.nodes().isEmpty() && graph.constants().isEmpty()) {
      throw file.bad(
          "it has neither operations nor constants, and is no network; take the encoder from its"
              + " publisher again");
    }
    for (Constant constant : graph.constants()) {
      if (constant.type() == DOUBLE && constant.shape().size() > 1) {
        throw file.bad(
            "constant '%s' has elements of type F64, and parameters are read from F32, F16 and"
                + " BF16; export it with one of these",
            constant.name());
      }
    }
  }

  private RuntimeException quantized(String evidence) {
    return file.bad(
        "it is quantised to whole numbers (%s), which cannot be trained; take the file of floats of"
            + " the same encoder",
        evidence);
  }

  private StoredTensor stored(Constant constant, Optional<Node> product) {
    check(constant);
    boolean transposed =
        product.isPresent() && constant.shape().size() == 2 && product.get().transB() == 0;
    List<Long> shape =
        transposed ? List.of(constant.shape().get(1), constant.shape().get(0)) : constant.shape();
    String name = constant.name();
    if (product.isPresent() && !name.endsWith(WEIGHT)) {
      name = nameByUse(constant, product.get());
    }
    return new StoredTensor(
        name,
        TYPES.get(constant.type()),
        shape,
        file.name(),
        constant.position(),
        constant.bytes(),
        transposed);
  }

  private void check(Constant constant) {
    if (constant.external()) {
      throw file.bad(
          "the values of '%s' are in another file; convert the encoder to model.safetensors",
          constant.name());
    }
    long bytes = TYPES.get(constant.type()).bits() / Byte.SIZE;
    try {
      for (long size : constant.shape()) {
        bytes = size < 0 ? -1 : Math.multiplyExact(bytes, size);
      }
    } catch (ArithmeticException e) {
      bytes = -1;
    }
    if (bytes != constant.bytes() || (bytes > 0 && constant.position() < 0)) {
      throw file.bad(
          "constant '%s' of type %s and shape %s has %d bytes, which does not fit; take the encoder"
              + " from its publisher again",
          constant.name(), TYPES.get(constant.type()), constant.shape(), constant.bytes());
    }
  }

  /** Returns the name of a weight from the bias that is added to its product. */
  private String nameByUse(Constant weight, Node product) {
    List<String> candidates = new ArrayList<>();
    if (product.inputs().size() > 2) {
      candidates.add(product.inputs().get(2)); // the bias of a Gemm
    }
    for (String output : product.outputs()) {
      Node sum = sums.get(output);
      if (sum != null) {
        candidates.addAll(sum.inputs());
      }
    }
    for (String candidate : candidates) {
      if (constants.containsKey(candidate) && candidate.endsWith(BIAS)) {
        return candidate.substring(0, candidate.length() - BIAS.length()) + WEIGHT;
      }
    }
    return nameByPath(product).orElse(weight.name());
  }

  /** Returns the name from that of the operation, {@code /encoder/layer.0/.../query/MatMul}. */
  private static Optional<String> nameByPath(Node product) {
    String path = product.name();
    int last = path.lastIndexOf('/');
    if (!path.startsWith("/") || last <= 0) {
      return Optional.empty();
    }
    return Optional.of(path.substring(1, last).replace('/', '.') + WEIGHT);
  }

  /** Adds equal constants, of which an export keeps one and names the others by Identity. */
  private void addRepeated(Map<String, StoredTensor> found) {
    for (Node node : graph.nodes()) {
      if (node.operation().equals("Identity") && node.inputs().size() == 1) {
        StoredTensor tensor = found.get(node.inputs().get(0));
        for (String name : tensor == null ? List.<String>of() : node.outputs()) {
          add(
              found,
              new StoredTensor(
                  name,
                  tensor.type(),
                  tensor.shape(),
                  tensor.file(),
                  tensor.position(),
                  tensor.bytes(),
                  tensor.transposed()));
        }
      }
    }
  }

  private void add(Map<String, StoredTensor> found, StoredTensor tensor) {
    if (found.put(tensor.name(), tensor) != null) {
      throw file.bad(
          "two constants are the tensor '%s'; convert the encoder to model.safetensors",
          tensor.name());
    }
  }
}
