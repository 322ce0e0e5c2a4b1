package io.attune.pipeline.stage.clean;

import io.attune.pipeline.stage.clean.Changes.Kind;
import io.attune.pipeline.stage.clean.CleanConfig.Personal;
import io.attune.pipeline.stage.clean.CleanConfig.Urls;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces web addresses and what may identify a person by tokens such as {@code [EMAIL]}.
 *
 * <p>Every pattern looks at a bounded number of characters from where it begins, so the time is
 * linear in the text. Digits are those of ASCII.
 */
final class Masking {
  /** Precedes a number that is not the end of a word, of a longer number or of a fraction. */
  private static final String START = "(?<![0-9A-Za-z])(?<![0-9][.,-])";

  private static final String END = "(?![0-9A-Za-z])";

  private static final Pattern URL =
      Pattern.compile(
          "(?<![A-Za-z0-9])(?i:(?:https?|ftp)://|www\\.)"
              + "[A-Za-z0-9\\-._~:/?#\\[\\]@!$&'()*+,;=%]*[A-Za-z0-9/_=&#%~+\\-]");

  /** Follows RFC 5321 in the lengths: 64 characters before the sign, 63 in a label. */
  private static final Pattern EMAIL =
      Pattern.compile(
          "(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}+@"
              + "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.){1,8}[A-Za-z]{2,24}"
              + END);

  /** Finds 17 digits, of which eight are a date, and the check digit (GB 11643-1999). */
  private static final Pattern CN_ID =
      Pattern.compile(
          "(?<![0-9A-Za-z])[1-9]\\d{5}(?:18|19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])"
              + "\\d{3}[0-9Xx]"
              + END);

  /** Finds 14 to 19 digits in the groups in which cards show them, or in none. */
  private static final Pattern CARD =
      Pattern.compile(
          START
              + "(?:(\\d{4}([ -])\\d{4}\\2\\d{4}\\2\\d{4})(\\2\\d{3})?"
              + "|3\\d{3}([ -])\\d{6}\\4\\d{4,5}|\\d{14,19})"
              + END);

  private static final Pattern MOBILE =
      Pattern.compile(
          START
              + "(?:(?:\\+|00)?86[ -]?)?1[3-9]\\d(?:\\d{8}|[ -]\\d{4}[ -]\\d{4})"
              + END
              + "(?!\\.\\d)");

  /**
   * Finds numbers with a plus sign and a country code, North American and Chinese service numbers
   * with their separators, and numbers whose area code begins with 0.
   */
  private static final Pattern PHONE =
      Pattern.compile(
          START
              + "(?:\\+[1-9]\\d{0,2}+(?:[ .-]?+\\(?+\\d{1,4}+\\)?+){2,6}+"
              + "|(?:\\(\\d{3}\\) ?|\\d{3}[-.])\\d{3}[-.]\\d{4}"
              + "|(?:\\(0\\d{1,4}\\) ?|0\\d{1,4}[/-])\\d{5,8}(?:-\\d{1,5})?"
              + "|0\\d{2,4} \\d{3,4} \\d{3,4})"
              + END);

  /** Weighs the first 17 digits of a Chinese identity number: 2 to the power 17 - i, modulo 11. */
  private static final int[] CN_ID_WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

  private static final String CN_ID_CHECKS = "10X98765432";

  private Masking() {}

  /** Returns a text with what the configuration names replaced; lines stay lines. */
  static String masked(String text, CleanConfig config, Changes changes) {
    String masked = text;
    if (config.urls() != Urls.KEEP) {
      String token = config.urls() == Urls.MASK ? "[URL]" : "";
      masked =
          URL.matcher(masked)
              .replaceAll(
                  found -> {
                    changes.add(Kind.URLS, found.group());
                    return token;
                  });
    }
    for (Personal kind : Personal.values()) {
      if (config.mask().contains(kind)) {
        masked = masked(masked, kind, changes);
      }
    }
    return masked.equals(text) ? text : TextNormalizer.withSingleSpaces(masked);
  }

  private static String masked(String text, Personal kind, Changes changes) {
    return switch (kind) {
      case EMAIL -> replaced(text, EMAIL, Kind.EMAIL, changes, Masking::whole);
      case CN_ID -> replaced(text, CN_ID, Kind.CN_ID, changes, Masking::identity);
      case CARD -> replaced(text, CARD, Kind.CARD, changes, Masking::card);
      case MOBILE -> replaced(text, MOBILE, Kind.MOBILE, changes, Masking::whole);
      case PHONE -> replaced(text, PHONE, Kind.PHONE, changes, Masking::phone);
    };
  }

  /**
   * Replaces what a pattern finds.
   *
   * @param confirmed how many characters of a match are what is sought; 0 for none of them
   */
  private static String replaced(
      String text,
      Pattern pattern,
      Kind kind,
      Changes changes,
      ToIntFunction<MatchResult> confirmed) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder masked = new StringBuilder();
    int copied = 0;
    for (int from = 0; matcher.find(from); ) {
      int length = confirmed.applyAsInt(matcher);
      from = matcher.start() + Math.max(1, length);
      if (length > 0) {
        masked.append(text, copied, matcher.start()).append('[');
        masked.append(kind.word().toUpperCase(Locale.ROOT)).append(']');
        copied = from;
        changes.add(kind);
      }
    }
    return copied == 0 ? text : masked.append(text, copied, text.length()).toString();
  }

  private static int whole(MatchResult found) {
    return found.group().length();
  }

  private static int phone(MatchResult found) {
    long digits = found.group().chars().filter(Character::isDigit).count();
    return digits >= 8 && digits <= 15 ? whole(found) : 0;
  }

  private static int identity(MatchResult found) {
    String number = found.group();
    int sum = 0;
    for (int i = 0; i < CN_ID_WEIGHTS.length; i++) {
      sum += CN_ID_WEIGHTS[i] * (number.charAt(i) - '0');
    }
    char check = Character.toUpperCase(number.charAt(CN_ID_WEIGHTS.length));
    return CN_ID_CHECKS.charAt(sum % 11) == check ? number.length() : 0;
  }

  /** Takes three digits behind a card for a part of it only if they fit its check digit. */
  private static int card(MatchResult found) {
    if (isCard(found.group())) {
      return whole(found);
    }
    boolean hasMore = found.group(3) != null;
    return hasMore && isCard(found.group(1)) ? found.group(1).length() : 0;
  }

  private static boolean isCard(String shown) {
    String digits = shown.replace(" ", "").replace("-", "");
    char second = digits.charAt(1);
    boolean issued =
        switch (digits.charAt(0)) {
          case '2' -> second >= '2' && second <= '7';
          case '3' -> second == '0' || second >= '4';
          case '4', '6' -> true;
          case '5' -> second <= '8';
          default -> false;
        };
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighed = i % 2 == 0 ? digit : 2 * digit;
      sum += weighed > 9 ? weighed - 9 : weighed;
    }
    return issued && sum % 10 == 0;
  }
}
