package io.attune.pipeline.input.value;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads when a document was published, in one form of dates.
 *
 * <ul>
 *   <li>{@code auto}: every way of writing a date that can be meant in one way only: year first
 *       ({@code 2025-01-31}, {@code 2025/1/31}, {@code 2025年1月31日}, {@code 20250131}), with the
 *       name of the month (RFC 822, {@code Wed Oct 10 20:19:00 +0000 2018}, {@code 18-Jul-20}), or
 *       all in numbers where only one order is a date ({@code 31/01/2025}); with or without a time
 *       and an offset or the name of a zone.
 *   <li>{@code month-first}, {@code day-first}: as auto, and {@code 01/02/2025} in that order.
 *   <li>{@code epoch-seconds}, {@code epoch-millis}: numbers since 1970.
 *   <li>else a pattern of {@link DateTimeFormatter}.
 * </ul>
 *
 * <p>A date without a time is midnight, one without a zone is in the given zone. Years are {@value
 * #MIN_YEAR} to {@value #MAX_YEAR}: the year 9999 or 1 stands for "unknown" wherever it occurs.
 */
public final class PublishedAt implements Serializable {
  private static final long serialVersionUID = 1;

  public static final String AUTO = "auto";
  public static final String MONTH_FIRST = "month-first";
  public static final String DAY_FIRST = "day-first";
  public static final String EPOCH_SECONDS = "epoch-seconds";
  public static final String EPOCH_MILLIS = "epoch-millis";
  private static final List<String> NAMES =
      List.of(AUTO, MONTH_FIRST, DAY_FIRST, EPOCH_SECONDS, EPOCH_MILLIS);

  static final int MIN_YEAR = 1600;
  static final int MAX_YEAR = 2099;

  static final Pattern NUMBER = Pattern.compile("-?\\d{1,19}(\\.\\d{1,19})?([eE]\\+?\\d{1,2})?");
  private static final int SECONDS_DIGITS = 10;

  private final String form;
  private final ZoneId zone;
  private transient DateTimeFormatter formatter;

  private PublishedAt(String form, ZoneId zone) {
    this.form = form;
    this.zone = zone;
  }

  /**
   * Returns the reader of a form.
   *
   * @param zone of dates that name none, such as {@code UTC} or {@code Asia/Shanghai}
   * @throws IllegalArgumentException if there is no such form or zone
   */
  public static PublishedAt of(String form, String zone) {
    ZoneId known;
    try {
      known = ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "zone must be a zone such as UTC, +08:00 or Asia/Shanghai, got '" + zone + "'", e);
    }
    PublishedAt reader = new PublishedAt(form, known);
    if (!NAMES.contains(form)) {
      try {
        reader.formatter = formatter(form);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "date-form must be one of %s, or a pattern such as dd.MM.yyyy HH:mm, got '%s'"
                .formatted(NAMES, form),
            e);
      }
    }
    return reader;
  }

  /**
   * Reads a date.
   *
   * @throws DateTimeException if it is none in this form, saying why
   */
  public Instant parse(String text) {
    Instant read =
        switch (form) {
          case AUTO -> WrittenDate.parse(text, WrittenDate.Order.UNKNOWN, zone);
          case MONTH_FIRST -> WrittenDate.parse(text, WrittenDate.Order.MONTH_FIRST, zone);
          case DAY_FIRST -> WrittenDate.parse(text, WrittenDate.Order.DAY_FIRST, zone);
          case EPOCH_SECONDS -> epoch(text, 1);
          case EPOCH_MILLIS -> epoch(text, 1000);
          default -> byPattern(text);
        };
    int year = read.atZone(zone).getYear();
    if (year < MIN_YEAR || year > MAX_YEAR) {
      throw new DateTimeException(
          "the year is %d, and years are %d to %d".formatted(year, MIN_YEAR, MAX_YEAR));
    }
    return read;
  }

  private static Instant epoch(String text, int inSecond) {
    String number = text.strip();
    if (!NUMBER.matcher(number).matches()) {
      throw new DateTimeException("it is not a number since 1970, as columns.date-form says");
    }
    BigDecimal seconds = new BigDecimal(number).divide(BigDecimal.valueOf(inSecond));
    if (seconds.precision() - seconds.scale() > SECONDS_DIGITS + 1) {
      throw new DateTimeException(
          "it is too large for %s: set columns.date-form to %s"
              .formatted(
                  inSecond == 1 ? "seconds" : "milliseconds",
                  inSecond == 1 ? EPOCH_MILLIS : "the form of the column"));
    }
    long whole = seconds.setScale(0, java.math.RoundingMode.FLOOR).longValueExact();
    long nanos = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue();
    return Instant.ofEpochSecond(whole, nanos);
  }

  private Instant byPattern(String text) {
    if (formatter == null) {
      formatter = formatter(form);
    }
    TemporalAccessor read;
    try {
      read =
          formatter.parseBest(
              text.strip(), ZonedDateTime::from, LocalDateTime::from, LocalDate::from);
    } catch (DateTimeException e) {
      throw new DateTimeException("it is not written as columns.date-form says: " + form, e);
    }
    if (read instanceof ZonedDateTime zoned) {
      return zoned.toInstant();
    }
    return read instanceof LocalDateTime local
        ? local.atZone(zone).toInstant()
        : ((LocalDate) read).atStartOfDay(zone).toInstant();
  }

  private static DateTimeFormatter formatter(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(proleptic(pattern))
        .toFormatter(Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  /** Replaces year of era by year, which a strict formatter takes without an era. */
  private static String proleptic(String pattern) {
    StringBuilder years = new StringBuilder(pattern);
    boolean quoted = false;
    for (int i = 0; i < years.length(); i++) {
      quoted ^= years.charAt(i) == '\'';
      if (years.charAt(i) == 'y' && !quoted) {
        years.setCharAt(i, 'u');
      }
    }
    return years.toString();
  }
}
