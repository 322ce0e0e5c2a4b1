package io.attune.neural.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the tokenizer of BERT (Devlin et al. 2019) from {@code vocab.txt}, one token a line, and
 * {@code tokenizer_config.json}.
 */
final class WordPieceVocabulary {
  static final String FILE = "vocab.txt";

  /** Limits words, as BERT does; longer ones are unknown. */
  private static final int MAX_WORD = 100;

  private static final Map<String, String> SPECIAL =
      new TreeMap<>(
          Map.of(
              "pad_token", "[PAD]",
              "unk_token", "[UNK]",
              "cls_token", "[CLS]",
              "sep_token", "[SEP]",
              "mask_token", "[MASK]"));

  private final SourceFile file;
  private final JsonNode settings;
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final JsonNodeFactory json = JsonNodeFactory.instance;

  private WordPieceVocabulary(SourceFile file, JsonNode settings) {
    this.file = file;
    this.settings = settings;
  }

  /** Returns the tokenizer in the form of {@code tokenizer.json}. */
  static ObjectNode read(SourceFile file) {
    SourceFile settings = new SourceFile(file.files(), TokenizerFiles.SETTINGS);
    return new WordPieceVocabulary(
            file, settings.exists() ? settings.json() : JsonNodeFactory.instance.objectNode())
        .tokenizer();
  }

  private ObjectNode tokenizer() {
    List<String> lines = new String(file.bytes(), StandardCharsets.UTF_8).lines().toList();
    for (int id = 0; id < lines.size(); id++) {
      ids.put(lines.get(id), id);
    }
    ObjectNode tokenizer = json.objectNode().put("version", "1.0");
    tokenizer.set("added_tokens", addedTokens());
    ObjectNode normalizer =
        json.objectNode()
            .put("type", "BertNormalizer")
            .put("clean_text", true)
            .put("handle_chinese_chars", true)
            .putNull("strip_accents")
            .put("lowercase", true);
    TokenizerFiles.override(normalizer, settings);
    tokenizer.set("normalizer", normalizer);
    tokenizer.set("pre_tokenizer", json.objectNode().put("type", "BertPreTokenizer"));
    tokenizer.set("post_processor", postProcessor());
    tokenizer.set(
        "decoder",
        json.objectNode().put("type", "WordPiece").put("prefix", "##").put("cleanup", true));
    tokenizer.set("model", model());
    return tokenizer;
  }

  private ObjectNode model() {
    ObjectNode model =
        json.objectNode()
            .put("type", "WordPiece")
            .put("unk_token", special("unk_token"))
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", MAX_WORD);
    ObjectNode vocabulary = model.putObject("vocab");
    ids.forEach(vocabulary::put);
    return model;
  }

  private JsonNode addedTokens() {
    Map<Integer, ObjectNode> byId = new TreeMap<>();
    for (String role : SPECIAL.keySet()) {
      ObjectNode token =
          json.objectNode().put("id", id(role)).put("content", special(role)).put("special", true);
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      byId.put(id(role), token);
    }
    return json.arrayNode().addAll(byId.values());
  }

  private ObjectNode postProcessor() {
    ObjectNode processor = json.objectNode().put("type", "TemplateProcessing");
    JsonNode first = piece("SpecialToken", special("cls_token"), 0);
    JsonNode last = piece("SpecialToken", special("sep_token"), 0);
    processor.putArray("single").add(first).add(piece("Sequence", "A", 0)).add(last);
    processor
        .putArray("pair")
        .add(first)
        .add(piece("Sequence", "A", 0))
        .add(last)
        .add(piece("Sequence", "B", 1))
        .add(piece("SpecialToken", special("sep_token"), 1));
    ObjectNode tokens = processor.putObject("special_tokens");
    for (String role : List.of("cls_token", "sep_token")) {
      ObjectNode token = tokens.putObject(special(role)).put("id", special(role));
      token.putArray("ids").add(id(role));
      token.putArray("tokens").add(special(role));
    }
    return processor;
  }

  private JsonNode piece(String kind, String id, int type) {
    ObjectNode piece = json.objectNode();
    piece.putObject(kind).put("id", id).put("type_id", type);
    return piece;
  }

  /** Returns the text of a special token, which the settings give as a text or an object. */
  private String special(String role) {
    JsonNode set = settings.path(role);
    return set.path("content").asText(set.asText(SPECIAL.get(role)));
  }

  private int id(String role) {
    Integer id = ids.get(special(role));
    if (id == null) {
      throw file.bad(
          "it has no token %s, the %s; take the encoder from its publisher again",
          special(role), role);
    }
    return id;
  }
}
