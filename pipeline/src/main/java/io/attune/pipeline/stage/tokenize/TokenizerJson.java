package io.attune.pipeline.stage.tokenize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.pipeline.text.PatternWords;
import io.attune.schemas.json.Json;
import java.util.List;

/** Writes Hugging Face's {@code tokenizer.json}; see {@code docs/formats/tokenizer.md}. */
final class TokenizerJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private TokenizerJson() {}

  /** Returns the tokenizer as a file; the same model gives the same bytes. */
  static byte[] of(BpeModel bpe, boolean lowercase) {
    ObjectNode model = NODES.objectNode();
    model.put("type", "BPE");
    model.putNull("dropout");
    model.put("unk_token", BpeModel.UNKNOWN);
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", true);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < bpe.tokens().size(); id++) {
      vocabulary.put(bpe.tokens().get(id), id);
    }
    ArrayNode merges = model.putArray("merges");
    for (BpeModel.Merge merge : bpe.merges()) {
      merges.addArray().add(bpe.tokens().get(merge.left())).add(bpe.tokens().get(merge.right()));
    }
    ArrayNode added = NODES.arrayNode();
    added.add(special(BpeModel.PAD_ID, BpeModel.PAD));
    added.add(special(BpeModel.UNKNOWN_ID, BpeModel.UNKNOWN));
    return Json.pretty(file(lowercase, added, model));
  }

  /**
   * Returns a file with the same normaliser and the same definition of a word, whose tokens are
   * complete words, for counting words.
   */
  static byte[] splitter(boolean lowercase) {
    return Json.pretty(file(lowercase, NODES.arrayNode(), PatternWords.unchanged()));
  }

  private static ObjectNode file(boolean lowercase, ArrayNode added, ObjectNode model) {
    ObjectNode file = NODES.objectNode();
    file.put("version", "1.0");
    file.putNull("truncation");
    file.putNull("padding");
    file.set("added_tokens", added);
    ArrayNode normalizers =
        file.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    for (String type : lowercase ? List.of("NFKC", "Lowercase") : List.of("NFKC")) {
      normalizers.addObject().put("type", type);
    }
    file.set("pre_tokenizer", PatternWords.json());
    file.putNull("post_processor");
    file.putNull("decoder");
    file.set("model", model);
    return file;
  }

  private static ObjectNode special(int id, String content) {
    ObjectNode token = NODES.objectNode();
    token.put("id", id);
    token.put("content", content);
    token.put("single_word", false);
    token.put("lstrip", false);
    token.put("rstrip", false);
    token.put("normalized", false);
    token.put("special", true);
    return token;
  }
}
