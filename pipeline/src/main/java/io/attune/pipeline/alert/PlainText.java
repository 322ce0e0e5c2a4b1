package io.attune.pipeline.alert;

import io.attune.pipeline.figure.Figures;

/**
 * Makes text that others wrote harmless in mails, chats and terminals: it is on one line, without
 * control characters and directional overrides, and nothing in it is markup or addresses anyone.
 */
public final class PlainText {
  /** Lists characters that Markdown, chats or HTML give a meaning. */
  private static final String MARKUP = "\\`*_~|[]<>#@&!{}";

  /** Stands before a character that would mean something: an invisible word joiner. */
  private static final char JOINER = '\u2060';

  private PlainText() {}

  /**
   * Returns the text on one line; what looks like markup reads as before and means nothing.
   *
   * @param characters at most, with an ellipsis if it was cut
   */
  public static String of(String text, int characters) {
    String line = visible(text == null ? "" : text);
    StringBuilder out = new StringBuilder();
    Figures.cut(line, characters)
        .codePoints()
        .forEach(
            c -> {
              if (MARKUP.indexOf(c) >= 0) {
                out.appendCodePoint(c == '<' ? '‹' : c == '>' ? '›' : lookalike(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return withoutLinks(out.toString());
  }

  /** Returns the full-width form, which looks much the same. */
  private static int lookalike(int c) {
    return c + 0xFEE0;
  }

  /** Breaks addresses, which chats make links of, and lines that begin a list or a quotation. */
  private static String withoutLinks(String text) {
    String broken = text.replace("://", ":" + JOINER + "//").replace("www.", "www" + JOINER + ".");
    return broken.matches("^(?:[-+>]|\\d+[.)])\\s.*") ? JOINER + broken : broken;
  }

  private static String visible(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean isSpace =
                  Character.isWhitespace(c)
                      || Character.isSpaceChar(c)
                      || type == Character.CONTROL;
              if (isSpace) {
                out.append(' ');
              } else if (type != Character.FORMAT && type != Character.SURROGATE) {
                out.appendCodePoint(c);
              }
            });
    return out.toString().replaceAll(" +", " ").strip();
  }
}
