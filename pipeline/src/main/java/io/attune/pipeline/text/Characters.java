package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Knows what a normaliser makes of each character, by asking the native library once for each that
 * occurs: its Unicode tables are older than Java's in places. Safe for use by several threads.
 *
 * <p>A normalised character is a number: its code point in the lower 21 bits, the class that {@link
 * WordSplit} gives it above.
 */
final class Characters {
  /** Means that a character gives none or several. */
  static final int SEVERAL = -1;

  /** Means that what a character gives depends on its neighbours. */
  static final int DEPENDS = -2;

  private static final int UNKNOWN = 0;
  private static final int BITS = 21; // of a code point
  private static final int POINT = (1 << BITS) - 1;
  private static final int PAGE_BITS = 8;
  private static final int PAGE = 1 << PAGE_BITS;

  /** Lists the normalisers that look at single characters, except for what composes. */
  private static final Set<String> BY_CHARACTER = Set.of("BertNormalizer", "NFKC", "Lowercase");

  private final WordSplit split;
  private final Function<String, List<String>> normalize;
  private final Function<String, List<String>> words;

  // Threads may write the same number into a page twice; a page that another thread made is seen
  // with zeros at worst, which is UNKNOWN.
  private final int[][] pages = new int[(Character.MAX_CODE_POINT >> PAGE_BITS) + 1][];
  private final Map<Integer, int[]> several = new ConcurrentHashMap<>();

  /**
   * Makes an empty table.
   *
   * @param normalize gives a text as a list whose parts, put together, are its normal form
   * @param words divides a text that is normalised
   */
  Characters(
      WordSplit split,
      Function<String, List<String>> normalize,
      Function<String, List<String>> words) {
    this.split = split;
    this.normalize = normalize;
    this.words = words;
  }

  /** Returns whether a normaliser of a {@code tokenizer.json} is one that the table holds for. */
  static boolean know(JsonNode normalizer) {
    if (!normalizer.path("type").asText().equals("Sequence")) {
      return BY_CHARACTER.contains(normalizer.path("type").asText());
    }
    for (JsonNode part : normalizer.path("normalizers")) {
      if (!BY_CHARACTER.contains(part.path("type").asText())) {
        return false;
      }
    }
    return normalizer.path("normalizers").isArray();
  }

  static int of(int point, int wordClass) {
    return wordClass << BITS | point;
  }

  static int point(int character) {
    return character & POINT;
  }

  /** Returns whether a character is in a class, or in one of several. */
  static boolean isAny(int character, int classes) {
    return (character >>> BITS & classes) != 0;
  }

  static boolean isSpace(int character) {
    return isAny(character, WordSplit.SPACE);
  }

  /**
   * Returns the normalised character that a code point gives, which is positive, or {@link
   * #SEVERAL} or {@link #DEPENDS}.
   */
  int normalized(int point) {
    int[] page = pages[point >> PAGE_BITS];
    int found = page == null ? UNKNOWN : page[point & PAGE - 1];
    return found == UNKNOWN ? find(point) : found;
  }

  /** Returns the characters that a code point gives whose result is {@link #SEVERAL}. */
  int[] several(int point) {
    return several.computeIfAbsent(point, this::ask);
  }

  private int find(int point) {
    int[] given = ask(point);
    int found = SEVERAL;
    if (given == null) {
      found = DEPENDS;
    } else if (given.length == 1) {
      found = given[0];
    }
    int[] page = pages[point >> PAGE_BITS];
    if (page == null) {
      page = new int[PAGE];
      pages[point >> PAGE_BITS] = page;
    }
    page[point & PAGE - 1] = found;
    return found;
  }

  /** Asks the native library; null if the result depends on the neighbours. */
  private int[] ask(int point) {
    int[] given =
        String.join("", normalize.apply(Character.toString(point))).codePoints().toArray();
    for (int i = 0; i < given.length; i++) {
      if (!standsAlone(given[i])) {
        return null;
      }
      given[i] = of(given[i], split.classOf(Character.toString(given[i]), words));
    }
    return split.shortened(given);
  }

  /**
   * Returns whether a normalised character neither composes with the one before it nor changes
   * places with it (Unicode Standard Annex 15). Marks may, and so may the parts of Korean
   * syllables; what a code point is that this Java does not know, nobody can say.
   */
  private static boolean standsAlone(int point) {
    if (point >= 0xFE00 && point <= 0xFE0F) {
      return true; // variation selectors, as in many emoji, are marks that do neither
    }
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.UNASSIGNED,
          Character.SURROGATE ->
          false;
      default -> !isPartOfSyllable(point);
    };
  }

  private static boolean isPartOfSyllable(int point) {
    return (point >= 0x1100 && point <= 0x11FF)
        || (point >= 0xA960 && point <= 0xA97F)
        || (point >= 0xD7B0 && point <= 0xD7FF);
  }
}
