package io.attune.pipeline.input.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoDateTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  @Property(tries = 2000)
  void aDateIsWhatThePatternsMakeOfIt(@ForAll("dates") String text) {
    Optional<Instant> fast = IsoDate.parse(text, NEW_YORK);

    fast.ifPresent(
        date ->
            assertThat(date)
                .as(text)
                .isEqualTo(WrittenDate.parseAny(text, WrittenDate.Order.UNKNOWN, NEW_YORK)));
    assertThat(fast.isPresent()).as(text).isEqualTo(isDate(text));
  }

  private static boolean isDate(String text) {
    try {
      WrittenDate.parseAny(text, WrittenDate.Order.UNKNOWN, NEW_YORK);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  @Provide
  Arbitrary<String> dates() {
    Arbitrary<Integer> hours = Arbitraries.integers().between(0, 25);
    Arbitrary<Integer> sixties = Arbitraries.integers().between(0, 61);
    return Combinators.combine(
            Arbitraries.integers().between(1, 9999),
            Arbitraries.integers().between(0, 13),
            Arbitraries.integers().between(0, 32),
            hours,
            sixties,
            sixties,
            Arbitraries.of("T", " "),
            Arbitraries.of("Z", ""))
        .as(
            (year, month, day, hour, minute, second, between, zone) ->
                "%04d-%02d-%02d%s%02d:%02d:%02d%s"
                    .formatted(year, month, day, between, hour, minute, second, zone));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-01-31",
        "2026-01-31T08:30:00+01:00",
        "2026-01-31T08:30:00z",
        "２０２６-01-31T08:30:00Z",
        " 2026-01-31T08:30:00Z",
        "2026-01-31T08:30:00.5"
      })
  void otherFormsAreLeftToThePatterns(String text) {
    assertThat(IsoDate.parse(text, ZoneOffset.UTC)).isEmpty();
  }
}
