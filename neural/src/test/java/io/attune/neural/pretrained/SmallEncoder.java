package io.attune.neural.pretrained;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes a small random encoder of one architecture, as its own library would save it, and computes
 * it in plain loops from its tensors: {@code y = x Wᵀ + b}, in double precision.
 */
final class SmallEncoder {
  static final int VOCABULARY = 13;
  static final int WIDTH = 8;
  static final int HEADS = 2;
  static final int FEED_FORWARD = 12;
  static final int BLOCKS = 3;
  static final int POSITIONS = 10;

  /** Lists the tensors of a block, and what DistilBERT calls each. */
  private static final Map<String, String> DISTILBERT =
      Map.of(
          "attention.self.query", "attention.q_lin",
          "attention.self.key", "attention.k_lin",
          "attention.self.value", "attention.v_lin",
          "attention.output.dense", "attention.out_lin",
          "attention.output.LayerNorm", "sa_layer_norm",
          "intermediate.dense", "ffn.lin1",
          "output.dense", "ffn.lin2",
          "output.LayerNorm", "output_layer_norm");

  private final String modelType;
  private final double epsilon;
  private final Map<String, float[]> tensors = new LinkedHashMap<>();
  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
  private final Random random;

  SmallEncoder(String modelType, double epsilon, long seed) {
    this.modelType = modelType;
    this.epsilon = epsilon;
    this.random = new Random(seed);
    add("embeddings.word_embeddings.weight", VOCABULARY, WIDTH);
    add("embeddings.position_embeddings.weight", POSITIONS + offset(), WIDTH);
    if (types() > 0) {
      add("embeddings.token_type_embeddings.weight", types(), WIDTH);
    }
    addNorm("embeddings.LayerNorm");
    for (int block = 0; block < BLOCKS; block++) {
      for (String dense : List.of("query", "key", "value")) {
        addDense(name(block, "attention.self." + dense), WIDTH, WIDTH);
      }
      addDense(name(block, "attention.output.dense"), WIDTH, WIDTH);
      addNorm(name(block, "attention.output.LayerNorm"));
      addDense(name(block, "intermediate.dense"), FEED_FORWARD, WIDTH);
      addDense(name(block, "output.dense"), WIDTH, FEED_FORWARD);
      addNorm(name(block, "output.LayerNorm"));
    }
  }

  private boolean distils() {
    return modelType.equals("distilbert");
  }

  /** Returns the row of the first position: RoBERTa counts from the padding token's id. */
  private int offset() {
    return modelType.endsWith("roberta") ? 2 : 0;
  }

  private int types() {
    return distils() ? 0 : offset() > 0 ? 1 : 2;
  }

  private String name(int block, String tensor) {
    return distils()
        ? "transformer.layer." + block + "." + DISTILBERT.get(tensor)
        : "encoder.layer." + block + "." + tensor;
  }

  private void add(String name, long... shape) {
    long size = 1;
    for (long length : shape) {
      size *= length;
    }
    float[] values = new float[(int) size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.5 * random.nextGaussian());
    }
    tensors.put(name, values);
    shapes.put(name, java.util.Arrays.stream(shape).boxed().toList());
  }

  private void addDense(String name, int out, int in) {
    add(name + ".weight", out, in);
    add(name + ".bias", out);
  }

  private void addNorm(String name) {
    add(name + ".weight", WIDTH);
    add(name + ".bias", WIDTH);
  }

  Map<String, float[]> tensors() {
    return tensors;
  }

  Map<String, List<Long>> shapes() {
    return shapes;
  }

  /** Returns the configuration with the names of the architecture, and more fields. */
  String config(String more) {
    String sizes =
        distils()
            ? "\"dim\": %d, \"n_heads\": %d, \"hidden_dim\": %d, \"n_layers\": %d"
            : "\"hidden_size\": %d, \"num_attention_heads\": %d, \"intermediate_size\": %d,"
                + " \"num_hidden_layers\": %d";
    return "{\"model_type\": \"%s\", \"vocab_size\": %d, \"max_position_embeddings\": %d, %s%s%s}"
        .formatted(
            modelType,
            VOCABULARY,
            POSITIONS + offset(),
            sizes.formatted(WIDTH, HEADS, FEED_FORWARD, BLOCKS),
            types() == 1 ? ", \"type_vocab_size\": 1, \"pad_token_id\": 1" : "",
            more);
  }

  /** Returns the folder with configuration and weights. */
  MemoryFiles files() throws IOException {
    return files("", tensors, shapes);
  }

  /** Returns the folder with other tensors. */
  MemoryFiles files(String prefix, Map<String, float[]> values, Map<String, List<Long>> sizes)
      throws IOException {
    Map<String, float[]> named = new LinkedHashMap<>();
    Map<String, List<Long>> namedSizes = new LinkedHashMap<>();
    values.forEach((name, value) -> named.put(prefix + name, value));
    sizes.forEach((name, size) -> namedSizes.put(prefix + name, size));
    return new MemoryFiles()
        .with("config.json", config(""))
        .with("model.safetensors", SafetensorsTest.written(named, namedSizes));
  }

  /** Returns the vectors of the last layer for one text, {@code [tokens * width]}. */
  float[] lastHiddenState(int[] ids) {
    double[][] x = new double[ids.length][WIDTH];
    for (int token = 0; token < ids.length; token++) {
      for (int i = 0; i < WIDTH; i++) {
        x[token][i] =
            tensors.get("embeddings.word_embeddings.weight")[ids[token] * WIDTH + i]
                + tensors
                    .get("embeddings.position_embeddings.weight")[(token + offset()) * WIDTH + i];
        if (types() > 0) {
          x[token][i] += tensors.get("embeddings.token_type_embeddings.weight")[i];
        }
      }
    }
    x = normed(x, "embeddings.LayerNorm");
    for (int block = 0; block < BLOCKS; block++) {
      double[][] mixed = dense(attended(x, block), name(block, "attention.output.dense"));
      x = normed(sum(x, mixed), name(block, "attention.output.LayerNorm"));
      double[][] inner = dense(x, name(block, "intermediate.dense"));
      for (double[] row : inner) {
        for (int i = 0; i < row.length; i++) {
          row[i] = row[i] * (1 + erf(row[i] / Math.sqrt(2))) / 2;
        }
      }
      double[][] outer = dense(inner, name(block, "output.dense"));
      x = normed(sum(x, outer), name(block, "output.LayerNorm"));
    }
    float[] flat = new float[ids.length * WIDTH];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) x[i / WIDTH][i % WIDTH];
    }
    return flat;
  }

  private double[][] attended(double[][] x, int block) {
    double[][] queries = dense(x, name(block, "attention.self.query"));
    double[][] keys = dense(x, name(block, "attention.self.key"));
    double[][] values = dense(x, name(block, "attention.self.value"));
    double[][] mixed = new double[x.length][WIDTH];
    int size = WIDTH / HEADS;
    for (int head = 0; head < HEADS; head++) {
      for (int token = 0; token < x.length; token++) {
        double[] weights = new double[x.length];
        double total = 0;
        for (int other = 0; other < x.length; other++) {
          double score = 0;
          for (int i = head * size; i < (head + 1) * size; i++) {
            score += queries[token][i] * keys[other][i];
          }
          weights[other] = Math.exp(score / Math.sqrt(size));
          total += weights[other];
        }
        for (int other = 0; other < x.length; other++) {
          for (int i = head * size; i < (head + 1) * size; i++) {
            mixed[token][i] += weights[other] / total * values[other][i];
          }
        }
      }
    }
    return mixed;
  }

  private double[][] dense(double[][] x, String name) {
    float[] weight = tensors.get(name + ".weight");
    float[] bias = tensors.get(name + ".bias");
    double[][] y = new double[x.length][bias.length];
    for (int token = 0; token < x.length; token++) {
      for (int out = 0; out < bias.length; out++) {
        y[token][out] = bias[out];
        for (int in = 0; in < x[token].length; in++) {
          y[token][out] += x[token][in] * weight[out * x[token].length + in];
        }
      }
    }
    return y;
  }

  private double[][] normed(double[][] x, String name) {
    double[][] y = new double[x.length][WIDTH];
    for (int token = 0; token < x.length; token++) {
      double mean = 0;
      double square = 0;
      for (double value : x[token]) {
        mean += value / WIDTH;
      }
      for (double value : x[token]) {
        square += (value - mean) * (value - mean) / WIDTH;
      }
      for (int i = 0; i < WIDTH; i++) {
        y[token][i] =
            (x[token][i] - mean) / Math.sqrt(square + epsilon) * tensors.get(name + ".weight")[i]
                + tensors.get(name + ".bias")[i];
      }
    }
    return y;
  }

  private static double[][] sum(double[][] a, double[][] b) {
    double[][] sum = new double[a.length][WIDTH];
    for (int token = 0; token < a.length; token++) {
      for (int i = 0; i < WIDTH; i++) {
        sum[token][i] = a[token][i] + b[token][i];
      }
    }
    return sum;
  }

  /** Returns the error function by its series, exact to double precision for small arguments. */
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }
}
