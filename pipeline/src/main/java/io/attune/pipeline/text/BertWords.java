package io.attune.pipeline.text;

import java.util.List;
import java.util.function.Function;

/**
 * Divides as BERT does (Devlin et al. 2019): at white space, and around every sign, which is a word
 * of its own.
 */
final class BertWords implements WordSplit {
  private static final int ALONE = 2;
  private static final int LETTER = 4;

  @Override
  public int classOf(String character, Function<String, List<String>> words) {
    return switch (words.apply("a" + character + "a").size()) {
      case 1 -> LETTER;
      case 2 -> SPACE;
      default -> ALONE;
    };
  }

  /** Makes of a Han character and the white space that its normaliser puts around it one sign. */
  @Override
  public int[] shortened(int[] characters) {
    boolean isAlone =
        characters.length == 3
            && Characters.isSpace(characters[0])
            && !Characters.isSpace(characters[1])
            && Characters.isSpace(characters[2]);
    return isAlone ? new int[] {Characters.of(Characters.point(characters[1]), ALONE)} : characters;
  }

  @Override
  public int end(int[] characters, int from, int to) {
    int end = from;
    while (end < to && Characters.isAny(characters[end], LETTER)) {
      end++;
    }
    return Math.max(end, from + 1);
  }
}
