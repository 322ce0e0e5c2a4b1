package io.attune.pipeline.input.value;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Compares labels as people write them. */
public final class LabelText {
  /** Lists words that programs write where there is no value. */
  public static final List<String> NULL_WORDS =
      List.of("nan", "NaN", "None", "null", "NULL", "\\N", "N/A", "n/a", "#N/A", "<NA>", "NaT");

  private static final Pattern NUMBER = Pattern.compile("[+-]?(0|[1-9]\\d{0,15})(\\.\\d{0,15})?");

  /** Matches what has no width and joins nothing: it comes of copying, and nobody sees it. */
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\u00AD\\u061C\\u200B\\u200E\\u200F\\u2060\\uFEFF]");

  private LabelText() {}

  /** Returns a label without outer blanks and without characters that nobody sees. */
  public static String plain(String label) {
    for (int at = 0; at < label.length(); at++) {
      if (label.charAt(at) >= 0xAD) {
        return INVISIBLE.matcher(label).replaceAll("").strip();
      }
    }
    return label.strip();
  }

  /**
   * Returns what two spellings of one label have in common: case, outer and repeated blanks,
   * characters that nobody sees, full and half width do not count, and 5 is 5.0.
   */
  public static String key(String label) {
    String plain = plain(Normalizer.normalize(label, Normalizer.Form.NFKC));
    if (NUMBER.matcher(plain).matches()) {
      BigDecimal number = new BigDecimal(plain);
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
    return plain.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
  }

  /** Returns whether a label is written as a number. */
  public static boolean isNumber(String label) {
    return NUMBER.matcher(label.strip()).matches();
  }
}
