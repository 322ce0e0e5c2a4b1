package io.attune.pipeline.text;

import java.util.Locale;

/**
 * Finds the signs of a text without which it says another thing: plus, minus and the decimal sign
 * of a number, signs that compare, percent and currencies beside a number, emoticons, emoji and
 * arrows. Other punctuation, such as a hyphen between words or digits, is none.
 *
 * <p>Texts are in compatibility form (Unicode NFKC) and lower case, with single spaces.
 */
public final class Signs {
  private static final char MINUS = '−';
  private static final int ASCII = 0x80;
  private static final int FIRST_OF_OTHERS = 0xA2; // the cent
  private static final int MOST_COMPARING = 2; // more of them draw a line

  private static final int THOUSANDS = 3; // digits behind a sign that parts them

  private static final String COMPARING = "<>=≤≥≠≈";
  private static final String EYES = ":;=";
  private static final String NOSES = "-'^";
  private static final String ROUND_MOUTHS = "()";

  /** Lists mouths that also occur elsewhere, such as in addresses: they must stand alone. */
  private static final String OTHER_MOUTHS = "[]{}|/\\*@$#dpo";

  /** Lists the eyes of faces that are upright, such as {@code ^_^}. */
  private static final String UPRIGHT_EYES = "^-><;=*~";

  private static final String BEFORE_SIGNED = "([{,;:!?/*~|<>=≤≥≠≈。、";
  private static final String QUOTES = "\"'";
  private static final String PICTURES = "↑↓⬆⬇▲▼△▽★☆☹☺♥♡❤✓✔✕✖✗✘⭐❌✅";

  private static final boolean[] MAY_COUNT = new boolean[ASCII];

  static {
    ("+-%$.," + EYES + UPRIGHT_EYES + "<>").chars().forEach(c -> MAY_COUNT[c] = true);
  }

  private final char[] text;

  private Signs(char[] text) {
    this.text = text;
  }

  /** Reads the signs of a text. */
  public static Signs of(char[] text) {
    return new Signs(text);
  }

  /** Returns whether a character that is no letter or digit may be such a sign. */
  public static boolean mayCount(int point) {
    return point < ASCII ? MAY_COUNT[point] : point >= FIRST_OF_OTHERS;
  }

  /** Returns how many emoticons a text has, of any case. */
  public static long emoticons(String text) {
    Signs signs = new Signs(text.toLowerCase(Locale.ROOT).toCharArray());
    long number = 0;
    for (int at = 0; at < signs.text.length; ) {
      int end = signs.emoticonEnd(at);
      number += end > at ? 1 : 0;
      at = Math.max(end, at + 1);
    }
    return number;
  }

  /**
   * Returns the place behind the sign that begins here; the place itself if there is none. Signs
   * with the same first and last character, such as {@code :)} and {@code :-)))}, are the same.
   */
  public int end(int at) {
    char c = text[at];
    if (isBeforeWord(c, at + 1)) {
      return at;
    }
    int face = emoticonEnd(at);
    if (face > at) {
      return face;
    }
    if (isPicture(at)) {
      return at + Character.charCount(Character.codePointAt(text, at));
    }
    boolean counts =
        isPlusOrMinus(c)
            ? isOfNumber(at)
            : isComparing(c)
                ? compares(at)
                : isPointOrComma(c)
                    ? isDecimal(at)
                    : (isShare(c) || isCurrency(c)) && (isNumberAt(at + 1) || endsNumber(at - 1));
    return counts ? at + 1 : at;
  }

  /** Returns the character that stands for a sign and those that mean the same. */
  public static char plain(char sign) {
    return sign == MINUS ? '-' : sign == ',' ? '.' : sign;
  }

  /** Returns whether a word or a space follows, as it mostly does, and makes it no sign. */
  private boolean isBeforeWord(char c, int next) {
    char behind = charAt(next);
    boolean isWord = behind >= 'a' && behind <= 'z' && OTHER_MOUTHS.indexOf(behind) < 0;
    return (c == ':' || c == '-' || c == ';') && (behind == ' ' || isWord);
  }

  private int emoticonEnd(int at) {
    char c = text[at];
    if (c >= ASCII || !MAY_COUNT[c]) {
      return at;
    }
    int upright = uprightEnd(at);
    if (upright > at || EYES.indexOf(c) < 0) {
      return upright;
    }
    boolean hasNose = NOSES.indexOf(charAt(at + 1)) >= 0;
    int mouth = at + (hasNose ? 2 : 1);
    char shape = charAt(mouth);
    boolean round = ROUND_MOUTHS.indexOf(shape) >= 0;
    if (shape == 0 || (!round && OTHER_MOUTHS.indexOf(shape) < 0)) {
      return at;
    }
    int end = mouth;
    while (charAt(end) == shape) {
      end++;
    }
    char next = charAt(end);
    boolean opens = shape == '(' && !hasNose;
    boolean ends = (round && !opens) ? !isAsciiWord(next) : !Character.isLetterOrDigit(next);
    boolean begins = round || !Character.isLetterOrDigit(charAt(at - 1));
    return ends && begins && (round || end == mouth + 1) ? end : at;
  }

  private int uprightEnd(int at) {
    char c = text[at];
    char next = charAt(at + 1);
    if (c == '^' && next == '^') {
      return at + 2;
    }
    char last = charAt(at + 2);
    boolean isFace = next == '_' && last != 0 && UPRIGHT_EYES.indexOf(last) >= 0;
    return isFace && UPRIGHT_EYES.indexOf(c) >= 0 ? at + 3 : at;
  }

  /** Returns whether a plus or minus belongs to the number behind it, and joins nothing. */
  private boolean isOfNumber(int at) {
    int number = at + (isCurrency(charAt(at + 1)) ? 2 : 1);
    number += charAt(number) == '.' ? 1 : 0;
    if (!Character.isDigit(charAt(number))) {
      return false;
    }
    char before = charAt(at - 1);
    if (before == 0 || Character.isWhitespace(before) || isCurrency(before)) {
      return true;
    } else if (QUOTES.indexOf(before) >= 0) {
      char outside = charAt(at - 2);
      return outside == 0 || Character.isWhitespace(outside);
    } else if (isWithoutSpaces(before)) {
      return text[at] == '+' || isShare(behindNumber(number));
    }
    int type = Character.getType(before);
    return BEFORE_SIGNED.indexOf(before) >= 0
        || type == Character.START_PUNCTUATION
        || type == Character.INITIAL_QUOTE_PUNCTUATION;
  }

  private char behindNumber(int from) {
    int at = from;
    while (Character.isDigit(charAt(at)) || charAt(at) == '.' || charAt(at) == ',') {
      at++;
    }
    return charAt(charAt(at) == ' ' ? at + 1 : at);
  }

  /** Returns whether a point or comma parts digits, and no thousands. */
  private boolean isDecimal(int at) {
    if (!Character.isDigit(charAt(at - 1)) || !Character.isDigit(charAt(at + 1))) {
      return false;
    }
    int end = at + 1;
    while (Character.isDigit(charAt(end))) {
      end++;
    }
    return end - at - 1 != THOUSANDS;
  }

  /** Returns whether a sign stands beside a number, and is no arrow or line. */
  private boolean compares(int at) {
    int from = at;
    while (isComparing(charAt(from - 1)) && at - from < MOST_COMPARING) {
      from--;
    }
    int end = at + 1;
    while (isComparing(charAt(end)) && end - at <= MOST_COMPARING) {
      end++;
    }
    boolean isArrow = text[at] == '>' && "-=".indexOf(charAt(at - 1)) >= 0;
    return end - from <= MOST_COMPARING && !isArrow && (isNumberAt(end) || endsNumber(from - 1));
  }

  /** Returns whether a number begins here, or behind a space. */
  private boolean isNumberAt(int from) {
    int at = charAt(from) == ' ' ? from + 1 : from;
    at += isPlusOrMinus(charAt(at)) ? 1 : 0;
    at += isCurrency(charAt(at)) ? 1 : 0;
    at += charAt(at) == '.' ? 1 : 0;
    return Character.isDigit(charAt(at));
  }

  /** Returns whether a number ends here, or before a space. */
  private boolean endsNumber(int from) {
    int at = charAt(from) == ' ' ? from - 1 : from;
    at -= isShare(charAt(at)) || isCurrency(charAt(at)) ? 1 : 0;
    return Character.isDigit(charAt(at));
  }

  /** Returns a character; 0 outside the text. */
  private char charAt(int at) {
    return at >= 0 && at < text.length ? text[at] : 0;
  }

  private static boolean isPointOrComma(char c) {
    return c == '.' || c == ',';
  }

  private static boolean isPlusOrMinus(char c) {
    return c == '+' || c == '-' || c == MINUS;
  }

  private static boolean isComparing(char c) {
    return c != 0 && COMPARING.indexOf(c) >= 0;
  }

  private static boolean isShare(char c) {
    return c == '%' || c == '‰';
  }

  private static boolean isCurrency(char c) {
    return c == '$' || (c >= FIRST_OF_OTHERS && Character.getType(c) == Character.CURRENCY_SYMBOL);
  }

  /** Returns whether no space stands before signs in the script of a character. */
  private static boolean isWithoutSpaces(char c) {
    return Character.isIdeographic(c) || (c >= 'ぁ' && c <= 'ヿ');
  }

  private static boolean isAsciiWord(char c) {
    return c < ASCII && Character.isLetterOrDigit(c);
  }

  /** Returns whether an emoji or one of few other pictures is here; not its colour or form. */
  private boolean isPicture(int at) {
    char c = text[at];
    if (!Character.isHighSurrogate(c)) {
      return c >= ASCII && PICTURES.indexOf(c) >= 0;
    }
    int point = Character.codePointAt(text, at);
    return point >= 0x1F300
        && point < 0x1FB00
        && Character.getType(point) == Character.OTHER_SYMBOL;
  }
}
