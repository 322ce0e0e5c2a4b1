package io.attune.jobs.demo;

/** Lists the defects injected into the demo, since real corpora have them too. */
enum Defect {
  /** Replaces a label by a wrong one; counted once per label. */
  WRONG_LABEL(0.03),
  /** Puts tags and entities of HTML around and into the text. */
  MARKUP(0.05),
  EMOJI(0.04),
  /** Appends UTF-8 that was read as windows-1252. */
  MOJIBAKE(0.01),
  /** Inserts a U+FFFD into the text. */
  REPLACEMENT_CHARACTER(0.006),
  /** Inserts two bytes into the text that are not UTF-8. */
  INVALID_BYTES(0.004),
  /** Inserts line ends into the text; only in CSV. */
  LINE_BREAK(0.12),
  /** Puts quotes and a comma into the title; only in CSV. */
  QUOTES(0.05),
  /** Repeats a text, slightly edited, from another source. */
  NEAR_DUPLICATE(0.02),
  /** Repeats a text from another source. */
  EXACT_DUPLICATE(0.01),
  NO_TOPIC(0.03),
  NO_SENTIMENT(0.05),
  /** Replaces a label by one that is not a class. */
  UNKNOWN_LABEL(0.001),
  EMPTY_TEXT(0.001),
  /** Replaces a title by one that a spreadsheet would evaluate. */
  FORMULA(0.001),
  /** Replaces a title by one that a web page would execute: one per night, in the English news. */
  SCRIPT(0),
  /** Adds a truncated row to the good rows: JSON cut in the middle, or too few columns. */
  CUT_ROW(0.002),
  /** Adds a row with an invalid date to the good rows. */
  WRONG_DATE(0.002);

  private final double fraction;

  Defect(double fraction) {
    this.fraction = fraction;
  }

  /** Returns its probability, per text or label. */
  double fraction() {
    return fraction;
  }
}
