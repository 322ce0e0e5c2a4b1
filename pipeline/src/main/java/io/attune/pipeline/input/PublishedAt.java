package io.attune.pipeline.input;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Reads when a document was published. */
public final class PublishedAt {
  private PublishedAt() {}

  /**
   * Reads an ISO 8601 date, or date and time separated by {@code T} or a space, with or without a
   * zone; without one it is UTC, without a time it is midnight.
   *
   * @throws DateTimeException if it is none of these
   */
  public static Instant parse(String text) {
    String iso = text.strip().replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) +", "$1T");
    if (!iso.contains("T")) {
      return LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    boolean zoned = iso.matches(".*T.*(Z|[+-]\\d{2}(:?\\d{2})?)$");
    return zoned
        ? OffsetDateTime.parse(iso).toInstant()
        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
  }
}
