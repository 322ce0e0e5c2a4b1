package io.attune.pipeline.input.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedAtTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2025-01-31 | 2025-01-31T00:00:00Z",
        "2025-1-3 | 2025-01-03T00:00:00Z",
        "2025/01/31 08:30 | 2025-01-31T08:30:00Z",
        "2025.01.31 | 2025-01-31T00:00:00Z",
        "2025-01-31T08:30:00Z | 2025-01-31T08:30:00Z",
        "2025-01-31t08:30:00z | 2025-01-31T08:30:00Z",
        "2025-01-31T08:30:00+0100 | 2025-01-31T07:30:00Z",
        "2025-01-31T08:30:00+01 | 2025-01-31T07:30:00Z",
        "2025-01-31T08:30:00.123456+08:00 | 2025-01-31T00:30:00.123456Z",
        "2025-01-31 08:30:00-04:00 | 2025-01-31T12:30:00Z",
        "2025-01-31 08:30:00 +0000 | 2025-01-31T08:30:00Z",
        "2025-01-31 08:30:00 +0000 UTC | 2025-01-31T08:30:00Z",
        "2025-01-31 08:30:00 UTC | 2025-01-31T08:30:00Z",
        "2025-01-31 08:30:00 GMT+2 | 2025-01-31T06:30:00Z",
        "2025-01-31 08:30:00 America/New_York | 2025-01-31T13:30:00Z",
        "2025-01-31T08:30:00+01:00[Europe/Paris] | 2025-01-31T07:30:00Z",
        "2025-01-31T08:30:00,123Z | 2025-01-31T08:30:00.123Z",
        "2025-01-31T08:30:00.1234567891234 | 2025-01-31T08:30:00.123456789Z",
        "2025-01-31+08:00 | 2025-01-30T16:00:00Z",
        "20250131 | 2025-01-31T00:00:00Z",
        "20250131T083000Z | 2025-01-31T08:30:00Z",
        "20250131083000 | 2025-01-31T08:30:00Z",
        "2025年1月31日 | 2025-01-31T00:00:00Z",
        "2025年01月31日08:30 | 2025-01-31T08:30:00Z",
        "2025年1月31日 8时30分 | 2025-01-31T08:30:00Z",
        "2025年1月31日 8时30分15秒 | 2025-01-31T08:30:15Z",
        "2025年1月31日 8時5分7秒 | 2025-01-31T08:05:07Z",
        "Fri, 31 Jan 2025 08:30:00 GMT | 2025-01-31T08:30:00Z",
        "Fri, 31 Jan 25 08:30 EST | 2025-01-31T13:30:00Z",
        "31 Jan 2025 08:30:00 -0700 (PDT) | 2025-01-31T15:30:00Z",
        "Wed Oct 10 20:19:24 +0000 2018 | 2018-10-10T20:19:24Z",
        "Mon Apr 06 22:00:00 PDT 2009 | 2009-04-07T05:00:00Z",
        "Fri Jan 31 2025 08:30:00 GMT+0200 (Central European Time) | 2025-01-31T06:30:00Z",
        "7:51  PM ET Fri, 17 July 2020 | 2020-07-17T23:51:00Z",
        "January 31st, 2025 at 8:30 a.m. | 2025-01-31T08:30:00Z",
        "Jan 31 2025 | 2025-01-31T00:00:00Z",
        "Sept. 3, 2016 | 2016-09-03T00:00:00Z",
        "31-Jan-25 | 2025-01-31T00:00:00Z",
        "31-JAN-1987 15:37:46.03 | 1987-01-31T15:37:46.030Z",
        "10/Oct/2018:20:19:00 +0000 | 2018-10-10T20:19:00Z",
        "31/01/2025 | 2025-01-31T00:00:00Z",
        "01/31/2025 12:05 AM | 2025-01-31T00:05:00Z",
        "3.1.2025 | 2025-01-03T00:00:00Z",
        "03/03/2025 | 2025-03-03T00:00:00Z",
        "1600-01-01 | 1600-01-01T00:00:00Z",
        "2099-12-31 | 2099-12-31T00:00:00Z",
      })
  void autoReadsWhatCanBeMeantInOneWayOnly(String written, Instant instant) {
    assertThat(auto(written)).isEqualTo(instant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yesterday | expected 2026-01-31",
        "01/02/2025 | set columns.date-form to month-first or day-first",
        "13/14/2025 | Invalid value",
        "25/01/13 | several orders",
        "2025-02-30 | Invalid date 'FEBRUARY 30'",
        "2025-01-31 25:00 | Invalid value for HourOfDay",
        "2025-01-31 13:00 PM | the hour before AM or PM is 13",
        "2025-01-31 08:30 XYZ | 'XYZ' is not a zone",
        "9999-12-31 | the year is 9999, and years are 1600 to 2099",
        "0001-01-01 | the year is 1,",
        "1735689600000 | set columns.date-form to epoch-seconds or epoch-millis",
        "2025-01 | expected 2026-01-31",
      })
  void otherTextsAreRefusedWithTheReason(String written, String why) {
    assertThatThrownBy(() -> auto(written))
        .isInstanceOf(DateTimeException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "day-first | 01/02/2025 | 2025-02-01T00:00:00Z",
        "day-first | 01-02-25 08:30 | 2025-02-01T08:30:00Z",
        "month-first | 01/02/2025 | 2025-01-02T00:00:00Z",
        "month-first | 2025-01-31T08:30:00Z | 2025-01-31T08:30:00Z",
        "epoch-seconds | 1735689600 | 2025-01-01T00:00:00Z",
        "epoch-seconds | 1735689600.5 | 2025-01-01T00:00:00.500Z",
        "epoch-seconds | 1.7356896E9 | 2025-01-01T00:00:00Z",
        "epoch-millis | 1735689600123 | 2025-01-01T00:00:00.123Z",
        "epoch-millis | -1000 | 1969-12-31T23:59:59Z",
        "dd.MM.yyyy HH:mm | 31.01.2025 08:30 | 2025-01-31T08:30:00Z",
        "yyyy'y'MM | 2025y01 | ",
        "EEE dd MMM yy | fri 31 jan 25 | 2025-01-31T00:00:00Z",
        "yyyy-MM-dd HH:mm XX | 2025-01-31 08:30 +0100 | 2025-01-31T07:30:00Z",
      })
  void formsReadWhatTheySay(String form, String written, Instant instant) {
    PublishedAt reader = PublishedAt.of(form, "UTC");
    if (instant == null) {
      assertThatThrownBy(() -> reader.parse(written))
          .isInstanceOf(DateTimeException.class)
          .hasMessageContaining("not written as columns.date-form says");
    } else {
      assertThat(reader.parse(written)).isEqualTo(instant);
    }
  }

  @Test
  void secondsThatAreMillisecondsAreRefused() {
    assertThatThrownBy(() -> PublishedAt.of("epoch-seconds", "UTC").parse("1735689600000"))
        .hasMessageContaining("set columns.date-form to epoch-millis");
  }

  @Test
  void dateWithoutAZoneIsInTheZoneOfTheColumn() {
    PublishedAt shanghai = PublishedAt.of("auto", "Asia/Shanghai");

    assertThat(shanghai.parse("2025-01-31 08:30:00")).isEqualTo("2025-01-31T00:30:00Z");
    assertThat(shanghai.parse("2025-01-31 08:30:00Z")).isEqualTo("2025-01-31T08:30:00Z");
    assertThat(shanghai.parse("Fri Jan 31 08:30:00 CST 2025"))
        .as("CST is a time of China here")
        .isEqualTo("2025-01-31T00:30:00Z");
    assertThat(auto("Fri Jan 31 08:30:00 CST 2025")).isEqualTo("2025-01-31T14:30:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoch-second", "day-frst", "iso"})
  void unknownFormIsRefused(String form) {
    assertThatThrownBy(() -> PublishedAt.of(form, "UTC"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("date-form must be one of")
        .hasMessageContaining("got '" + form + "'");
  }

  @Test
  void unknownZoneIsRefused() {
    assertThatThrownBy(() -> PublishedAt.of("auto", "Mars/Base"))
        .hasMessageContaining("zone must be a zone such as UTC");
  }

  @Property
  void everyInstantIsReadFromEveryFormThatIsCommon(
      @ForAll @LongRange(min = -11_000_000_000L, max = 4_000_000_000L) long seconds) {
    Instant instant = Instant.ofEpochSecond(seconds);
    for (String pattern :
        List.of(
            "yyyy-MM-dd'T'HH:mm:ssX",
            "yyyy-MM-dd HH:mm:ss Z",
            "yyyy-MM-dd HH:mm:ss 'UTC'",
            "EEE, d MMM yyyy HH:mm:ss Z",
            "EEE MMM dd HH:mm:ss Z yyyy",
            "MMMM d, yyyy h:mm:ss a",
            "yyyyMMdd'T'HHmmss'Z'")) {
      String written =
          DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
              .withZone(ZoneOffset.UTC)
              .format(instant);
      assertThat(auto(written)).as(written).isEqualTo(instant);
    }
    assertThat(PublishedAt.of("epoch-seconds", "UTC").parse(Long.toString(seconds)))
        .isEqualTo(instant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2025-01-01;2025-01-02 | auto | true",
        "28-01-2016;03-04-2017 | day-first | true",
        "01/02/2025;01/31/2025 | month-first | true",
        "01/02/2025;02/02/2025;03/02/2025 | day-first | false",
        "01/02/2025;01/03/2025;01/04/2025 | month-first | false",
        "1735689600;1735689700 | epoch-seconds | true",
        "1735689600000;1735689600001 | epoch-millis | true",
        "1.39E9;1.4E9 | epoch-seconds | true",
        "20250131;20250201 | auto | true",
        "17;18 | | ",
        "soon;2025-01-01 | | ",
      })
  void formOfAColumnIsToldByItsValues(String values, String form, Boolean sure) {
    var guess = DateGuess.of(List.of(values.split(";")));

    assertThat(guess.map(DateGuess::form).orElse(null)).isEqualTo(form);
    assertThat(guess.map(DateGuess::sure).orElse(null)).isEqualTo(sure);
  }

  private static Instant auto(String written) {
    return PublishedAt.of(PublishedAt.AUTO, "UTC").parse(written);
  }
}
