package io.attune.pipeline.text;

import static io.attune.schemas.Requirements.require;

/**
 * Holds a text as token ids, each with its position. Never empty. The arrays belong to the caller.
 *
 * @param ids below {@link SubwordTokenizer#vocabulary}
 * @param starts of each token in the text, in UTF-16 units, inclusive
 * @param ends of each token in the text, in UTF-16 units, exclusive
 */
// Arrays, because a record of boxed lists would cost ten times the memory on the hottest path.
@SuppressWarnings("ArrayRecordComponent")
public record Encoding(int[] ids, int[] starts, int[] ends) {
  public Encoding {
    require(ids.length > 0, "an encoding must hold at least one token");
    require(
        ids.length == starts.length && ids.length == ends.length,
        "each token must have a start and an end, got %d ids, %d starts, %d ends",
        ids.length,
        starts.length,
        ends.length);
  }

  /** Returns the number of tokens, at least 1. */
  public int tokens() {
    return ids.length;
  }
}
