package io.attune.pipeline.text;

import static io.attune.schemas.Requirements.require;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * Runs a tokenizer in the form of Hugging Face's {@code tokenizer.json}, ours or any other, with
 * their own native library. Threads may share one; it must not be in use when it is closed.
 *
 * <p>Its native library comes from the class path and is unpacked once below {@code ~/.djl.ai}, or
 * the folder for temporary files where the home cannot be written. Nothing is sent or fetched.
 */
public final class SubwordTokenizer implements AutoCloseable {
  /** Switches off special tokens, truncation and padding, which are done here. */
  private static final Map<String, String> PLAIN =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  private static final Map<String, SubwordTokenizer> SHARED = new ConcurrentHashMap<>();

  static {
    // By default DJL reports its use and fetches GPU builds of its library.
    setUnlessSet("ai.djl.offline", "true");
    setUnlessSet("OPT_OUT_TRACKING", "true");
    setUnlessSet("RUST_FLAVOR", "cpu");
  }

  // Below the block above: its class loads the native library.
  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

  private final HuggingFaceTokenizer runtime;
  private final TokenizerFile file;
  private final SpecialTokens special;
  private final String sha256;
  private final boolean shared;

  private SubwordTokenizer(byte[] tokenizerJson, boolean shared) {
    this.sha256 = Sha256.of(tokenizerJson);
    this.shared = shared;
    try {
      this.file = TokenizerFile.read(tokenizerJson);
      this.runtime =
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(tokenizerJson), PLAIN);
      this.special =
          file.hasPostProcessor() ? SpecialTokens.find(this::rawIds) : SpecialTokens.NONE;
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
    return encoded(
        text,
        found -> {
          int[] ids = keptIds(found, maxTokens);
          int[] starts = new int[ids.length];
          int[] ends = new int[ids.length];
          locate(LIBRARY.getTokenCharSpans(found), text, starts, ends);
          return new Encoding(ids, starts, ends);
        });
  }

  /** Returns the ids of {@link #encode} alone, in two thirds of its time. */
  public int[] ids(String text, int maxTokens) {
    return encoded(text, found -> keptIds(found, maxTokens));
  }

  /**
   * Returns the text as the model's own strings, normalised, with nothing cut; empty for white
   * space.
   */
  public List<String> tokens(String text) {
    return encoded(text, found -> List.of(LIBRARY.getTokens(found)));
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
    }
  }

  /**
   * Encodes in the native library and reads only what {@code reader} asks for: the tokenizer's own
   * {@code encode} copies eight arrays, of which one is wanted here.
   */
  private <T> T encoded(String text, LongFunction<T> reader) {
    long found = LIBRARY.encode(runtime.getHandle(), readable(text), false);
    try {
      return reader.apply(found);
    } finally {
      LIBRARY.deleteEncoding(found);
    }
  }

  /** Returns all ids of a text as the native library gives them. */
  private long[] rawIds(String text, boolean withSpecialTokens) {
    long found = LIBRARY.encode(runtime.getHandle(), text, withSpecialTokens);
    try {
      return LIBRARY.getTokenIds(found);
    } finally {
      LIBRARY.deleteEncoding(found);
    }
  }

  private int[] keptIds(long found, int maxTokens) {
    require(maxTokens >= 1, "maxTokens must be at least 1, got %d", maxTokens);
    int room = special.room(maxTokens);
    long[] all = LIBRARY.getTokenIds(found);
    if (all.length == 0 && special.count() == 0) {
      return new int[] {file.unknown()};
    }
    int[] ids = new int[Math.min(all.length, room)];
    for (int i = 0; i < ids.length; i++) {
      long id = all[kept(i, ids.length, all.length)];
      ids[i] = id == file.padding() ? file.unknown() : Math.toIntExact(id);
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

  /**
   * Returns the text with NUL and lone surrogates replaced one for one by U+FFFD: they cannot be
   * encoded in UTF-8 and would corrupt the text in the native library.
   */
  private static String readable(String text) {
    boolean clean = text.codePoints().noneMatch(SubwordTokenizer::isUnreadable);
    if (clean) {
      return text;
    }
    StringBuilder readable = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> readable.appendCodePoint(isUnreadable(point) ? 0xFFFD : point));
    return readable.toString();
  }

  private static boolean isUnreadable(int point) {
    return point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
