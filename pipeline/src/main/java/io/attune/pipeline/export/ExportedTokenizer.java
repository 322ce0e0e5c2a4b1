package io.attune.pipeline.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Writes the files with which Hugging Face's libraries tokenize as the model was trained. */
final class ExportedTokenizer {
  /** Lists what a special token is for, and its names in BERT's and in RoBERTa's vocabularies. */
  private static final Map<String, List<String>> SPECIAL =
      Map.of(
          "cls_token", List.of("[CLS]", "<s>"),
          "sep_token", List.of("[SEP]", "</s>"),
          "pad_token", List.of("[PAD]", "<pad>"),
          "unk_token", List.of("[UNK]", "<unk>"),
          "mask_token", List.of("[MASK]", "<mask>"));

  private final ObjectNode tokenizer;
  private final int maxTokens;

  /**
   * Reads a tokenizer.
   *
   * @param json {@code tokenizer.json} of a verified bundle
   */
  ExportedTokenizer(byte[] json, int maxTokens) {
    try {
      this.tokenizer = Json.read(json, ObjectNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException("The tokenizer was verified, and cannot be read", e);
    }
    this.maxTokens = maxTokens;
  }

  /** Returns the id of the padding token; -1 if there is none. */
  int padding() {
    return find("pad_token").map(name -> id(name).orElse(-1)).orElse(-1);
  }

  private Optional<String> find(String use) {
    return SPECIAL.get(use).stream().filter(name -> id(name).isPresent()).findFirst();
  }

  private OptionalInt id(String token) {
    for (JsonNode added : tokenizer.path("added_tokens")) {
      if (added.path("content").asText().equals(token)) {
        return OptionalInt.of(added.path("id").asInt());
      }
    }
    JsonNode id = tokenizer.path("model").path("vocab").path(token);
    return id.isInt() ? OptionalInt.of(id.asInt()) : OptionalInt.empty();
  }

  /** Returns the files by name. */
  Map<String, byte[]> files() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("tokenizer_class", "PreTrainedTokenizerFast");
    settings.put("model_max_length", maxTokens);
    for (String use : SPECIAL.keySet()) {
      find(use).ifPresent(name -> settings.put(use, name));
    }
    ObjectNode cutting = tokenizer.deepCopy();
    cutting
        .putObject("truncation")
        .put("direction", "Right")
        .put("max_length", maxTokens)
        .put("strategy", "LongestFirst")
        .put("stride", 0);
    return Map.of(
        "tokenizer.json", Json.pretty(cutting),
        "tokenizer_config.json", Json.pretty(settings),
        "sentence_bert_config.json",
            Json.pretty(Map.of("do_lower_case", false, "max_seq_length", maxTokens)));
  }
}
