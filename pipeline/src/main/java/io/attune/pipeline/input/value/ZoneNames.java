package io.attune.pipeline.input.value;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the offset or zone behind a time. */
final class ZoneNames {
  /**
   * Splits what follows a time.
   *
   * @param zone as it says, or the one that was expected
   * @param rest what follows the zone
   */
  record Found(ZoneId zone, String rest) {}

  private static final Pattern ZONE =
      Pattern.compile(
          "\\s*([A-Za-z]+(?:/[A-Za-z_]+)*)?\\s*([+-]\\d{1,2}(?::?\\d{2})?(?::?\\d{2})?(?![\\d/.-]))?"
              + "\\s*(?:\\[([^\\]]+)\\])?");
  private static final Pattern OFFSET =
      Pattern.compile("([+-])(\\d{1,2})(?::?(\\d{2}))?(?::?(\\d{2}))?");
  private static final Pattern DAY_OR_MONTH =
      Pattern.compile(
          "(?i)(mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|on)\\w*");

  /** Lists abbreviations that news and RFC 822 use, and that mean one offset or zone. */
  private static final Map<String, String> SHORT =
      Map.ofEntries(
          Map.entry("Z", "UTC"),
          Map.entry("UT", "UTC"),
          Map.entry("UTC", "UTC"),
          Map.entry("GMT", "UTC"),
          Map.entry("EST", "-05:00"),
          Map.entry("EDT", "-04:00"),
          Map.entry("CST", "-06:00"),
          Map.entry("CDT", "-05:00"),
          Map.entry("MST", "-07:00"),
          Map.entry("MDT", "-06:00"),
          Map.entry("PST", "-08:00"),
          Map.entry("PDT", "-07:00"),
          Map.entry("ET", "America/New_York"),
          Map.entry("CT", "America/Chicago"),
          Map.entry("MT", "America/Denver"),
          Map.entry("PT", "America/Los_Angeles"),
          Map.entry("WET", "+00:00"),
          Map.entry("WEST", "+01:00"),
          Map.entry("CET", "+01:00"),
          Map.entry("CEST", "+02:00"),
          Map.entry("EET", "+02:00"),
          Map.entry("EEST", "+03:00"),
          Map.entry("MSK", "+03:00"),
          Map.entry("SGT", "+08:00"),
          Map.entry("HKT", "+08:00"),
          Map.entry("JST", "+09:00"),
          Map.entry("KST", "+09:00"),
          Map.entry("AEST", "+10:00"),
          Map.entry("AEDT", "+11:00"));

  private ZoneNames() {}

  /**
   * Reads the zone at the start of a text.
   *
   * @param expected where the text names none; an abbreviation that this zone uses means it, since
   *     CST is a time of China as well as of America
   * @throws DateTimeException if a zone is named that is not known
   */
  static Found at(String text, ZoneId expected) {
    Matcher zone = ZONE.matcher(text);
    if (!zone.lookingAt()) {
      return new Found(expected, text);
    }
    String word = zone.group(1);
    if (word != null && DAY_OR_MONTH.matcher(word).matches()) {
      return new Found(expected, text);
    }
    String rest = text.substring(zone.end());
    if (zone.group(2) != null) {
      // Programs write both, as in "+0000 UTC": the offset says it all.
      String behind = rest.replaceFirst("^\\s*(?:[A-Z]{3,4}|[A-Za-z]+/[A-Za-z_]+)(?![a-z])", "");
      return new Found(offset(zone.group(2)), behind);
    }
    if (zone.group(3) != null) {
      return new Found(ZoneId.of(zone.group(3)), rest);
    }
    return new Found(word == null ? expected : named(word, expected), rest);
  }

  private static ZoneId named(String word, ZoneId expected) {
    for (boolean daylight : new boolean[] {false, true}) {
      TimeZone zone = TimeZone.getTimeZone(expected);
      if (zone.getDisplayName(daylight, TimeZone.SHORT, Locale.ENGLISH).equalsIgnoreCase(word)
          && !(expected instanceof ZoneOffset)) {
        return expected;
      }
    }
    String known = SHORT.get(word.toUpperCase(Locale.ROOT));
    if (known != null) {
      return ZoneId.of(known);
    }
    if (word.contains("/")) {
      return ZoneId.of(word);
    }
    throw new DateTimeException("'" + word + "' is not a zone that is known");
  }

  private static ZoneOffset offset(String text) {
    Matcher parts = OFFSET.matcher(text);
    if (!parts.matches()) {
      throw new DateTimeException("'" + text + "' is not an offset");
    }
    int sign = parts.group(1).equals("-") ? -1 : 1;
    return ZoneOffset.ofHoursMinutesSeconds(
        sign * Integer.parseInt(parts.group(2)),
        parts.group(3) == null ? 0 : sign * Integer.parseInt(parts.group(3)),
        parts.group(4) == null ? 0 : sign * Integer.parseInt(parts.group(4)));
  }
}
