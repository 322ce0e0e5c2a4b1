package io.attune.schemas;

import com.google.errorprone.annotations.FormatMethod;

/** Checks the values of records, one fact per check. */
public final class Requirements {
  private Requirements() {}

  /**
   * Throws an exception unless a condition holds.
   *
   * @param message what must hold, with the name as the user writes it, the value and what is
   *     allowed
   * @throws IllegalArgumentException with that message, unless {@code holds}
   */
  @FormatMethod
  public static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }
}
