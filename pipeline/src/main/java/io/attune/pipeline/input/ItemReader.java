package io.attune.pipeline.input;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;

/** Turns a reader that returns null at its end into an iterator, which closes its file there. */
abstract class ItemReader implements Records {
  private RawRecord next;
  private boolean ended;

  /** Reads the next record; null at the end. */
  abstract RawRecord item() throws IOException;

  @Override
  public final boolean hasNext() {
    if (next == null && !ended) {
      try {
        next = item();
        if (next == null) {
          ended = true;
          close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return next != null;
  }

  @Override
  public final RawRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    RawRecord record = next;
    next = null;
    return record;
  }
}
