package io.attune.pipeline.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Runs a {@code tokenizer.json} in Hugging Face's native library. Threads may share one; it must
 * not be in use when it is closed.
 */
final class NativeTokenizer implements AutoCloseable {
  /** Switches off special tokens, truncation and padding, which are done here. */
  private static final Map<String, String> PLAIN =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  static {
    // By default DJL reports its use and fetches GPU builds of its library.
    setUnlessSet("ai.djl.offline", "true");
    setUnlessSet("OPT_OUT_TRACKING", "true");
    setUnlessSet("RUST_FLAVOR", "cpu");
  }

  // Below the block above: its class loads the native library.
  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

  private final HuggingFaceTokenizer runtime;

  private NativeTokenizer(HuggingFaceTokenizer runtime) {
    this.runtime = runtime;
  }

  /** Opens a file. */
  static NativeTokenizer of(byte[] tokenizerJson) throws IOException {
    return new NativeTokenizer(
        HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(tokenizerJson), PLAIN));
  }

  /** Returns all ids of a text, with those that the post-processor adds if asked. */
  long[] ids(String text, boolean withSpecialTokens) {
    return encoded(text, withSpecialTokens, LIBRARY::getTokenIds);
  }

  /** Returns the tokens of a text. */
  List<String> tokens(String text) {
    return encoded(text, false, found -> List.of(LIBRARY.getTokens(found)));
  }

  /**
   * Holds ids with the places of their tokens.
   *
   * @param spans in code points; null for a token without characters
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Located(long[] ids, CharSpan[] spans) {}

  Located located(String text) {
    return encoded(
        text,
        false,
        found -> new Located(LIBRARY.getTokenIds(found), LIBRARY.getTokenCharSpans(found)));
  }

  /**
   * Encodes and reads only what {@code reader} asks for: the tokenizer's own {@code encode} copies
   * eight arrays, of which one is wanted here.
   */
  private <T> T encoded(String text, boolean withSpecialTokens, LongFunction<T> reader) {
    long found = LIBRARY.encode(runtime.getHandle(), readable(text), withSpecialTokens);
    try {
      return reader.apply(found);
    } finally {
      LIBRARY.deleteEncoding(found);
    }
  }

  /**
   * Returns the text with NUL and lone surrogates replaced one for one by U+FFFD: they cannot be
   * encoded in UTF-8 and would corrupt the text in the native library.
   */
  private static String readable(String text) {
    boolean clean = text.codePoints().noneMatch(NativeTokenizer::isUnreadable);
    if (clean) {
      return text;
    }
    StringBuilder readable = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> readable.appendCodePoint(isUnreadable(point) ? 0xFFFD : point));
    return readable.toString();
  }

  static boolean isUnreadable(int point) {
    return point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }

  @Override
  public void close() {
    runtime.close();
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
