package io.attune.neural.nd4j;

import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Groups the rows of a batch by length, for attention: a group is a rectangle of cells, {@code
 * [rows * time, columns]}, each row's real tokens first; groups follow one another. There is little
 * padding, and the scores of a group stay in a processor's cache.
 */
final class Nd4jGroups {
  /** Limits the scores of a group, of all heads, to a megabyte of floats. */
  private static final long SCORES = 1 << 18;

  /**
   * Holds the value added to the score of padding: far below any score, and finite, since infinity
   * would lead to NaN.
   */
  private static final float MASKED = -1e9f;

  private final GrowingArray masks;
  private final int heads;
  private final List<Group> groups = new ArrayList<>();
  private TokenBatch tokens;
  private int count;
  private int cells;
  private long scores;
  private long mostScores;
  private int[] tokenOfCell;
  private int[] cellOfToken;

  /**
   * Describes rows of similar length.
   *
   * @param rows of the batch
   * @param time of the longest, rounded up
   * @param firstScore of all heads, counted over the groups
   */
  record Group(int[] rows, int time, int firstCell, long firstScore) {
    int size() {
      return rows.length;
    }

    private int cells() {
      return rows.length * time;
    }
  }

  Nd4jGroups(GrowingArray masks, int heads) {
    this.masks = masks;
    this.heads = heads;
  }

  /**
   * Sets the batch.
   *
   * @param idle number of tokens, idle and real
   */
  void take(TokenBatch batch, int idle) {
    tokens = batch;
    count = idle;
    split(byLength());
    tokenOfCell = new int[cells];
    cellOfToken = new int[count];
    Arrays.fill(tokenOfCell, count); // where padding finds zeros
    Arrays.fill(cellOfToken, cells);
    for (Group group : groups) {
      for (int i = 0; i < group.size(); i++) {
        int start = batch.start(group.rows()[i]);
        for (int rank = 0; rank < batch.length(group.rows()[i]); rank++) {
          int cell = group.firstCell() + i * group.time() + rank;
          tokenOfCell[cell] = start + rank;
          cellOfToken[start + rank] = cell;
        }
      }
    }
    float[] marks = new float[cells];
    for (int cell = 0; cell < cells; cell++) {
      marks[cell] = tokenOfCell[cell] < count ? 0 : MASKED;
    }
    Nd4jMath.copy(marks, masks.array(cells));
  }

  /** Returns the rows that have tokens, the longest first. */
  private int[] byLength() {
    long[] keys = new long[tokens.rows()];
    int found = 0;
    for (int row = 0; row < keys.length; row++) {
      if (tokens.length(row) > 0) {
        keys[found++] = ((long) -tokens.length(row) << Integer.SIZE) | row;
      }
    }
    Arrays.sort(keys, 0, found);
    return Arrays.stream(keys, 0, found).mapToInt(key -> (int) key).toArray();
  }

  private void split(int[] rows) {
    groups.clear();
    cells = 0;
    scores = 0;
    mostScores = 0;
    int next = 0;
    while (next < rows.length) {
      int time = Nd4jBatch.rounded(tokens.length(rows[next]), 8);
      long fitting = Math.max(1, SCORES / ((long) heads * time * time));
      int end = (int) Math.min(rows.length, next + fitting);
      Group group = new Group(Arrays.copyOfRange(rows, next, end), time, cells, scores);
      groups.add(group);
      cells += group.cells();
      long ofGroup = (long) heads * group.cells() * time;
      scores += ofGroup;
      mostScores = Math.max(mostScores, ofGroup);
      next = end;
    }
    cells = Nd4jBatch.rounded(cells, 32);
  }

  List<Group> all() {
    return groups;
  }

  TokenBatch tokens() {
    return tokens;
  }

  /** Returns the number of cells of all groups, rounded up. */
  int cells() {
    return cells;
  }

  /** Returns the number of scores of all groups and heads. */
  long scores() {
    return scores;
  }

  /** Returns the number of scores of all heads in the group that has most. */
  long mostScores() {
    return mostScores;
  }

  /** Returns the values added to scores by key, {@code [rows, 1, time]}: 0 for real tokens. */
  INDArray mask(Group group) {
    return masks.view(group.firstCell(), group.size(), 1, group.time());
  }

  /**
   * Copies tokens to their cells, with 0 at padding.
   *
   * @param packed memory of {@code [tokens, columns]}
   * @return {@code [cells, columns]}
   */
  INDArray pad(GrowingArray packed, int columns, GrowingArray padded) {
    INDArray result = padded.array(cells, columns);
    Nd4jMath.rows(packed.withZeros(count, columns), tokenOfCell, result);
    return result;
  }

  /**
   * Packs tokens from their cells; idle ones become 0.
   *
   * @param padded memory of {@code [cells, columns]}
   * @return {@code [tokens, columns]}
   */
  INDArray pack(GrowingArray padded, int columns, GrowingArray packed) {
    INDArray result = packed.array(count, columns);
    Nd4jMath.rows(padded.withZeros(cells, columns), cellOfToken, result);
    return result;
  }

  /**
   * Writes the dropout factors of a group's weights, {@code [rows, heads, time, time]}, 0 at
   * padding.
   */
  void dropoutFactors(Group group, Noise.Site site, EncoderShape shape, INDArray out) {
    int max = shape.maxTokens();
    int time = group.time();
    float[] all = new float[(int) out.length()];
    for (int i = 0; i < group.size(); i++) {
      int row = group.rows()[i];
      for (int head = 0; head < heads; head++) {
        for (int query = 0; query < tokens.length(row); query++) {
          int offset = ((i * heads + head) * time + query) * time;
          int index = ((row * heads + head) * max + query) * max;
          for (int key = 0; key < tokens.length(row); key++) {
            all[offset + key] = site.factor(index + key);
          }
        }
      }
    }
    Nd4jMath.copy(all, out);
  }
}
