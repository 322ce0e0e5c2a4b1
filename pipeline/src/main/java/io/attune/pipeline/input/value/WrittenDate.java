package io.attune.pipeline.input.value;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads dates as people and programs write them, in no fixed pattern. */
final class WrittenDate {
  /** Says which of two small numbers is the month. */
  enum Order {
    UNKNOWN,
    MONTH_FIRST,
    DAY_FIRST
  }

  /** Takes no numbers of other lengths, such as seconds since 1970. */
  private static final Pattern COMPACT =
      Pattern.compile(
          "(?=(?:\\d{8}|\\d{12}|\\d{14})(?!\\d))(\\d{4})(\\d{2})(\\d{2})"
              + "(?:[T ]?(\\d{2})(\\d{2})(\\d{2})?(?:[.,](\\d{1,9})\\d*)?(.*))?");

  /** Begins neither within a number nor within an offset. */
  private static final Pattern TIME =
      Pattern.compile(
          "(?<![\\d+-])(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9})\\d*)?)?"
              + "\\s*(?:([AaPp])\\.?[Mm]\\b\\.?)?(?![\\d:])");

  private static final Pattern ZONED_DAY =
      Pattern.compile("(\\d{4}-\\d{2}-\\d{2})(Z|[+-]\\d{2}:\\d{2})");
  private static final Pattern YEAR_FIRST =
      Pattern.compile("(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})");
  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})");
  private static final Pattern WEEKDAY =
      Pattern.compile(
          "(?i)\\b(mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun)(day)?\\b\\.?,?|星期.|周[一二三四五六日]");
  private static final Pattern ORDINAL = Pattern.compile("(?i)\\b(\\d{1,2})(st|nd|rd|th)\\b");
  private static final Pattern CHINESE_DAY =
      Pattern.compile("(\\d)\\s*年\\s*(\\d{1,2})\\s*月\\s*(\\d{1,2})\\s*日?");
  private static final Pattern CHINESE_TIME =
      Pattern.compile("(\\d{1,2})[時时点](\\d{1,2})分(?:(\\d{1,2})秒)?");
  private static final Pattern IN_PARENTHESES = Pattern.compile("\\s*\\([^()]*\\)$");
  private static final Pattern BEFORE_TIME = Pattern.compile("(?i)(T|:|\\bat|,)\\s*$");
  private static final Pattern SPACES_OR_SIGNS = Pattern.compile("[\\s/.-]+");
  private static final List<String> MONTHS =
      List.of(
          "january",
          "february",
          "march",
          "april",
          "may",
          "june",
          "july",
          "august",
          "september",
          "october",
          "november",
          "december");

  /** Is the first of the two-digit years that belong to the 20th century, as in POSIX. */
  private static final int PIVOT = 69;

  private WrittenDate() {}

  /**
   * Reads a date, with or without a time and a zone.
   *
   * @throws DateTimeException saying why it is none, or not one only
   */
  static Instant parse(String text, Order order, ZoneId zone) {
    return IsoDate.parse(text, zone).orElseGet(() -> parseAny(text, order, zone));
  }

  /** Reads a date in any of the forms. */
  static Instant parseAny(String text, Order order, ZoneId zone) {
    String plain = plain(text);
    Matcher compact = COMPACT.matcher(plain);
    if (compact.matches()) {
      LocalDate day = day(compact.group(1), compact.group(2), compact.group(3));
      LocalTime time =
          compact.group(4) == null
              ? LocalTime.MIDNIGHT
              : time(compact.group(4), compact.group(5), compact.group(6), compact.group(7));
      ZoneNames.Found found = ZoneNames.at(compact.group(8) == null ? "" : compact.group(8), zone);
      requireNothing(found.rest());
      return at(day.atTime(time), found.zone());
    }
    Matcher zonedDay = ZONED_DAY.matcher(plain);
    if (zonedDay.matches()) {
      return LocalDate.parse(zonedDay.group(1))
          .atStartOfDay(ZoneOffset.of(zonedDay.group(2)))
          .toInstant();
    }
    Matcher clock = TIME.matcher(plain);
    if (!clock.find()) {
      return at(day(plain, order).atStartOfDay(), zone);
    }
    LocalTime time =
        halfDay(
            time(clock.group(1), clock.group(2), clock.group(3), clock.group(4)), clock.group(5));
    String before = BEFORE_TIME.matcher(plain.substring(0, clock.start())).replaceFirst(" ");
    ZoneNames.Found found = ZoneNames.at(plain.substring(clock.end()), zone);
    return at(day(before + " " + found.rest(), order).atTime(time), found.zone());
  }

  private static Instant at(LocalDateTime time, ZoneId zone) {
    return ZonedDateTime.of(time, zone).toInstant();
  }

  /** Writes Chinese units as signs and leaves out what follows in parentheses. */
  private static String plain(String text) {
    String plain = text.strip().replace('\u00A0', ' ');
    plain = CHINESE_DAY.matcher(plain).replaceAll("$1-$2-$3 ");
    plain =
        CHINESE_TIME
            .matcher(plain)
            .replaceAll(
                time ->
                    time.group(1)
                        + ofTwoDigits(time.group(2))
                        + (time.group(3) == null ? "" : ofTwoDigits(time.group(3))));
    return IN_PARENTHESES.matcher(plain).replaceAll("").strip();
  }

  private static String ofTwoDigits(String number) {
    return (number.length() == 1 ? ":0" : ":") + number;
  }

  private static LocalTime time(String hour, String minute, String second, String fraction) {
    String nanos = fraction == null ? "0" : (fraction + "000000000").substring(0, 9);
    return LocalTime.of(
        Integer.parseInt(hour),
        Integer.parseInt(minute),
        second == null ? 0 : Integer.parseInt(second),
        Integer.parseInt(nanos));
  }

  private static LocalTime halfDay(LocalTime time, String half) {
    if (half == null) {
      return time;
    }
    if (time.getHour() < 1 || time.getHour() > 12) {
      throw new DateTimeException("the hour before AM or PM is " + time.getHour());
    }
    return time.withHour(time.getHour() % 12 + (half.equalsIgnoreCase("p") ? 12 : 0));
  }

  private static LocalDate day(String text, Order order) {
    String day = WEEKDAY.matcher(text).replaceAll(" ");
    day = ORDINAL.matcher(day).replaceAll("$1").replace(',', ' ').strip();
    Matcher yearFirst = YEAR_FIRST.matcher(day);
    if (yearFirst.matches()) {
      return day(yearFirst.group(1), yearFirst.group(3), yearFirst.group(4));
    }
    Matcher compact = COMPACT.matcher(day);
    if (compact.matches() && compact.group(4) == null) {
      return day(compact.group(1), compact.group(2), compact.group(3));
    }
    Matcher numbers = NUMBERS.matcher(day);
    return numbers.matches() ? ordered(numbers, order) : named(day);
  }

  /** Reads a date in which the month and the day are small numbers. */
  private static LocalDate ordered(Matcher numbers, Order order) {
    int first = Integer.parseInt(numbers.group(1));
    int second = Integer.parseInt(numbers.group(3));
    boolean known = order != Order.UNKNOWN;
    if (!known && numbers.group(4).length() == 2) {
      throw new DateTimeException(
          "its parts can be meant in several orders: set columns.date-form, such as dd/MM/yy");
    }
    boolean dayFirst = order == Order.DAY_FIRST;
    if (!known) {
      // With dots only the day is ever written first.
      dayFirst = first > 12 || (numbers.group(2).equals(".") && second <= 12) || first == second;
      if (!dayFirst && second <= 12) {
        throw new DateTimeException(
            "it can be meant month first or day first: set columns.date-form to month-first or"
                + " day-first");
      }
    }
    return LocalDate.of(
        year(numbers.group(4)), dayFirst ? second : first, dayFirst ? first : second);
  }

  private static LocalDate named(String text) {
    String[] parts = SPACES_OR_SIGNS.split(text, -1);
    if (parts.length == 3) {
      for (int i = 0; i < 2 + (parts[2].isEmpty() ? 0 : 1); i++) {
        int month = month(parts[i]);
        if (month > 0) {
          String first = parts[i == 0 ? 1 : 0];
          String second = parts[i == 2 ? 1 : 2];
          boolean yearFirst = first.length() == 4;
          return LocalDate.of(
              year(yearFirst ? first : second), month, number(yearFirst ? second : first));
        }
      }
    }
    throw new DateTimeException(
        PublishedAt.NUMBER.matcher(text).matches()
            ? "it is a number: set columns.date-form to epoch-seconds or epoch-millis"
            : "expected 2026-01-31, 2026-01-31T08:30:00Z or similar; columns.date-form names"
                + " others");
  }

  private static int month(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String month = lower.equals("sept") ? "sep" : lower;
    for (int i = 0; i < MONTHS.size(); i++) {
      if (MONTHS.get(i).equals(month) || MONTHS.get(i).substring(0, 3).equals(month)) {
        return i + 1;
      }
    }
    return 0;
  }

  private static int year(String digits) {
    int year = number(digits);
    return digits.length() > 2 ? year : year + (year >= PIVOT ? 1900 : 2000);
  }

  private static int number(String digits) {
    if (!digits.matches("\\d{1,4}")) {
      throw new DateTimeException("'" + digits + "' is not a day or a year");
    }
    return Integer.parseInt(digits);
  }

  private static LocalDate day(String year, String month, String day) {
    return LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day));
  }

  private static void requireNothing(String rest) {
    if (!rest.isBlank()) {
      throw new DateTimeException("'" + rest.strip() + "' follows the date");
    }
  }
}
