package io.attune.pipeline.stage.clean;

import java.text.Normalizer;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** Converts a text to the single form in which it is compared, used for training and shown. */
final class TextNormalizer {
  private static final Pattern MARKUP =
      Pattern.compile("<[/!]?[a-zA-Z][^<>]*>|&(?:#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});");

  /**
   * Matches characters without width and meaning, and those that change the direction of what
   * follows.
   */
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\u200B\\u200E\\u200F\\u202A-\\u202E\\u2060-\\u2069\\uFEFF\\u00AD]");

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\n\\t\\r]]");
  private static final Pattern SPACES =
      Pattern.compile("[\\s\\u00A0\\u2000-\\u200A\\u2028\\u2029\\u3000]+");

  private TextNormalizer() {}

  /**
   * Takes markup away and its entities back to characters, composes characters (Unicode NFC), drops
   * control and invisible ones, and makes every run of white space one space.
   *
   * @return null for null, never blank: null also where nothing is left
   */
  static String normalize(String text) {
    if (text == null) {
      return null;
    }
    String plain = MARKUP.matcher(text).find() ? withoutMarkup(text) : text;
    String composed = Normalizer.normalize(plain, Normalizer.Form.NFC);
    String visible = INVISIBLE.matcher(composed).replaceAll("");
    String clean = CONTROL.matcher(visible).replaceAll(" ");
    String spaced = SPACES.matcher(clean).replaceAll(" ").strip();
    return spaced.isEmpty() ? null : spaced;
  }

  /**
   * Removes scripts and styles with their content, and tags; what only looks like a tag, such as 'a
   * < b', stays.
   */
  private static String withoutMarkup(String text) {
    Document page = Jsoup.parseBodyFragment(text);
    page.select("style").remove();
    for (Element script : page.select("script")) {
      script.replaceWith(new org.jsoup.nodes.TextNode(script.data()));
    }
    return page.text();
  }

  /** Counts the letters and digits, of any script. */
  static int meaningful(String text) {
    return (int) text.codePoints().filter(Character::isLetterOrDigit).count();
  }

  /** Returns the fraction of characters that stand for bytes that could not be decoded. */
  static double brokenShare(String text) {
    long broken = text.chars().filter(c -> c == '\uFFFD').count();
    return text.isEmpty() ? 0 : (double) broken / text.length();
  }
}
