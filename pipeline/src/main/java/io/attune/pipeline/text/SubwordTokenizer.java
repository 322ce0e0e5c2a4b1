package io.attune.pipeline.text;

import static io.attune.schemas.Requirements.require;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.JsonNode;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs a tokenizer in the form of Hugging Face's {@code tokenizer.json}, ours or any other, with
 * their own native library; the ids alone of BERT's tokenizers and of ours, which are the same, are
 * found in Java in a small part of its time. Threads may share one; it must not be in use when it
 * is closed.
 *
 * <p>Its native library comes from the class path and is unpacked once below {@code ~/.djl.ai}, or
 * the folder for temporary files where the home cannot be written. Nothing is sent or fetched.
 */
public final class SubwordTokenizer implements AutoCloseable {
  private static final Map<String, SubwordTokenizer> SHARED = new ConcurrentHashMap<>();

  private final NativeTokenizer runtime;
  private final Optional<JavaEncoder> java;
  private final Optional<JavaWords> words; // where they are the tokens
  private final TokenizerFile file;
  private final SpecialTokens special;
  private final String sha256;
  private final boolean shared;

  private SubwordTokenizer(byte[] tokenizerJson, boolean shared) {
    this.sha256 = Sha256.of(tokenizerJson);
    this.shared = shared;
    try {
      JsonNode json = Json.read(tokenizerJson, JsonNode.class);
      this.file = TokenizerFile.of(json);
      CharacterMap.check(json);
      this.runtime = NativeTokenizer.of(tokenizerJson);
      this.special =
          file.hasPostProcessor() ? SpecialTokens.find(runtime::ids) : SpecialTokens.NONE;
      this.java = JavaEncoder.of(json);
      this.words =
          JavaWords.areTokensOf(json.path("model")) ? JavaWords.of(json) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      throw new Failure.BadInput(
          e,
          "These %d bytes are not a tokenizer.json of Hugging Face's form: %s; take the file from a"
              + " published dataset or model, or run tokenize again",
          tokenizerJson.length,
          e.getMessage());
    }
  }

  /**
   * Opens a tokenizer that the caller closes.
   *
   * @throws Failure.BadInput if the bytes are not a tokenizer
   */
  public static SubwordTokenizer of(byte[] tokenizerJson) {
    return new SubwordTokenizer(tokenizerJson, false);
  }

  /**
   * Returns the one instance of this JVM for these bytes, for Spark tasks. It lives as long as the
   * JVM; closing it does nothing.
   *
   * @throws Failure.BadInput if the bytes are not a tokenizer
   */
  public static SubwordTokenizer shared(byte[] tokenizerJson) {
    return SHARED.computeIfAbsent(
        Sha256.of(tokenizerJson), hash -> new SubwordTokenizer(tokenizerJson, true));
  }

  /**
   * Returns the text as token ids, between the special tokens that the file's post-processor adds.
   *
   * @param text any string, white space alone and broken surrogates included
   * @param maxTokens more than there are special tokens; of a text with more tokens of its own the
   *     middle is left out, and as many are kept of its start as of its end, or one more: both say
   *     more than what stands between them (Sun et al. 2019, "How to Fine-Tune BERT for Text
   *     Classification?")
   * @return at least one token: a text without any gives the special tokens alone, and where there
   *     are none the unknown token at its start. A text that spells the padding token gives the
   *     unknown token in its place. No character stands behind a special token.
   */
  public Encoding encode(String text, int maxTokens) {
    NativeTokenizer.Located found = runtime.located(text);
    int[] ids = kept(ints(found.ids()), maxTokens);
    int[] starts = new int[ids.length];
    int[] ends = new int[ids.length];
    locate(found.spans(), text, starts, ends);
    return new Encoding(ids, starts, ends);
  }

  /** Returns the ids of {@link #encode} alone, in a small part of its time. */
  public int[] ids(String text, int maxTokens) {
    int[] all = java.isPresent() ? java.get().ids(text) : null;
    return kept(all != null ? all : ints(runtime.ids(text, false)), maxTokens);
  }

  /**
   * Returns the text as the model's own strings, normalised, with nothing cut; empty for white
   * space.
   */
  public List<String> tokens(String text) {
    List<String> found = words.isPresent() ? words.get().of(text) : null;
    return found != null ? found : runtime.tokens(text);
  }

  /** Returns the number of token ids; every id is below it. */
  public int vocabulary() {
    return file.vocabulary();
  }

  /** Returns the id that stands for unknown characters. */
  public int unknown() {
    return file.unknown();
  }

  /** Returns how many tokens of every encoded text are special ones, such as {@code [CLS]}. */
  public int specialTokens() {
    return special.count();
  }

  /** Returns how many of them stand before the text's own. */
  public int specialTokensBefore() {
    return special.prefix().length;
  }

  TokenizerFile file() {
    return file;
  }

  SpecialTokens special() {
    return special;
  }

  /** Returns the SHA-256, in hexadecimal, of the bytes that it was made of. */
  public String sha256() {
    return sha256;
  }

  @Override
  public void close() {
    if (!shared) {
      runtime.close();
      java.ifPresent(JavaEncoder::close);
      words.ifPresent(JavaWords::close);
    }
  }

  private static int[] ints(long[] ids) {
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  /** Cuts all ids of a text, and puts the special ones around what is left. */
  private int[] kept(int[] all, int maxTokens) {
    require(maxTokens >= 1, "maxTokens must be at least 1, got %d", maxTokens);
    int room = special.room(maxTokens);
    if (all.length == 0 && special.count() == 0) {
      return new int[] {file.unknown()};
    }
    int[] ids = new int[Math.min(all.length, room)];
    for (int i = 0; i < ids.length; i++) {
      int id = all[kept(i, ids.length, all.length)];
      ids[i] = id == file.padding() ? file.unknown() : id;
    }
    return special.around(ids);
  }

  /** Returns which of all tokens of a text is the i-th of those that are kept. */
  private static int kept(int i, int kept, int all) {
    return i < kept - kept / 2 ? i : all - kept + i;
  }

  /** Turns the runtime's spans, which count code points, into UTF-16 indices. */
  private void locate(CharSpan[] spans, String text, int[] starts, int[] ends) {
    int[] places = utf16Places(text);
    int first = special.prefix().length;
    int afterLast = starts.length - special.suffix().length;
    int last = 0;
    for (int i = 0; i < starts.length; i++) {
      int own = i - first;
      boolean hasSpan = own >= 0 && i < afterLast && own < spans.length;
      CharSpan span = hasSpan ? spans[kept(own, afterLast - first, spans.length)] : null;
      if (span != null) { // a token without characters has no span
        starts[i] = places.length == 0 ? span.getStart() : places[span.getStart()];
        ends[i] = places.length == 0 ? span.getEnd() : places[span.getEnd()];
        last = ends[i];
      } else {
        starts[i] = last;
        ends[i] = last;
      }
    }
  }

  /**
   * Returns the UTF-16 index of each code point and of the end; empty where the two counts agree.
   */
  private static int[] utf16Places(String text) {
    int points = text.codePointCount(0, text.length());
    if (points == text.length()) {
      return new int[0];
    }
    int[] places = new int[points + 1];
    int place = 0;
    for (int point = 0; point < points; point++) {
      places[point] = place;
      place += Character.charCount(text.codePointAt(place));
    }
    places[points] = place;
    return places;
  }
}
