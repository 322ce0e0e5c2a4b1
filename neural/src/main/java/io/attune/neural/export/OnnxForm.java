package io.attune.neural.export;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.export.EncoderClassifier.Head;
import io.attune.neural.export.HuggingFaceForm.PoolingTensors;
import io.attune.neural.pretrained.Safetensors;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;

/**
 * Writes a classifier as an ONNX graph, for ONNX Runtime 1.12 and later.
 *
 * <p>Inputs: {@code input_ids}, {@code attention_mask} and {@code token_type_ids}, whole numbers
 * {@code [batch, sequence]} of any two sizes. Outputs: {@code probabilities_<head>} for each head,
 * {@code [batch, classes]}, and {@code logits} if there is one head. Rows begin with their first
 * token and are padded at their end.
 *
 * <p>Constants have the names of Hugging Face's tensors, weights of dense layers as {@code [in,
 * out]}.
 */
public final class OnnxForm {
  /** Is the first with layer normalisation as one operation. */
  private static final int OPSET = 17;

  /** Is the form of the file that opset 17 came with. */
  private static final int IR_VERSION = 8;

  /** Takes tokens out of a softmax: exp(-10000) is 0, and a half float can hold it. */
  private static final double MASKED = -10_000;

  /** Names the output that Hugging Face's Optimum reads, of a model with one head. */
  private static final String LOGITS = "logits";

  private static final String BATCH = "batch";
  private static final String SEQUENCE = "sequence";
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  private final EncoderClassifier classifier;
  private final EncoderShape shape;
  private final OnnxNodes nodes = new OnnxNodes("attune");

  private OnnxForm(EncoderClassifier classifier) {
    this.classifier = classifier;
    this.shape = classifier.shape();
  }

  /** Returns the name of a head's output. */
  public static String output(String head) {
    return "probabilities_" + head;
  }

  /** Writes {@code model.onnx}; the stream stays open. */
  public static void write(EncoderClassifier classifier, OutputStream out) throws IOException {
    new OnnxForm(classifier).model().writeTo(out);
  }

  private ModelProto model() {
    addConstants();
    String ids = nodes.input("input_ids", BATCH, SEQUENCE);
    String mask =
        nodes.add(
            "Cast",
            List.of(nodes.input("attention_mask", BATCH, SEQUENCE)),
            OnnxNodes.attribute("to", 1)); // float
    String types = nodes.input("token_type_ids", BATCH, SEQUENCE);
    String x = embedding(ids, types);
    String absent =
        nodes.add("Mul", List.of(nodes.add("Sub", List.of("one", mask)), "masked")); // [B, T]
    String bias = nodes.add("Unsqueeze", List.of(absent, "axes_1_2")); // [B, 1, 1, T]
    for (int block = 0; block < shape.blocks(); block++) {
      x = block(x, bias, HuggingFaceForm.PREFIX + "encoder.layer." + block + ".");
    }
    String pooled = pooled(x, mask, absent); // [B, W]
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("attune")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET));
    for (Head head : classifier.heads()) {
      String name = "heads." + head.name();
      String product = nodes.add("MatMul", List.of(pooled, name + WEIGHT));
      String logits = classifier.heads().size() == 1 ? LOGITS : "logits_" + head.name();
      nodes.named(logits, "Add", List.of(product, name + BIAS));
      nodes.named(output(head.name()), "Softmax", List.of(logits), OnnxNodes.attribute("axis", -1));
      nodes.output(output(head.name()), BATCH, head.classes());
      if (logits.equals(LOGITS)) {
        nodes.output(LOGITS, BATCH, head.classes());
      }
      model.addMetadataProps(
          StringStringEntryProto.newBuilder()
              .setKey("classes_" + head.name())
              .setValue(Json.line(head.labels().classes())));
    }
    return model.setGraph(nodes.build()).build();
  }

  /** Adds constants; those that no operation uses would make readers warn. */
  private void addConstants() {
    for (Safetensors.Tensor tensor : classifier.encoder().tensors(HuggingFaceForm.PREFIX)) {
      boolean isDense = tensor.shape().size() == 2 && !tensor.name().contains("_embeddings");
      add(tensor.name(), tensor.shape(), tensor.values().get(), isDense);
    }
    long width = shape.width();
    for (Head head : classifier.heads()) {
      long classes = head.classes();
      add("heads." + head.name() + WEIGHT, List.of(classes, width), head.weight(), true);
      add("heads." + head.name() + BIAS, List.of(classes), head.bias(), false);
    }
    if (classifier.hasLearnedPooling()) {
      nodes.floats(
          PoolingTensors.DENSE + WEIGHT,
          List.of(width, width),
          classifier.pooling(EncoderLayout.POOLING + WEIGHT));
      nodes.floats(
          PoolingTensors.DENSE + BIAS,
          List.of(width),
          classifier.pooling(EncoderLayout.POOLING + BIAS));
      nodes.floats(
          PoolingTensors.QUERY, List.of(width, 1L), classifier.pooling(EncoderLayout.QUERY));
    }
    nodes.scalar("one", 1);
    if (shape.activation() == FeedForwardActivation.GELU) {
      nodes.scalar("half", 0.5);
      nodes.scalar("root_2", Math.sqrt(2));
    }
    nodes.scalar("masked", MASKED);
    nodes.scalar("attention_scale", 1 / Math.sqrt(shape.headWidth()));
    if (shape.pooling() == Pooling.FIRST) {
      nodes.integers("index_0", List.of(), 0);
    }
    nodes.integers("axes_0", List.of(1L), 0);
    nodes.integers("axes_1", List.of(1L), 1);
    nodes.integers("axes_2", List.of(1L), 2);
    nodes.integers("axes_1_2", List.of(2L), 1, 2);
    nodes.integers("by_head", List.of(4L), 0, 0, shape.heads(), shape.headWidth());
    nodes.integers("joined", List.of(3L), 0, 0, width);
  }

  /**
   * Adds a constant.
   *
   * @param isDense whether to store the transpose
   */
  private void add(String name, List<Long> size, float[] values, boolean isDense) {
    if (!isDense) {
      nodes.floats(name, size, values);
      return;
    }
    int out = Math.toIntExact(size.get(0));
    int in = Math.toIntExact(size.get(1));
    float[] transposed = new float[values.length];
    for (int row = 0; row < out; row++) {
      for (int column = 0; column < in; column++) {
        transposed[column * out + row] = values[row * in + column];
      }
    }
    nodes.floats(name, List.of((long) in, (long) out), transposed);
  }

  /** Returns the normed sum of the vectors of tokens, types and positions. */
  private String embedding(String ids, String types) {
    String embeddings = HuggingFaceForm.PREFIX + "embeddings.";
    String words = gather(embeddings + "word_embeddings" + WEIGHT, ids);
    String ofTypes = gather(embeddings + "token_type_embeddings" + WEIGHT, types);
    String size = nodes.add("Shape", List.of(ids));
    String time = nodes.add("Slice", List.of(size, "axes_1", "axes_2", "axes_0")); // [1]
    String positions =
        nodes.add(
            "Slice",
            List.of(
                embeddings + "position_embeddings" + WEIGHT, "axes_0", time, "axes_0")); // [T, W]
    String sum = nodes.add("Add", List.of(words, ofTypes));
    return norm(nodes.add("Add", List.of(sum, positions)), embeddings + "LayerNorm");
  }

  private String gather(String table, String indices) {
    return nodes.add("Gather", List.of(table, indices), OnnxNodes.attribute("axis", 0));
  }

  private String block(String x, String bias, String name) {
    String query = split(dense(x, name + "attention.self.query"), 0, 2, 1, 3); // [B, H, T, D]
    String key = split(dense(x, name + "attention.self.key"), 0, 2, 3, 1); // [B, H, D, T]
    String value = split(dense(x, name + "attention.self.value"), 0, 2, 1, 3); // [B, H, T, D]
    String scores = nodes.add("MatMul", List.of(query, key));
    String scaled = nodes.add("Mul", List.of(scores, "attention_scale"));
    String masked = nodes.add("Add", List.of(scaled, bias));
    String weights = nodes.add("Softmax", List.of(masked), OnnxNodes.attribute("axis", -1));
    String mixed = nodes.add("MatMul", List.of(weights, value)); // [B, H, T, D]
    String byToken =
        nodes.add(
            "Transpose", List.of(mixed), OnnxNodes.attribute("perm", List.of(0L, 2L, 1L, 3L)));
    String joined = nodes.add("Reshape", List.of(byToken, "joined")); // [B, T, W]
    String attended = dense(joined, name + "attention.output.dense");
    String y = norm(nodes.add("Add", List.of(attended, x)), name + "attention.output.LayerNorm");
    String inner = activated(dense(y, name + "intermediate.dense"));
    String outer = dense(inner, name + "output.dense");
    return norm(nodes.add("Add", List.of(outer, y)), name + "output.LayerNorm");
  }

  private String dense(String x, String name) {
    String product = nodes.add("MatMul", List.of(x, name + WEIGHT));
    return nodes.add("Add", List.of(product, name + BIAS));
  }

  private String split(String x, long... order) {
    String byHead = nodes.add("Reshape", List.of(x, "by_head")); // [B, T, H, D]
    List<Long> axes = Arrays.stream(order).boxed().toList();
    return nodes.add("Transpose", List.of(byHead), OnnxNodes.attribute("perm", axes));
  }

  private String norm(String x, String name) {
    return nodes.add(
        "LayerNormalization",
        List.of(x, name + WEIGHT, name + BIAS),
        OnnxNodes.attribute("axis", -1),
        OnnxNodes.attribute("epsilon", (float) shape.normEpsilon()));
  }

  /** Returns the activation; GELU is x Φ(x) = x (1 + erf(x / √2)) / 2. */
  private String activated(String x) {
    if (shape.activation() == FeedForwardActivation.RELU) {
      return nodes.add("Relu", List.of(x));
    }
    String erf = nodes.add("Erf", List.of(nodes.add("Div", List.of(x, "root_2"))));
    String twice = nodes.add("Mul", List.of(x, nodes.add("Add", List.of(erf, "one"))));
    return nodes.add("Mul", List.of(twice, "half"));
  }

  /**
   * Returns one vector for each row.
   *
   * @param mask 1 for tokens and 0 for padding
   * @param absent 0 for tokens and a large negative number for padding
   */
  private String pooled(String x, String mask, String absent) {
    return switch (shape.pooling()) {
      case FIRST -> nodes.add("Gather", List.of(x, "index_0"), OnnxNodes.attribute("axis", 1));
      case MEAN -> {
        String sum = sum(nodes.add("Mul", List.of(x, column(mask))));
        String count = nodes.add("Max", List.of(sum(column(mask)), "one")); // [B, 1]
        yield nodes.add("Div", List.of(sum, count));
      }
      case ATTENTION -> {
        String hidden = nodes.add("Tanh", List.of(dense(x, PoolingTensors.DENSE)));
        String scores = nodes.add("MatMul", List.of(hidden, PoolingTensors.QUERY)); // [B, T, 1]
        String masked = nodes.add("Add", List.of(scores, column(absent)));
        String weights = nodes.add("Softmax", List.of(masked), OnnxNodes.attribute("axis", 1));
        yield sum(nodes.add("Mul", List.of(x, weights)));
      }
    };
  }

  /** Returns {@code [batch, sequence]} as {@code [batch, sequence, 1]}. */
  private String column(String values) {
    return nodes.add("Unsqueeze", List.of(values, "axes_2"));
  }

  /** Returns the sum over the tokens. */
  private String sum(String values) {
    return nodes.add("ReduceSum", List.of(values, "axes_1"), OnnxNodes.attribute("keepdims", 0));
  }
}
