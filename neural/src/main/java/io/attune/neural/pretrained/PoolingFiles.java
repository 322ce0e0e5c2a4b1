package io.attune.neural.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import io.attune.neural.encoder.Pooling;
import io.attune.schemas.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes the files in which sentence-transformers says how token vectors become one. */
final class PoolingFiles {
  private static final String MODULES = "modules.json";
  private static final String POOLING = "1_Pooling/config.json";
  private static final String SENTENCE = "sentence_bert_config.json";
  private static final String MODE = "pooling_mode";
  private static final Map<String, Pooling> MODES =
      Map.of(
          "pooling_mode_cls_token", Pooling.FIRST,
          "pooling_mode_mean_tokens", Pooling.MEAN,
          "cls", Pooling.FIRST,
          "mean", Pooling.MEAN);

  private PoolingFiles() {}

  /** Returns the pooling of an encoder: the mean where no file says otherwise. */
  static Pooling read(EncoderFiles files) {
    SourceFile file = new SourceFile(files, place(files));
    return file.exists() ? pooling(file) : Pooling.MEAN;
  }

  /** Returns the limit of tokens that the files give, or {@code limit} if it is lower. */
  static int maxTokens(EncoderFiles files, int limit) {
    SourceFile file = new SourceFile(files, SENTENCE);
    JsonNode length = file.exists() ? file.json().path("max_seq_length") : null;
    if (length == null || length.isMissingNode() || length.isNull()) {
      return limit;
    }
    if (!length.isIntegralNumber() || !length.canConvertToLong() || length.asLong() < 1) {
      throw file.bad(
          "max_seq_length is %s, not a whole number of at least 1; correct or delete it", length);
    }
    return (int) Math.min(length.asLong(), limit);
  }

  /** Returns the contents of the files by name. */
  static Map<String, byte[]> written(Pooling pooling, int width) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("word_embedding_dimension", width);
    config.put("pooling_mode_cls_token", pooling == Pooling.FIRST);
    config.put("pooling_mode_mean_tokens", pooling == Pooling.MEAN);
    config.put("pooling_mode_max_tokens", false);
    config.put("pooling_mode_mean_sqrt_len_tokens", false);
    return Map.of(
        MODULES,
        Json.pretty(List.of(module(0, "", "Transformer"), module(1, "1_Pooling", "Pooling"))),
        POOLING,
        Json.pretty(config));
  }

  private static Map<String, Object> module(int index, String path, String type) {
    return Map.of(
        "idx",
        index,
        "name",
        Integer.toString(index),
        "path",
        path,
        "type",
        "sentence_transformers.models." + type);
  }

  /** Returns the name of the file with the pooling, which the list of modules may give. */
  private static String place(EncoderFiles files) {
    SourceFile modules = new SourceFile(files, MODULES);
    if (!modules.exists()) {
      return POOLING;
    }
    for (JsonNode module : modules.json()) {
      if (module.path("type").asText().endsWith(".Pooling")) {
        String path = module.path("path").asText();
        if (!path.matches("\\w+")) {
          throw modules.bad("'%s' is not the name of a folder beside it; correct it", path);
        }
        return path + "/config.json";
      }
    }
    return POOLING;
  }

  private static Pooling pooling(SourceFile file) {
    if (!file.json().isObject()) {
      throw file.bad("it is not a JSON object; correct it, or delete it to take the mean");
    }
    List<String> modes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : file.json().properties()) {
      if (entry.getKey().equals(MODE)) {
        modes.add(entry.getValue().asText());
      } else if (entry.getKey().startsWith(MODE) && entry.getValue().asBoolean()) {
        modes.add(entry.getKey());
      }
    }
    List<Pooling> known = modes.stream().map(MODES::get).distinct().toList();
    if (modes.isEmpty()) {
      return Pooling.MEAN;
    }
    if (known.size() != 1 || known.contains(null)) {
      throw file.bad(
          "the pooling %s is not supported: Attune has the mean and the first token (cls), one of"
              + " them; delete the file to take the mean",
          modes);
    }
    return known.get(0);
  }
}
