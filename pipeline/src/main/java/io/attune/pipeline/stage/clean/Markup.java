package io.attune.pipeline.stage.clean;

import io.attune.pipeline.stage.clean.Changes.Kind;
import java.util.Locale;
import org.jsoup.nodes.Attribute;
import org.jsoup.parser.Tag;

/**
 * Turns HTML into text in one pass over it: tags and comments are removed, character references
 * decoded once.
 *
 * <p>Only a tag whose name HTML knows, with attributes in HTML's form, is one; all else between
 * angle brackets stays as it was written, such as {@code <NVS.N>}, {@code <desk@example.com>} or
 * {@code a < b}. A tag of one letter without attributes, which may be a stock's symbol, is one only
 * if a tag that closes it occurs in the text. An open comment without an end is text. A tag of a
 * block, such as a paragraph, becomes the end of a line.
 *
 * <p>The content of a style is removed. That of a script stays, as it is written: texts about
 * programs, and those of people who try out a form, are texts.
 *
 * <p>A tag has at most {@link #MOST_ANGLES} opening angle brackets in its attributes, so that no
 * character is read more than that many times.
 */
final class Markup {
  static final int MOST_ANGLES = 16;

  private static final int LONGEST_NAME = 16;

  static final int NOT = -1;
  private static final String COMMENT = "<!--";
  private static final String COMMENT_END = "-->";
  private static final String CDATA = "<![CDATA[";
  private static final String CDATA_END = "]]>";

  private final String text;
  private final Changes changes;
  private final StringBuilder plain;
  private final int lastCommentEnd;
  private final int lastCdataEnd;
  private final int closedLetters;
  private int cdataEnd = NOT;
  private boolean moreStyles = true;
  private boolean moreScripts = true;

  private Markup(String text, Changes changes) {
    this.text = text;
    this.changes = changes;
    this.plain = new StringBuilder(text.length());
    this.lastCommentEnd = text.lastIndexOf(COMMENT_END);
    this.lastCdataEnd = text.lastIndexOf(CDATA_END);
    this.closedLetters = closedLetters(text);
  }

  /**
   * Returns a text without its markup; it may hold lone surrogates if references stand for them.
   */
  static String removed(String text, Changes changes) {
    boolean mayHaveMarkup = text.indexOf('<') >= 0 || text.indexOf('&') >= 0;
    return mayHaveMarkup ? new Markup(text, changes).withoutMarkup() : text;
  }

  private String withoutMarkup() {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int end = NOT;
      if (c == '<') {
        end = markup(at);
      } else if (c == '&') {
        end = CharacterReferences.decode(text, at, plain, changes);
      } else if (at == cdataEnd) {
        end = at + CDATA_END.length();
      }
      if (end == NOT) {
        plain.append(c);
        end = at + 1;
      }
      at = end;
    }
    return plain.toString();
  }

  /** Returns the place behind the markup that begins here; {@link #NOT} if this is text. */
  private int markup(int at) {
    if (text.startsWith(COMMENT, at)) {
      return comment(at);
    }
    if (text.startsWith(CDATA, at)) {
      return cdata(at);
    }
    if (text.regionMatches(true, at, "<!doctype", 0, 9)
        || text.regionMatches(true, at, "<?xml", 0, 5)) {
      int end = declarationEnd(at + 5);
      return end == NOT ? NOT : removed(Kind.COMMENTS, at, end);
    }
    boolean closes = text.startsWith("</", at);
    int from = at + (closes ? 2 : 1);
    String name = name(from);
    if (name.isEmpty() || !Tag.isKnownTag(name)) {
      return NOT;
    }
    int end = closes ? closingEnd(from + name.length()) : openingEnd(from + name.length());
    if (end == NOT || (!closes && isLoneLetter(name, from, end))) {
      return NOT;
    }
    return closes ? tag(name, at, end) : opening(name, at, end);
  }

  private int comment(int at) {
    int from = at + COMMENT.length();
    return from > lastCommentEnd
        ? NOT
        : removed(Kind.COMMENTS, at, text.indexOf(COMMENT_END, from) + COMMENT_END.length());
  }

  /** Removes the two ends of a section and treats what is between them like the rest. */
  private int cdata(int at) {
    int from = at + CDATA.length();
    if (from > lastCdataEnd || at < cdataEnd) {
      return NOT; // it has no end, or is within another
    }
    cdataEnd = text.indexOf(CDATA_END, from);
    return removed(Kind.TAGS, at, from);
  }

  private int opening(String name, int at, int end) {
    if (name.equals("style") && moreStyles) {
      int close = closing("</style", end);
      moreStyles = close != NOT;
      if (close != NOT) {
        plain.append('\n');
        changes.add(Kind.STYLES);
        int closeEnd = closingEnd(close + "</style".length());
        return closeEnd == NOT ? close : closeEnd;
      }
    }
    if (name.equals("script") && moreScripts) {
      int close = closing("</script", end);
      moreScripts = close != NOT;
      if (close != NOT) {
        tag(name, at, end);
        plain.append(text, end, close);
        return close;
      }
    }
    return tag(name, at, end);
  }

  private int tag(String name, int at, int end) {
    if (Tag.valueOf(name).isBlock() || name.equals("option")) {
      plain.append('\n');
    }
    return removed(Kind.TAGS, at, end);
  }

  private int removed(Kind kind, int at, int end) {
    changes.add(kind, text.substring(at, Math.min(end, at + 200)));
    return end;
  }

  /** Returns the name that begins here, in lower case; empty if it ends in no way a tag's does. */
  private String name(int from) {
    int at = from;
    while (at < text.length() && at - from <= LONGEST_NAME && isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    boolean ends =
        at > from
            && at < text.length()
            && (isSpace(text.charAt(at)) || "/>".indexOf(text.charAt(at)) >= 0);
    return ends ? text.substring(from, at).toLowerCase(Locale.ROOT) : "";
  }

  private int closingEnd(int from) {
    int at = skipSpaces(from);
    return at < text.length() && text.charAt(at) == '>' ? at + 1 : NOT;
  }

  /** Returns the place behind a tag, from its attributes on. */
  private int openingEnd(int from) {
    int angles = 0;
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '>') {
        return at + 1;
      }
      if (isSpace(c) || c == '/') {
        at++;
        continue;
      }
      int nameEnd = attributeNameEnd(at);
      int equals = skipSpaces(nameEnd);
      if (nameEnd == at) {
        return NOT;
      }
      if (equals < text.length() && text.charAt(equals) == '=') {
        int value = skipSpaces(equals + 1);
        int end = valueEnd(value, MOST_ANGLES - angles);
        if (end == NOT) {
          return NOT;
        }
        for (int i = value; i < end; i++) {
          angles += text.charAt(i) == '<' ? 1 : 0;
        }
        at = end;
      } else if (mayStandAlone(text.substring(at, nameEnd))) {
        at = nameEnd;
      } else {
        return NOT;
      }
    }
    return NOT;
  }

  private int attributeNameEnd(int from) {
    int at = from;
    while (at < text.length()
        && !isSpace(text.charAt(at))
        && "\"'<>/=".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /** Returns whether an attribute needs no value; other words mean that this is no tag. */
  private static boolean mayStandAlone(String attribute) {
    return attribute.indexOf('-') > 0
        || Attribute.isBooleanAttribute(attribute.toLowerCase(Locale.ROOT));
  }

  private int valueEnd(int from, int mostAngles) {
    if (from >= text.length()) {
      return NOT;
    }
    char quote = text.charAt(from);
    boolean quoted = quote == '"' || quote == '\'';
    int angles = 0;
    for (int at = quoted ? from + 1 : from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (quoted && c == quote) {
        return at + 1;
      }
      if (!quoted && (isSpace(c) || c == '>')) {
        return at == from ? NOT : at;
      }
      if (!quoted && "\"'<`".indexOf(c) >= 0) {
        return NOT;
      }
      if (c == '<' && ++angles > mostAngles) {
        return NOT;
      }
    }
    return NOT;
  }

  /** Returns the place behind the next closing angle bracket, before any opening one. */
  private int declarationEnd(int from) {
    for (int at = from; at < text.length() && text.charAt(at) != '<'; at++) {
      if (text.charAt(at) == '>') {
        return at + 1;
      }
    }
    return NOT;
  }

  private int closing(String tag, int from) {
    for (int at = text.indexOf("</", from); at >= 0; at = text.indexOf("</", at + 2)) {
      int end = at + tag.length();
      if (text.regionMatches(true, at, tag, 0, tag.length())
          && end < text.length()
          && (isSpace(text.charAt(end)) || "/>".indexOf(text.charAt(end)) >= 0)) {
        return at;
      }
    }
    return NOT;
  }

  private boolean isLoneLetter(String name, int from, int end) {
    boolean bare = end == from + 2;
    return bare
        && name.length() == 1
        && name.charAt(0) != 'p'
        && (closedLetters >> (name.charAt(0) - 'a') & 1) == 0;
  }

  /** Returns the letters that tags of one letter close, one bit for each. */
  private static int closedLetters(String text) {
    int letters = 0;
    for (int at = text.indexOf("</"); at >= 0; at = text.indexOf("</", at + 2)) {
      boolean ends =
          at + 3 < text.length() && (text.charAt(at + 3) == '>' || isSpace(text.charAt(at + 3)));
      if (ends) {
        int letter = (text.charAt(at + 2) | ' ') - 'a';
        letters |= letter >= 0 && letter < 26 ? 1 << letter : 0;
      }
    }
    return letters;
  }

  private int skipSpaces(int from) {
    int at = from;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
  }

  static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
