package io.attune.pipeline.input.value;

import com.ibm.icu.text.Transliterator;

/** Compares Chinese as it is written in different places. */
public final class ChineseText {
  private ChineseText() {}

  /** Returns a text with simplified characters for traditional ones. */
  public static String simplified(String text) {
    return text.codePoints().anyMatch(Character::isIdeographic)
        ? Simplifying.RULES.transliterate(text)
        : text;
  }

  /** Reads the rules when they are first needed. */
  private static final class Simplifying {
    private static final Transliterator RULES =
        Transliterator.getInstance("Traditional-Simplified");
  }
}
