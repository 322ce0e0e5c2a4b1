package io.attune.pipeline.figure;

import java.util.Locale;

/** Numbers and words as the pages write them: the same everywhere, whatever the locale. */
public final class Figures {
  /** What stands where there is no number. */
  public static final String NONE = "–";

  private static final char MINUS = '−';
  private static final int MINUTE = 60;
  private static final int HOUR = 3600;

  private Figures() {}

  /** Such as {@code 12,204}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Such as {@code 4.1 M}, for numbers whose last digits tell nothing. */
  public static String rough(double value) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    if (value >= 999.5e6) {
      return String.format(Locale.ROOT, "%.1f bn", value / 1e9);
    }
    if (value >= 999_500) {
      return String.format(Locale.ROOT, "%.1f M", value / 1e6);
    }
    if (value >= 10_000) {
      return String.format(Locale.ROOT, "%.0f k", value / 1e3);
    }
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** Likewise, of a whole number. */
  public static String rough(long value) {
    return rough((double) value);
  }

  /** Such as {@code 91.2%} of 0.912. */
  public static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f%%", 100 * share) : NONE;
  }

  /** Such as {@code 90.5–91.8%}. */
  public static String percentRange(double low, double high) {
    return Double.isFinite(low) && Double.isFinite(high)
        ? String.format(Locale.ROOT, "%.1f–%.1f%%", 100 * low, 100 * high)
        : NONE;
  }

  /** A difference of two shares in percentage points, with its sign: {@code +1.2}. */
  public static String points(double difference) {
    if (!Double.isFinite(difference)) {
      return NONE;
    }
    String digits = String.format(Locale.ROOT, "%.1f", Math.abs(100 * difference));
    if (digits.equals("0.0")) {
      return "±0.0";
    }
    return (difference < 0 ? MINUS : '+') + digits;
  }

  /** Three decimals. */
  public static String decimal(double value) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%.3f", value).replace('-', MINUS)
        : NONE;
  }

  /** Three decimals; {@link #NONE} for null. */
  public static String decimalOrNone(Double value) {
    return value == null ? NONE : decimal(value);
  }

  /** A p-value: {@code 0.034}, {@code < 0.001}; {@link #NONE} for null. */
  public static String probability(Double value) {
    if (value == null || !Double.isFinite(value)) {
      return NONE;
    }
    return value < 0.001 ? "< 0.001" : decimal(value);
  }

  /** Such as {@code 0.8 s}, {@code 48 s}, {@code 3 min 05 s} or {@code 1 h 02 min}. */
  public static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return NONE;
    }
    if (seconds < 9.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < MINUTE) {
      return whole + " s";
    }
    if (whole < HOUR) {
      return String.format(Locale.ROOT, "%d min %02d s", whole / MINUTE, whole % MINUTE);
    }
    return String.format(Locale.ROOT, "%,d h %02d min", whole / HOUR, whole % HOUR / MINUTE);
  }

  /**
   * Writes a duration as a console column does: {@code 3.2 s}, {@code 1:05 min}, {@code 2:10 h}.
   */
  public static String shortDuration(double seconds) {
    if (seconds < MINUTE) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < HOUR
        ? minutes(whole)
        : String.format(Locale.ROOT, "%d:%02d h", whole / HOUR, whole % HOUR / MINUTE);
  }

  /** Writes a duration in minutes, however short or long it is: {@code 0:38 min}. */
  public static String minutes(long seconds) {
    return String.format(Locale.ROOT, "%d:%02d min", seconds / MINUTE, seconds % MINUTE);
  }

  /** A length for CSS, in percent of the whole, in [0, 100]. */
  public static String width(double share) {
    double bounded = Double.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
    return String.format(Locale.ROOT, "%.1f%%", 100 * bounded);
  }

  /** One of several things counted, in words: {@code 1 document}, {@code 2 documents}. */
  public static String of(long value, String singular) {
    return count(value) + " " + singular + (value == 1 ? "" : "s");
  }

  /** At most {@code characters} code points of a text, with an ellipsis where it was cut. */
  public static String cut(String text, int characters) {
    if (text == null) {
      return "";
    }
    if (text.codePointCount(0, text.length()) <= characters) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, characters - 1)) + "…";
  }

  /**
   * As much of a text as fits a place in a chart, with an ellipsis where it was cut.
   *
   * @param columns its width in Latin characters; Chinese, Japanese and Korean ones take two
   */
  public static String fit(String text, int columns) {
    int used = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      used += Character.isIdeographic(text.codePointAt(i)) ? 2 : 1;
      if (used > columns) {
        return text.substring(0, i) + "…";
      }
    }
    return text;
  }
}
