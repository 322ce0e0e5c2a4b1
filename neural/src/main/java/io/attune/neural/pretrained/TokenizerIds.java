package io.attune.neural.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Checks the token ids of a {@code tokenizer.json}: each must have a row of the embedding. */
final class TokenizerIds {
  private static final String AGAIN = "; take the encoder from its publisher again";

  private final SourceFile file;
  private final JsonNode root;
  private final int rows;
  private final Set<String> words = new HashSet<>();
  private long highest = -1;

  /**
   * Prepares a check.
   *
   * @param rows of the encoder's embedding
   */
  TokenizerIds(SourceFile file, JsonNode root, int rows) {
    this.file = file;
    this.root = root;
    this.rows = rows;
  }

  /** Checks the vocabulary, the added tokens, the unknown token and those of the post-processor. */
  void check() {
    checkVocabulary(root.path("model").path("vocab"));
    checkUnknown(root.path("model"));
    checkAdded(root.path("added_tokens"));
    if (highest < 0) {
      throw file.bad("it has no vocabulary" + AGAIN);
    }
    if (highest >= rows) {
      throw file.bad(
          "it has token ids up to %d, and the encoder has embeddings for %d; take the tokenizer and"
              + " the encoder from the same publisher",
          highest, rows);
    }
    checkProcessor(root.path("post_processor"));
  }

  private void checkVocabulary(JsonNode vocabulary) {
    if (vocabulary.isArray()) { // Unigram: [token, score] in the order of ids
      for (JsonNode token : vocabulary) {
        if (!token.path(0).isTextual() || !token.path(1).isNumber()) {
          throw file.bad("%s of its vocabulary is not a token with its score" + AGAIN, token);
        }
        words.add(token.path(0).textValue());
      }
      highest = vocabulary.size() - 1L;
    } else {
      for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
        add(token.getKey(), token.getValue());
        words.add(token.getKey());
      }
    }
  }

  private void checkUnknown(JsonNode model) {
    JsonNode token = model.path("unk_token");
    JsonNode id = model.path("unk_id");
    boolean named = token.isTextual() && !token.textValue().isEmpty();
    if (named && !words.contains(token.textValue())) {
      throw file.bad(
          "its unknown token '%s' is not in its vocabulary, and texts with unknown words could not"
              + " be read; take the tokenizer from the encoder's publisher, or name a token of the"
              + " vocabulary in model.unk_token",
          token.textValue());
    }
    if (isThere(token) && !token.isTextual()) {
      throw file.bad("model.unk_token is %s, not a text" + AGAIN, token);
    }
    if (isThere(id)) {
      requireId("its unknown token", id);
      if (id.asLong() > highest) {
        throw file.bad(
            "its unknown token has the id %s, and its vocabulary ends at %d" + AGAIN, id, highest);
      }
    }
  }

  private void checkAdded(JsonNode added) {
    for (JsonNode token : added) {
      if (!token.path("content").isTextual()) {
        throw file.bad("the added token %s has no text" + AGAIN, token);
      }
      add(token.path("content").textValue(), token.path("id"));
    }
  }

  private void add(String token, JsonNode id) {
    requireId("its token '" + token + "'", id);
    highest = Math.max(highest, id.asLong());
  }

  /** Checks a post-processor of any kind, alone or in a sequence. */
  private void checkProcessor(JsonNode processor) {
    processor.path("processors").forEach(this::checkProcessor);
    for (JsonNode token : processor.path("special_tokens")) {
      token.path("ids").forEach(id -> checkSpecial(token.path("id").asText(), id));
    }
    for (String role : new String[] {"cls", "sep"}) {
      JsonNode token = processor.path(role);
      if (isThere(token)) {
        checkSpecial(token.path(0).asText(), token.path(1));
      }
    }
  }

  private void checkSpecial(String token, JsonNode id) {
    requireId("the token '" + token + "' of its post_processor", id);
    if (id.asLong() >= rows) {
      throw file.bad(
          "the token '%s' of its post_processor has the id %s, and the encoder has embeddings for"
              + " %d; give it the id that the token has in the vocabulary",
          token, id, rows);
    }
  }

  private void requireId(String what, JsonNode id) {
    if (!id.isIntegralNumber() || !id.canConvertToInt() || id.asInt() < 0) {
      throw file.bad(
          "%s has the id %s, not a whole number of at least 0" + AGAIN,
          what,
          id.isMissingNode() ? "of nothing" : id);
    }
  }

  private static boolean isThere(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }
}
