package io.attune.neural.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.schemas.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the tokenizer of an encoder as one {@code tokenizer.json}: without truncation and padding,
 * which Attune does itself, without dropout of merges, and lower-casing if the vocabulary asks for
 * it.
 */
final class TokenizerFiles {
  static final String FILE = "tokenizer.json";
  static final String SETTINGS = "tokenizer_config.json";

  private static final String LOWER = "lowercase";
  private static final String DROPOUT = "dropout";

  private TokenizerFiles() {}

  /**
   * Returns the tokenizer.
   *
   * @param vocabulary rows of the encoder's embedding
   */
  static byte[] read(EncoderFiles files, int vocabulary) {
    SourceFile file = new SourceFile(files, FILE);
    SourceFile words = new SourceFile(files, WordPieceVocabulary.FILE);
    if (!file.exists() && !words.exists()) {
      throw file.bad(
          "there is neither this nor %s; save the tokenizer with save_pretrained of a fast tokenizer"
              + " of Hugging Face",
          WordPieceVocabulary.FILE);
    }
    JsonNode tokenizer = file.exists() ? file.json() : WordPieceVocabulary.read(words);
    if (!(tokenizer instanceof ObjectNode root) || !root.path("model").isObject()) {
      throw file.bad("it has no 'model'; take the encoder from its publisher again");
    }
    new TokenizerIds(file.exists() ? file : words, root, vocabulary).check();
    if (root.get("model") instanceof ObjectNode model && model.path(DROPOUT).isNumber()) {
      model.putNull(DROPOUT); // else the same text would have other tokens each time
    }
    root.putNull("truncation");
    root.putNull("padding");
    SourceFile settings = new SourceFile(files, SETTINGS);
    for (ObjectNode normalizer : bertNormalizers(root.path("normalizer"))) {
      if (settings.exists()) {
        override(normalizer, settings.json());
      }
      if (!normalizer.path(LOWER).asBoolean() && !hasCapitals(root)) {
        normalizer.put(LOWER, true);
      }
    }
    return Json.line(root).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns BERT's own normaliser, alone or in a sequence. */
  private static List<ObjectNode> bertNormalizers(JsonNode normalizer) {
    List<ObjectNode> found = new ArrayList<>();
    if (normalizer instanceof ObjectNode node && isBert(node)) {
      found.add(node);
    }
    for (JsonNode part : normalizer.path("normalizers")) {
      found.addAll(bertNormalizers(part));
    }
    return found;
  }

  private static boolean isBert(JsonNode normalizer) {
    return normalizer.path("type").asText().equals("BertNormalizer");
  }

  /** Changes what Hugging Face's library takes from the settings rather than the tokenizer. */
  static void override(ObjectNode normalizer, JsonNode settings) {
    copy(settings.path("do_lower_case"), normalizer, LOWER);
    copy(settings.path("strip_accents"), normalizer, "strip_accents");
    copy(settings.path("tokenize_chinese_chars"), normalizer, "handle_chinese_chars");
  }

  private static void copy(JsonNode value, ObjectNode to, String name) {
    if (value.isBoolean()) {
      to.put(name, value.asBoolean());
    }
  }

  /**
   * Returns whether a text with capital letters can have tokens with such: special tokens and what
   * BERT splits at punctuation, such as {@code <S>}, do not count.
   */
  private static boolean hasCapitals(JsonNode root) {
    Set<String> added = new HashSet<>();
    root.path("added_tokens").forEach(token -> added.add(token.path("content").asText()));
    for (Iterator<String> words = root.path("model").path("vocab").fieldNames();
        words.hasNext(); ) {
      String word = words.next();
      String letters = word.startsWith("##") ? word.substring(2) : word;
      if (!added.contains(word)
          && !letters.toLowerCase(Locale.ROOT).equals(letters)
          && letters.codePoints().allMatch(Character::isLetterOrDigit)) {
        return true;
      }
    }
    return false;
  }
}
