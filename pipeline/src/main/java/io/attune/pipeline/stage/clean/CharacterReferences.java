package io.attune.pipeline.stage.clean;

import io.attune.pipeline.stage.clean.Changes.Kind;
import io.attune.pipeline.text.WellFormed;
import java.util.regex.Pattern;
import org.jsoup.nodes.Entities;
import org.jsoup.parser.Parser;

/**
 * Decodes character references of HTML, by name or by number, that have their semicolon; without it
 * {@code &copy=1} may be a part of an address.
 */
final class CharacterReferences {
  /** Bounds a name: the longest is {@code CounterClockwiseContourIntegral}. */
  private static final int LONGEST_NAME = 32;

  private static final Pattern NUMERIC = Pattern.compile("#(\\d{1,7}|[xX][0-9a-fA-F]{1,6})");

  private CharacterReferences() {}

  /**
   * Appends what the reference stands for that begins at a place of the text.
   *
   * @return the place behind it; {@link Markup#NOT} if no reference that HTML knows begins here
   */
  static int decode(String text, int at, StringBuilder plain, Changes changes) {
    int end = nameEnd(text, at + 1);
    if (end >= text.length() || text.charAt(end) != ';' || end == at + 1) {
      return Markup.NOT;
    }
    String name = text.substring(at + 1, end);
    String reference = text.substring(at, end + 1);
    String decoded = "";
    if (name.charAt(0) != '#') {
      decoded = Entities.getByName(name);
    } else if (NUMERIC.matcher(name).matches()) {
      decoded = Parser.unescapeEntities(reference, false).replace('\0', WellFormed.REPLACEMENT);
    }
    if (decoded.isEmpty()) {
      return Markup.NOT;
    }
    plain.append(decoded);
    changes.add(Kind.ENTITIES, reference);
    return end + 1;
  }

  private static int nameEnd(String text, int from) {
    int end = from;
    while (end < text.length()
        && end - from < LONGEST_NAME
        && (Markup.isLetterOrDigit(text.charAt(end)) || (text.charAt(end) == '#' && end == from))) {
      end++;
    }
    return end;
  }
}
