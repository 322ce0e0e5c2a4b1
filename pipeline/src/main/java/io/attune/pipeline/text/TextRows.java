package io.attune.pipeline.text;

import io.attune.schemas.model.LongTexts;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Turns a text into the rows of tokens that a network reads of it: one, or several where long texts
 * are read in windows.
 *
 * <p>A text of {@code n} tokens of its own, of which a row has room for {@code r}, is one row if
 * {@code n <= r}. Else windows of {@code r} tokens start at every {@code r - floor(overlap * r)}th
 * token, at least 1, and the last one ends with the text. Of more windows than are read those in
 * the middle are left out, as the middle of a text is.
 */
public record TextRows(SubwordTokenizer tokenizer, int maxTokens, LongTexts longTexts) {

  /**
   * Holds the token ids of a text.
   *
   * @param rows at least one
   * @param leftOut windows that are not among them
   */
  public record Ids(List<int[]> rows, int leftOut) {
    public Ids {
      rows = List.copyOf(rows);
    }
  }

  /**
   * Holds one row of a text.
   *
   * @param first number of its first token among the text's own
   * @param special tokens before that one that are not the text's own
   * @param own tokens of the text
   */
  public record Window(Encoding encoding, int first, int special, int own) {}

  /** Returns the token ids of a text. */
  public Ids ids(String text) {
    if (longTexts.keep() == LongTexts.Keep.HEAD_AND_TAIL) {
      return new Ids(List.of(tokenizer.ids(text, maxTokens)), 0);
    }
    int[] whole = tokenizer.ids(text, Integer.MAX_VALUE);
    Cuts cuts = cuts(whole.length);
    return new Ids(
        IntStream.of(cuts.starts()).mapToObj(start -> part(whole, start, cuts)).toList(),
        cuts.leftOut());
  }

  /** Returns the same rows with the places of their tokens in the text. */
  public List<Window> windows(String text) {
    int special = tokenizer.special().prefix().length;
    if (longTexts.keep() == LongTexts.Keep.HEAD_AND_TAIL) {
      Encoding only = tokenizer.encode(text, maxTokens);
      return List.of(new Window(only, 0, special, only.tokens() - tokenizer.specialTokens()));
    }
    Encoding whole = tokenizer.encode(text, Integer.MAX_VALUE);
    Cuts cuts = cuts(whole.tokens());
    return IntStream.of(cuts.starts())
        .mapToObj(
            start ->
                new Window(
                    new Encoding(
                        part(whole.ids(), start, cuts),
                        part(whole.starts(), start, cuts),
                        part(whole.ends(), start, cuts)),
                    start,
                    special,
                    cuts.length()))
        .toList();
  }

  /** Returns the special tokens around some of a text's own. */
  private int[] part(int[] whole, int start, Cuts cuts) {
    SpecialTokens special = tokenizer.special();
    int before = special.prefix().length;
    int after = special.suffix().length;
    int[] part = Arrays.copyOf(whole, before + cuts.length() + after);
    System.arraycopy(whole, before + start, part, before, cuts.length());
    System.arraycopy(whole, whole.length - after, part, before + cuts.length(), after);
    return part;
  }

  private Cuts cuts(int tokens) {
    SpecialTokens special = tokenizer.special();
    return Cuts.of(tokens - special.count(), special.room(maxTokens), longTexts);
  }

  /**
   * Says where a text is cut.
   *
   * @param starts number of the first token of each row among the text's own
   * @param length tokens of the text in each row
   * @param leftOut windows that are not read
   */
  @SuppressWarnings("ArrayRecordComponent") // Read at once; never compared.
  record Cuts(int[] starts, int length, int leftOut) {
    static Cuts of(int own, int room, LongTexts longTexts) {
      if (own <= room || !longTexts.isWindows()) {
        return new Cuts(new int[] {0}, Math.min(own, room), 0);
      }
      int stride = Math.max(1, room - (int) (longTexts.overlap() * room));
      int all = 1 + (own - room + stride - 1) / stride;
      int kept = Math.min(all, longTexts.most());
      int[] starts = new int[kept];
      for (int i = 0; i < kept; i++) {
        long number = i < kept - kept / 2 ? i : all - kept + i;
        starts[i] = (int) Math.min(number * stride, own - room);
      }
      return new Cuts(starts, room, all - kept);
    }
  }
}
