package io.attune.schemas;

import com.google.errorprone.annotations.FormatMethod;

/** One check, one fact: how records refuse values that they cannot hold. */
public final class Requirements {
  private Requirements() {}

  /**
   * Refuses a value by an exception.
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
