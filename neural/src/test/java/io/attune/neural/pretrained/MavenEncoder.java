package io.attune.neural.pretrained;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Provides one of the encoders on the class path of the tests: the ONNX file and the tokenizer of
 * its jar, and the configuration that its authors publish, which the jar lacks.
 */
record MavenEncoder(String name, String file, String config, String pooling)
    implements EncoderFiles {
  private static final String BERT =
      """
      {"model_type": "bert", "vocab_size": %d, "hidden_size": %d, "num_hidden_layers": %d,
       "num_attention_heads": %d, "intermediate_size": %d, "hidden_act": "gelu",
       "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
       "position_embedding_type": "absolute"}
      """;
  private static final String MEAN = "{\"pooling_mode_mean_tokens\": true}";
  private static final String FIRST = "{\"pooling_mode_cls_token\": true}";

  static final MavenEncoder MINILM =
      new MavenEncoder(
          "all-MiniLM-L6-v2", "all-minilm-l6-v2", BERT.formatted(30522, 384, 6, 12, 1536), MEAN);
  static final MavenEncoder BGE_EN =
      new MavenEncoder(
          "bge-small-en-v1.5",
          "bge-small-en-v1.5",
          BERT.formatted(30522, 384, 12, 12, 1536),
          FIRST);
  static final MavenEncoder E5 =
      new MavenEncoder(
          "e5-small-v2", "e5-small-v2", BERT.formatted(30522, 384, 12, 12, 1536), MEAN);
  static final MavenEncoder BGE_ZH =
      new MavenEncoder(
          "bge-small-zh-v1.5", "bge-small-zh-v1.5", BERT.formatted(21128, 512, 4, 8, 2048), FIRST);
  static final List<MavenEncoder> ALL = List.of(MINILM, BGE_EN, E5, BGE_ZH);

  /** Returns the files by the names that Hugging Face's folders have. */
  private Map<String, String> texts() {
    return Map.of("config.json", config, "1_Pooling/config.json", pooling);
  }

  private URL resource(String wanted) throws IOException {
    String resource = wanted.equals("model.onnx") ? file + ".onnx" : file + "-" + wanted;
    URL url = MavenEncoder.class.getResource("/" + resource);
    if (url == null) {
      throw new FileNotFoundException(resource + " on the class path");
    }
    return url;
  }

  @Override
  public String location() {
    return "the jar of " + name;
  }

  @Override
  public boolean exists(String wanted) {
    return texts().containsKey(wanted)
        || wanted.equals("model.onnx")
        || wanted.equals("tokenizer.json");
  }

  @Override
  public long size(String wanted) throws IOException {
    String text = texts().get(wanted);
    return text != null
        ? text.length()
        : ((JarURLConnection) resource(wanted).openConnection()).getJarEntry().getSize();
  }

  @Override
  public InputStream open(String wanted) throws IOException {
    String text = texts().get(wanted);
    return text != null
        ? new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))
        : resource(wanted).openStream();
  }

  @Override
  public String toString() {
    return name;
  }
}
