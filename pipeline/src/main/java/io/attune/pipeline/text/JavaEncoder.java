package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Turns texts into token ids in Java, many times as fast as the native library and with the same
 * result: word by word, each looked up among those that came before. It serves BERT's tokenizers and
 * those that Attune trains; what it cannot tell of a text it leaves to the native library. Safe for
 * use by several threads.
 */
final class JavaEncoder implements AutoCloseable {
  private static final char UNREADABLE = '\uFFFD';

  private final AddedTokens added;
  private final NativeTokenizer normalizer;
  private final NativeTokenizer splitter;
  private final Characters characters;
  private final WordSplit split;
  private final WordModel model;
  private final WordCache words;

  private JavaEncoder(JsonNode file, AddedTokens added, WordSplit split, WordModel model)
      throws IOException {
    this.added = added;
    this.split = split;
    this.model = model;
    words = new WordCache(model);
    JsonNode none = JsonNodeFactory.instance.nullNode();
    normalizer = asking(file.path("normalizer"), none);
    splitter = asking(none, file.path("pre_tokenizer"));
    characters = new Characters(split, normalizer::tokens, splitter::tokens);
  }

  /**
   * Returns the encoder of a {@code tokenizer.json}; empty if any part of it is one that only the
   * native library knows.
   */
  static Optional<JavaEncoder> of(JsonNode file) throws IOException {
    Optional<AddedTokens> added = AddedTokens.of(file.path("added_tokens"));
    Optional<WordSplit> split = WordSplit.of(file.path("pre_tokenizer"));
    if (added.isEmpty() || split.isEmpty() || !Characters.know(file.path("normalizer"))) {
      return Optional.empty();
    }
    Optional<WordModel> model = WordModel.of(file.path("model"));
    return model.isEmpty()
        ? Optional.empty()
        : Optional.of(new JavaEncoder(file, added.get(), split.get(), model.get()));
  }

  /**
   * Returns a tokenizer of a part of a file. A unigram model without a vocabulary gives each word
   * back as it is.
   */
  private static NativeTokenizer asking(JsonNode normalizer, JsonNode preTokenizer)
      throws IOException {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    file.put("version", "1.0");
    file.putArray("added_tokens");
    file.set("normalizer", normalizer);
    file.set("pre_tokenizer", preTokenizer);
    ObjectNode model = file.putObject("model").put("type", "Unigram").put("unk_id", 0);
    model.putArray("vocab").addArray().add("[UNK]").add(0.0);
    model.put("byte_fallback", false);
    return NativeTokenizer.of(Json.pretty(file));
  }

  /**
   * Returns the ids of all tokens of a text, without special ones; null if the native library must
   * encode it.
   *
   * @param text with NUL and lone surrogates read as U+FFFD
   */
  int[] ids(String text) {
    if (added.isAnyIn(text)) {
      return null;
    }
    int[] line = new int[text.length()];
    int size = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      int character = characters.normalized(readable(point));
      if (character > 0) {
        line[size++] = character;
      } else if (character == Characters.DEPENDS) {
        return null;
      } else {
        int[] several = characters.several(readable(point));
        int rest = text.length() - i;
        if (size + several.length + rest > line.length) {
          line = Arrays.copyOf(line, size + several.length + rest + line.length / 2);
        }
        System.arraycopy(several, 0, line, size, several.length);
        size += several.length;
      }
    }
    return ids(line, size);
  }

  private int[] ids(int[] line, int size) {
    IdList ids = new IdList(size / 4);
    for (int start = 0; start < size; ) {
      if (Characters.isSpace(line[start])) {
        start++;
      } else {
        int end = split.end(line, start, size);
        if (end - start > model.longest()) {
          return null;
        }
        words.append(line, start, end, ids);
        start = end;
      }
    }
    return ids.from(0);
  }

  private static int readable(int point) {
    return NativeTokenizer.isUnreadable(point) ? UNREADABLE : point;
  }

  @Override
  public void close() {
    normalizer.close();
    splitter.close();
  }
}
