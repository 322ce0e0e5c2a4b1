package io.attune.schemas.model;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Says what a network reads of a text that has more tokens than it takes: {@value #FILE_NAME}
 * beside a tokenizer, in a dataset and in a model; absent where it is {@link #HEAD_AND_TAIL}.
 *
 * @param keep which tokens are read
 * @param overlap of windows: the fraction of a window that the next one repeats
 * @param most windows of a text that are read
 */
public record LongTexts(Keep keep, double overlap, int most) implements Serializable {
  private static final long serialVersionUID = 1;

  public static final String FILE_NAME = "long-texts.json";

  /** Leaves out the middle. */
  public static final LongTexts HEAD_AND_TAIL = new LongTexts(Keep.HEAD_AND_TAIL, 0, 1);

  /** Limits the windows of a text: each costs what a text of its own would cost. */
  public static final int MOST_WINDOWS = 1_000;

  /** Names which tokens of a long text are read. */
  public enum Keep {
    /** Reads the first tokens. */
    HEAD,
    /** Reads as many of the start as of the end, or one more. */
    HEAD_AND_TAIL,
    /** Reads overlapping parts, each as a row of its own. */
    WINDOWS
  }

  public LongTexts {
    require(overlap >= 0 && overlap < 1, "overlap must be in [0, 1), got %s", overlap);
    require(
        most >= 1 && most <= MOST_WINDOWS, "most must be in [1, %d], got %d", MOST_WINDOWS, most);
  }

  /** Returns whether a text may be several rows. */
  public boolean isWindows() {
    return keep == Keep.WINDOWS;
  }
}
