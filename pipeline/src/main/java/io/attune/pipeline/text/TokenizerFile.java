package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds what Attune must know of a {@code tokenizer.json} in addition to what its runtime provides.
 *
 * @param vocabulary number of ids: the highest and one
 * @param unknown id of the token for unknown characters; 0 where the file has none
 * @param hasUnknown whether it has one
 * @param padding id of the padding token; -1 where the file has none
 * @param hasPostProcessor whether it may put special tokens around a text
 */
record TokenizerFile(
    int vocabulary, int unknown, boolean hasUnknown, int padding, boolean hasPostProcessor) {
  private static final List<String> UNKNOWN_NAMES = List.of("[UNK]", "<unk>");
  private static final List<String> PADDING_NAMES = List.of("[PAD]", "<pad>");

  static TokenizerFile of(JsonNode file) throws IOException {
    JsonNode model = file.path("model");
    Map<String, Integer> ids = new HashMap<>();
    JsonNode vocabulary = model.path("vocab");
    if (vocabulary.isArray()) { // Unigram: [token, score] in the order of ids
      for (int id = 0; id < vocabulary.size(); id++) {
        ids.put(vocabulary.get(id).path(0).asText(), id);
      }
    } else {
      vocabulary
          .fields()
          .forEachRemaining(token -> ids.put(token.getKey(), token.getValue().asInt()));
    }
    file.path("added_tokens")
        .forEach(token -> ids.put(token.path("content").asText(), token.path("id").asInt()));
    if (ids.isEmpty()) {
      throw new IOException("it holds no vocabulary");
    }
    int highest = ids.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    int unknown = unknownOf(model, ids);
    Integer padding = ids.get(file.path("padding").path("pad_token").asText());
    return new TokenizerFile(
        highest + 1,
        Math.max(0, unknown),
        unknown >= 0,
        padding != null ? padding : firstOf(PADDING_NAMES, ids, -1),
        file.path("post_processor").isObject());
  }

  /** Returns the id of the unknown token; -1 if there is none. */
  private static int unknownOf(JsonNode model, Map<String, Integer> ids) {
    if (model.path("unk_id").isInt()) {
      return model.path("unk_id").asInt();
    }
    Integer named = ids.get(model.path("unk_token").asText());
    return named != null ? named : firstOf(UNKNOWN_NAMES, ids, -1);
  }

  private static int firstOf(List<String> names, Map<String, Integer> ids, int otherwise) {
    return names.stream().filter(ids::containsKey).map(ids::get).findFirst().orElse(otherwise);
  }
}
