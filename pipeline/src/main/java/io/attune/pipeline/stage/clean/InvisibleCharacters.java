package io.attune.pipeline.stage.clean;

import io.attune.pipeline.stage.clean.Changes.Kind;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/**
 * Removes characters without width and meaning, those that change the direction of what follows,
 * and control characters.
 *
 * <p>Three kinds of characters are invisible and still mean something, and stay where they do:
 * joiners between the parts of an emoji, and in scripts whose letters they join or keep apart, such
 * as Arabic and Devanagari; variation selectors behind the sign that they select a form of; tags
 * within the emoji of a flag.
 */
final class InvisibleCharacters {
  /** Is the number of combining marks on a character that Unicode's stream-safe format allows. */
  static final int MOST_MARKS = 30;

  private static final int DELETE = 0x7F;
  private static final int NON_JOINER = 0x200C;
  private static final int JOINER = 0x200D;
  private static final int EMOJI_SELECTOR = 0xFE0F;
  private static final int KEYCAP = 0x20E3;
  private static final int BLACK_FLAG = 0x1F3F4;

  /** Lists scripts in which a joiner or a selector changes nothing that is seen. */
  private static final Set<UnicodeScript> UNJOINED =
      EnumSet.of(
          UnicodeScript.LATIN,
          UnicodeScript.GREEK,
          UnicodeScript.CYRILLIC,
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL);

  private InvisibleCharacters() {}

  /** Returns a text without them, and with a space for each control character but white space. */
  static String removed(String text, Changes changes) {
    int first = firstSuspect(text);
    if (first == text.length()) {
      return text;
    }
    StringBuilder visible = new StringBuilder(text.length()).append(text, 0, first);
    int previous = first == 0 ? ' ' : text.codePointBefore(first);
    int marks = 0;
    for (int at = first; at < text.length(); ) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      if (isControl(point)) {
        changes.add(Kind.CONTROL, point);
        point = ' ';
      } else if (isInvisible(point)
          || (isSelector(point) && !isSelected(point, previous))
          || (isJoiner(point) && !isJoined(point, previous, pointAt(text, at)))) {
        changes.add(Kind.INVISIBLE, point);
        continue;
      }
      marks = isMark(point) ? marks + 1 : 0;
      if (marks > MOST_MARKS) {
        changes.add(Kind.MARKS, point);
        continue;
      }
      visible.appendCodePoint(point);
      previous = point;
    }
    return visible.toString();
  }

  private static int pointAt(String text, int at) {
    return at < text.length() ? text.codePointAt(at) : ' ';
  }

  /** Returns the place of the first character that may have to go; most texts have none. */
  private static int firstSuspect(String text) {
    int marks = 0;
    for (int at = 0; at < text.length(); ) {
      char c = text.charAt(at);
      if (c >= ' ' && c < DELETE) { // as nearly all of many texts
        marks = 0;
        at++;
        continue;
      }
      int point = text.codePointAt(at);
      marks = point >= 0x300 && isMark(point) ? marks + 1 : 0;
      if (isControl(point)
          || isInvisible(point)
          || isSelector(point)
          || isJoiner(point)
          || marks > MOST_MARKS) {
        // A run of marks is judged from its first on.
        return text.offsetByCodePoints(at, -Math.max(0, marks - 1));
      }
      at += Character.charCount(point);
    }
    return text.length();
  }

  /** Returns whether a character is white space of any width, the ends of lines included. */
  static boolean isSpace(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point) || point == 0x85;
  }

  private static boolean isControl(int point) {
    return Character.getType(point) == Character.CONTROL && !isSpace(point);
  }

  private static boolean isInvisible(int point) {
    return point == 0xAD // soft hyphen
        || point == 0x61C
        || point == 0x180E
        || point == 0x200B // zero-width space
        || point == 0x200E
        || point == 0x200F
        || (point >= 0x202A && point <= 0x202E) // directions
        || (point >= 0x2060 && point <= 0x206F)
        || point == 0xFEFF
        || (point >= 0xFFF9 && point <= 0xFFFB)
        || point == 0xE0001;
  }

  private static boolean isJoiner(int point) {
    return point == JOINER || point == NON_JOINER;
  }

  private static boolean isJoined(int joiner, int previous, int next) {
    if (joiner == JOINER && isPartOfEmoji(previous)) {
      int type = Character.getType(next);
      return type == Character.OTHER_SYMBOL || type == Character.MATH_SYMBOL;
    }
    boolean isWritten = Character.isLetter(previous) || isMark(previous);
    return isWritten && !isSelector(previous) && isJoinedScript(previous);
  }

  private static boolean isPartOfEmoji(int point) {
    return Character.getType(point) == Character.OTHER_SYMBOL
        || (point >= 0x1F3FB && point <= 0x1F3FF) // tones of skin
        || point == EMOJI_SELECTOR
        || point == KEYCAP
        || isTag(point);
  }

  private static boolean isTag(int point) {
    return point >= 0xE0020 && point <= 0xE007F;
  }

  private static boolean isSelector(int point) {
    return (point >= 0xFE00 && point <= EMOJI_SELECTOR)
        || (point >= 0xE0100 && point <= 0xE01EF)
        || isTag(point);
  }

  /** Returns whether a selector selects a form of the character before it. */
  private static boolean isSelected(int selector, int previous) {
    if (isTag(selector)) {
      return previous == BLACK_FLAG || isTag(previous);
    }
    if (selector > EMOJI_SELECTOR) {
      return UnicodeScript.of(previous) == UnicodeScript.HAN;
    }
    if (previous < 0x80) {
      return (previous >= '0' && previous <= '9') || previous == '#' || previous == '*';
    }
    return !isSpace(previous)
        && !isSelector(previous)
        && (Character.isIdeographic(previous) || isJoinedScript(previous));
  }

  private static boolean isJoinedScript(int point) {
    UnicodeScript script = UnicodeScript.of(point);
    return script != UnicodeScript.INHERITED && !UNJOINED.contains(script);
  }

  private static boolean isMark(int point) {
    int type = Character.getType(point);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }
}
