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
      List.of("nan", "NaN", "None", "null", "NULL", "\\N", "N/A", "n/a", "<NA>", "NaT");

  private static final Pattern NUMBER = Pattern.compile("[+-]?(0|[1-9]\\d{0,15})(\\.\\d{0,15})?");

  private LabelText() {}

  /**
   * Returns what two spellings of one label have in common: case, outer and repeated blanks, full
   * and half width do not count, and 5 is 5.0.
   */
  public static String key(String label) {
    String plain = Normalizer.normalize(label, Normalizer.Form.NFKC).strip();
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
