package io.attune.pipeline.input.stream;

/**
 * Remembers a search for the end of a quoted value, by positions in its text, so that one which
 * would find none in the same characters need not be made. Once a search has met a bare quote, one
 * that is neither escaped nor closing, it takes two quotes before a delimiter for a bare and a
 * closing one.
 */
public final class QuoteSearch {
  private final long from;
  private long firstBare = Long.MAX_VALUE;
  private long lastBare = -1;
  private long until;

  /**
   * @param from position behind the quote that opened the value
   * @param bare whether its record has met a bare quote already
   */
  public QuoteSearch(long from, boolean bare) {
    this.from = from;
    this.firstBare = bare ? from : firstBare;
  }

  /** Notes the position behind a bare quote. */
  public void bare(long position) {
    firstBare = Math.min(firstBare, position);
    lastBare = position;
  }

  /** Notes up to which position it has found no end. */
  public void endsAt(long position) {
    until = position;
  }

  /** Returns the position up to which it has found no end. */
  public long until() {
    return until;
  }

  /**
   * Returns whether another search, which has come to a position, would find no end where this one
   * has found none.
   */
  public boolean speaksFor(boolean isBare, long position) {
    return position >= from && (!isBare || position >= firstBare);
  }

  /**
   * Passes over what another search has read behind a position.
   *
   * @return whether there is a bare quote
   */
  public boolean takes(QuoteSearch other, long position) {
    boolean isBare = other.lastBare > position;
    if (isBare) {
      bare(other.lastBare);
    }
    return isBare;
  }
}
