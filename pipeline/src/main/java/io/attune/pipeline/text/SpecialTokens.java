package io.attune.pipeline.text;

import static io.attune.schemas.Requirements.require;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Holds the tokens that a file's post-processor puts around every text, such as BERT's {@code
 * [CLS]} and {@code [SEP]}.
 *
 * @param prefix ids before the first token of a text; empty without a post-processor
 * @param suffix ids after its last one
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SpecialTokens(int[] prefix, int[] suffix) {
  static final SpecialTokens NONE = new SpecialTokens(new int[0], new int[0]);

  /** Lists texts of which every usual vocabulary has one: a letter, a digit, a Han character. */
  private static final List<String> PROBES = List.of("a", "1", "。", "一");

  /**
   * Finds them by encoding a text with them and without.
   *
   * @param encode returns the ids of a text, with special tokens or without
   * @throws IOException if the post-processor does more than to add tokens on both sides
   */
  static SpecialTokens find(BiFunction<String, Boolean, long[]> encode) throws IOException {
    for (String probe : PROBES) {
      long[] bare = encode.apply(probe, false);
      long[] whole = encode.apply(probe, true);
      for (int start = 0; bare.length > 0 && start + bare.length <= whole.length; start++) {
        int end = start + bare.length;
        if (Arrays.equals(bare, 0, bare.length, whole, start, end)) {
          return new SpecialTokens(ids(whole, 0, start), ids(whole, end, whole.length));
        }
      }
    }
    throw new IOException(
        "its post-processor changes the tokens of a text, where it may only add some before and"
            + " after them");
  }

  private static int[] ids(long[] from, int start, int end) {
    return Arrays.stream(from, start, end).mapToInt(Math::toIntExact).toArray();
  }

  int count() {
    return prefix.length + suffix.length;
  }

  /** Returns the number of tokens that a text of its own may have, if all may be this many. */
  int room(int maxTokens) {
    require(
        maxTokens > count(),
        "maxTokens must be more than the %d special tokens of the tokenizer, got %d",
        count(),
        maxTokens);
    return maxTokens - count();
  }

  /** Returns the ids of a text with the special ones around them. */
  int[] around(int[] ids) {
    if (count() == 0) {
      return ids;
    }
    int[] whole = Arrays.copyOf(prefix, count() + ids.length);
    System.arraycopy(ids, 0, whole, prefix.length, ids.length);
    System.arraycopy(suffix, 0, whole, prefix.length + ids.length, suffix.length);
    return whole;
  }
}
