package io.attune.jobs.demo;

/** What is wrong with the demo on purpose: real corpora are no cleaner. */
enum Defect {
  /** A label that is not the true one; counted once a label. */
  WRONG_LABEL(0.03),
  /** Tags and entities of HTML around and within the text. */
  MARKUP(0.05),
  EMOJI(0.04),
  /** A tail in UTF-8 that was once read as windows-1252. */
  MOJIBAKE(0.01),
  /** A U+FFFD within the text. */
  REPLACEMENT_CHARACTER(0.006),
  /** Two bytes within the text that are not UTF-8. */
  INVALID_BYTES(0.004),
  /** Line ends within the text; only in CSV. */
  LINE_BREAK(0.12),
  /** Quotes and a comma within the title; only in CSV. */
  QUOTES(0.05),
  /** The same text again, edited a little, from another source. */
  NEAR_DUPLICATE(0.02),
  /** The same text again from another source. */
  EXACT_DUPLICATE(0.01),
  NO_TOPIC(0.03),
  NO_SENTIMENT(0.05),
  /** A label that is none of the classes. */
  UNKNOWN_LABEL(0.001),
  EMPTY_TEXT(0.001),
  /** A title that a spreadsheet would run. */
  FORMULA(0.001),
  /** A title that a web page would run: one a night, in the English news. */
  SCRIPT(0),
  /**
   * A row that ends too soon: JSON cut in the middle, or too few columns; besides the good rows.
   */
  CUT_ROW(0.002),
  /** A row whose date is none; besides the good rows. */
  WRONG_DATE(0.002);

  private final double fraction;

  Defect(double fraction) {
    this.fraction = fraction;
  }

  /** The chance of it, by text or label. */
  double fraction() {
    return fraction;
  }
}
