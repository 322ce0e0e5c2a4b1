package io.attune.neural.export;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.export.EncoderClassifier.Head;
import io.attune.neural.pretrained.Safetensors;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a classifier with the tensors of Hugging Face's BERT.
 *
 * <p>One head over the first token is what {@code BertForSequenceClassification} computes, but for
 * its pooler, a dense layer and tanh in front of the head. The pooler that is written is the
 * identity times 2^-13, where tanh is the identity too, and the weights of the head have the
 * inverse factor: the results are the same. For every other pooling, and for several heads, the
 * class has no place, and the tensors have names that it does not read.
 */
public final class HuggingFaceForm {
  static final String PREFIX = "bert.";

  /**
   * Scales the vector into the range where tanh(x) = x (1 - x² / 3) is x: for a value of 20 the
   * error is 2e-6 of it. A power of two loses no bit of the weights.
   */
  private static final float POOLER_SCALE = 1f / (1 << 13);

  private static final String CLASSIFIER = "classifier";
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  private final EncoderClassifier classifier;

  public HuggingFaceForm(EncoderClassifier classifier) {
    this.classifier = classifier;
  }

  /** Returns whether {@code BertForSequenceClassification} computes the same. */
  public boolean isSequenceClassification() {
    return classifier.heads().size() == 1 && classifier.shape().pooling() == Pooling.FIRST;
  }

  /** Returns the name of a head's tensors, without {@code .weight} and {@code .bias}. */
  String tensor(Head head) {
    return isSequenceClassification() ? CLASSIFIER : "heads." + head.name();
  }

  /** Writes {@code model.safetensors}; the stream stays open. */
  public void writeWeights(OutputStream out) throws IOException {
    long width = classifier.shape().width();
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    if (classifier.hasLearnedPooling()) {
      tensors.add(
          tensor(
              PoolingTensors.DENSE + WEIGHT,
              List.of(width, width),
              transposed(classifier.pooling(EncoderLayout.POOLING + WEIGHT), (int) width)));
      tensors.add(
          tensor(
              PoolingTensors.DENSE + BIAS,
              List.of(width),
              classifier.pooling(EncoderLayout.POOLING + BIAS)));
      tensors.add(
          tensor(PoolingTensors.QUERY, List.of(width), classifier.pooling(EncoderLayout.QUERY)));
    }
    if (isSequenceClassification()) {
      tensors.add(
          tensor(
              PREFIX + "pooler.dense" + WEIGHT,
              List.of(width, width),
              identity((int) width, POOLER_SCALE)));
      tensors.add(tensor(PREFIX + "pooler.dense" + BIAS, List.of(width), new float[(int) width]));
    }
    float factor = isSequenceClassification() ? 1 / POOLER_SCALE : 1;
    for (Head head : classifier.heads()) {
      long classes = head.classes();
      tensors.add(
          tensor(tensor(head) + WEIGHT, List.of(classes, width), scaled(head.weight(), factor)));
      tensors.add(tensor(tensor(head) + BIAS, List.of(classes), head.bias()));
    }
    classifier.encoder().write(out, PREFIX, tensors);
  }

  private static Safetensors.Tensor tensor(String name, List<Long> shape, float[] values) {
    return new Safetensors.Tensor(name, shape, () -> values);
  }

  private static float[] identity(int width, float scale) {
    float[] values = new float[width * width];
    for (int i = 0; i < width; i++) {
      values[i * width + i] = scale;
    }
    return values;
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  private static float[] transposed(float[] values, int width) {
    float[] transposed = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      transposed[i % width * width + i / width] = values[i];
    }
    return transposed;
  }

  /**
   * Returns the small files beside the weights by name: {@code config.json} and, for a pooling that
   * sentence-transformers has, its files.
   *
   * @param maxTokens the longest text, special tokens included
   * @param padding id of the padding token; below 0 if there is none
   */
  public Map<String, byte[]> files(int maxTokens, int padding) {
    Map<String, byte[]> files = new LinkedHashMap<>(classifier.encoder().files());
    files.put("config.json", Json.pretty(config(maxTokens, padding)));
    return files;
  }

  private Map<String, Object> config(int maxTokens, int padding) {
    Map<String, Object> config = new LinkedHashMap<>(classifier.encoder().config());
    if (padding >= 0) {
      config.put("pad_token_id", padding);
    }
    if (isSequenceClassification()) {
      config.put("architectures", List.of("BertForSequenceClassification"));
    }
    if (classifier.heads().size() == 1) {
      Map<String, String> labels = new LinkedHashMap<>();
      Map<String, Integer> ids = new LinkedHashMap<>();
      List<String> classes = classifier.heads().get(0).labels().classes();
      for (int id = 0; id < classes.size(); id++) {
        labels.put(Integer.toString(id), classes.get(id));
        ids.put(classes.get(id), id);
      }
      config.put("id2label", labels);
      config.put("label2id", ids);
      config.put("problem_type", "single_label_classification");
    }
    config.put("attune", own(maxTokens));
    return config;
  }

  /** Returns what the fields of a BERT cannot say. */
  private Map<String, Object> own(int maxTokens) {
    List<Map<String, Object>> heads = new ArrayList<>();
    for (Head head : classifier.heads()) {
      Map<String, Object> described = new LinkedHashMap<>();
      described.put("name", head.name());
      described.put("classes", head.labels().classes());
      described.put("tensor", tensor(head));
      heads.add(described);
    }
    Map<String, Object> own = new LinkedHashMap<>();
    own.put("version", 1);
    own.put("pooling", classifier.shape().pooling().name().toLowerCase(Locale.ROOT));
    own.put("max_tokens", maxTokens);
    own.put("heads", heads);
    return own;
  }

  /** Names the tensors of the learned pooling, which BERT does not have. */
  static final class PoolingTensors {
    static final String DENSE = "attune.pooling.dense";
    static final String QUERY = "attune.pooling.query";

    private PoolingTensors() {}
  }
}
