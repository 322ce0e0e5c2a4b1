package io.attune.pipeline.figure;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats numbers, durations and texts for pages and console, independent of the locale. */
public final class Figures {
  /** Stands for a missing number. */
  public static final String NONE = "–";

  /** Names that a sentence lists at most. */
  private static final int NAMES = 10;

  private static final char MINUS = '−';
  private static final int MINUTE = 60;
  private static final int HOUR = 3600;

  private Figures() {}

  /** Formats a count: {@code 12,204}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Formats a number whose last digits do not matter: {@code 4.1 M}. */
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

  /** Formats a whole number in the same way. */
  public static String rough(long value) {
    return rough((double) value);
  }

  /** Formats a fraction in percent: {@code 91.2%} of 0.912. */
  public static String percent(double fraction) {
    return Double.isFinite(fraction) ? String.format(Locale.ROOT, "%.1f%%", 100 * fraction) : NONE;
  }

  /** Formats an interval of fractions in percent: {@code 90.5–91.8%}. */
  public static String percentRange(double low, double high) {
    return Double.isFinite(low) && Double.isFinite(high)
        ? String.format(Locale.ROOT, "%.1f–%.1f%%", 100 * low, 100 * high)
        : NONE;
  }

  /** Formats a difference of two fractions in percentage points, signed: {@code +1.2}. */
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

  /** Formats a number with three decimals. */
  public static String decimal(double value) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%.3f", value).replace('-', MINUS)
        : NONE;
  }

  /** Formats a number with three decimals; {@link #NONE} for null. */
  public static String decimalOrNone(Double value) {
    return value == null ? NONE : decimal(value);
  }

  /** Formats a p-value: {@code 0.034}, {@code < 0.001}; {@link #NONE} for null. */
  public static String probability(Double value) {
    if (value == null || !Double.isFinite(value)) {
      return NONE;
    }
    return value < 0.001 ? "< 0.001" : decimal(value);
  }

  /** Formats a duration: {@code 0.8 s}, {@code 48 s}, {@code 3 min 05 s}, {@code 1 h 02 min}. */
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

  /** Formats a duration for a console column: {@code 3.2 s}, {@code 1:05 min}, {@code 2:10 h}. */
  public static String shortDuration(double seconds) {
    if (seconds < MINUTE) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < HOUR
        ? minutes(whole)
        : String.format(Locale.ROOT, "%d:%02d h", whole / HOUR, whole % HOUR / MINUTE);
  }

  /** Formats a duration in minutes, however short or long it is: {@code 0:38 min}. */
  public static String minutes(long seconds) {
    return String.format(Locale.ROOT, "%d:%02d min", seconds / MINUTE, seconds % MINUTE);
  }

  /** Formats a length for CSS, in percent of the whole, in [0, 100]. */
  public static String width(double fraction) {
    double bounded = Double.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
    return String.format(Locale.ROOT, "%.1f%%", 100 * bounded);
  }

  /** Formats a count with its noun: {@code 1 document}, {@code 2 documents}. */
  public static String of(long value, String singular) {
    return count(value) + " " + singular + (value == 1 ? "" : "s");
  }

  /** Lists names in quotes: {@code 'id', 'text'}. */
  public static String quoted(Collection<String> names) {
    return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }

  /** Quotes the first of some names, with visible characters, and counts the others. */
  public static String firstQuoted(Collection<String> names) {
    String first =
        quoted(
            names.stream()
                .limit(NAMES)
                .map(name -> name.replaceAll("[\\p{Cc}\\p{Cf}]", "\uFFFD"))
                .toList());
    return names.size() <= NAMES
        ? first
        : first + " and %,d others".formatted(names.size() - NAMES);
  }

  /** Returns at most {@code characters} code points of a text, with an ellipsis if it was cut. */
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
   * Returns as much of a text as fits a label of a chart, with an ellipsis if it was cut.
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
