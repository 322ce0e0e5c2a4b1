package io.attune.pipeline.text;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Makes texts of everything that a tokenizer may stumble over. */
public final class AnyText {
  private static final List<String> WORDS =
      List.of(
          "good",
          "GOOD",
          "Straße",
          "naïve",
          "İstanbul",
          "don't",
          "don’t",
          "'tis",
          "e\u0301te\u0301",
          "手机很好",
          "我买了iPhone15",
          "もの",
          "한국어",
          "ไทยดี",
          "हिन्दी",
          "عَرَبِيّ",
          "Ωσς",
          "ǅ",
          "ﬁne",
          "№1",
          "①②",
          "Ⅻ",
          "〇",
          "1〇2",
          "々",
          "１２３",
          "ｱｶﾞ",
          "𝟏𝟎",
          "𝒜𝓑",
          "😀",
          "☺️",
          "1️⃣",
          "👩\u200D👩\u200D👧",
          "🫠",
          "🇨🇳",
          "豈",
          "\u2F00",
          "[CLS]",
          "[SEP]",
          "[sep]",
          "[PAD]",
          "[UNK]",
          "[MASK",
          "[[SEP]]",
          "##ing",
          "<s>",
          "\uFFFD",
          "\0",
          "\u0001",
          "\u0085",
          "\u00A0",
          "\u00AD",
          "\u200B",
          "\u2028",
          "\u3000",
          "\uFEFF",
          "\uD83D",
          "\uDE00",
          "\u0345\u0301\u0327",
          "\u1E9B\u0323",
          "\uAC00\u11A8",
          "\u1100\u1161",
          "...",
          "!?",
          "$5.00",
          "^_^",
          "x²",
          "½",
          "\u0378",
          "\u037E",
          "\u1FEF",
          "\uE000",
          "\u0301",
          "\t",
          "\r\n",
          " ",
          "  ");

  private AnyText() {}

  /** Returns texts of words, of single code points, and of runs longer than a word may be. */
  public static Arbitrary<String> arbitrary() {
    Arbitrary<String> point =
        Arbitraries.frequencyOf(
            Tuple.of(4, points(0, 0x24F)),
            Tuple.of(3, points(0x250, 0xFFFF)),
            Tuple.of(1, points(0x10000, 0x10FFFF)));
    Arbitrary<String> run =
        Arbitraries.integers()
            .between(2, 130)
            .flatMap(
                count -> Arbitraries.of("a", "ab", "é", "手", "7", "!").map(of -> of.repeat(count)));
    Arbitrary<String> part =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.of(WORDS)),
            Tuple.of(6, Arbitraries.strings().withCharRange('a', 'e').ofMaxLength(12)),
            Tuple.of(4, Arbitraries.of(" ", ".", "'")),
            Tuple.of(2, point),
            Tuple.of(1, run));
    return part.list().ofMaxSize(12).map(parts -> String.join("", parts));
  }

  private static Arbitrary<String> points(int from, int to) {
    return Arbitraries.integers().between(from, to).map(Character::toString);
  }

  /** Returns a code point beside letters, digits, signs, Han characters and white space. */
  public static String around(int point) {
    return "aXb XX 1X2!X?手X手'X'a\n".replace("X", Character.toString(point));
  }
}
