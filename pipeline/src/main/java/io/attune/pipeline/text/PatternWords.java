package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/** Divides by the pattern of the tokenizers that Attune trains. */
public final class PatternWords implements WordSplit {
  private static final String LETTER_CLASS = "[\\p{L}&&[^\\p{Han}]]";

  private static final String LETTER_OR_MARK_CLASS = "[\\p{L}\\p{M}&&[^\\p{Han}]]";

  /**
   * Matches a word: a run of Han characters; a run of other letters with its marks and with
   * apostrophes inside (so that "don't" is one word); a run of digits; a run of anything else but
   * white space. Oniguruma's syntax.
   */
  private static final String WORD =
      "\\p{Han}+"
          + "|%1$s%2$s*(?:['\u2019]%1$s%2$s*)*".formatted(LETTER_CLASS, LETTER_OR_MARK_CLASS)
          + "|\\p{N}+"
          + "|[^\\s\\p{L}\\p{N}]+";

  static final ObjectNode JSON = json();

  // What each alternative of the pattern takes. A character may be in several classes: a Roman
  // number of Han script stands in runs of Han characters and in runs of digits.
  private static final int HAN = 2;
  private static final int LETTER = 4; // begins a run of letters
  private static final int LETTER_OR_MARK = 8; // goes on with it
  private static final int DIGIT = 16;
  private static final int SIGN = 32;

  PatternWords() {}

  /** Returns the {@code pre_tokenizer} of a {@code tokenizer.json} that divides so. */
  public static ObjectNode json() {
    ObjectNode words = JsonNodeFactory.instance.objectNode();
    words.put("type", "Split");
    words.putObject("pattern").put("Regex", WORD);
    words.put("behavior", "Removed"); // with invert: what lies between the words is removed
    words.put("invert", true);
    return words;
  }

  /**
   * Returns the {@code model} of a {@code tokenizer.json} that gives each word back as it is: a
   * unigram model without a vocabulary.
   */
  public static ObjectNode unchanged() {
    ObjectNode model = JsonNodeFactory.instance.objectNode();
    model.put("type", "Unigram");
    model.put("unk_id", 0);
    model.putArray("vocab").addArray().add("[UNK]").add(0.0);
    model.put("byte_fallback", false);
    return model;
  }

  @Override
  public int classOf(String character, Function<String, List<String>> words) {
    int found = 0;
    found |= isWord("\u4E00" + character, words) ? HAN : 0;
    found |= isWord(character + "a", words) ? LETTER : 0;
    found |= isWord("a" + character, words) ? LETTER_OR_MARK : 0;
    found |= isWord("1" + character, words) ? DIGIT : 0;
    found |= isWord("!" + character, words) ? SIGN : 0;
    return found == 0 ? SPACE : found;
  }

  private static boolean isWord(String text, Function<String, List<String>> words) {
    return words.apply(text).equals(List.of(text));
  }

  @Override
  public int end(int[] characters, int from, int to) {
    int first = characters[from];
    if (Characters.isAny(first, HAN)) {
      return run(characters, from, to, HAN);
    }
    if (Characters.isAny(first, LETTER)) {
      int end = run(characters, from, to, LETTER_OR_MARK);
      while (end + 1 < to
          && isApostrophe(characters[end])
          && Characters.isAny(characters[end + 1], LETTER)) {
        end = run(characters, end + 1, to, LETTER_OR_MARK);
      }
      return end;
    }
    return run(characters, from, to, Characters.isAny(first, DIGIT) ? DIGIT : SIGN);
  }

  private static int run(int[] characters, int from, int to, int of) {
    int end = from + 1;
    while (end < to && Characters.isAny(characters[end], of)) {
      end++;
    }
    return end;
  }

  private static boolean isApostrophe(int character) {
    int point = Characters.point(character);
    return point == '\'' || point == '\u2019';
  }
}
