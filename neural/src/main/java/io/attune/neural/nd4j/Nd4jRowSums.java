package io.attune.neural.nd4j;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Computes the gradient of an embedding table: for each row the sum of the gradients of its tokens,
 * and 0 for rows without tokens.
 *
 * <p>ND4J scatters row by row, and gathers ten times as fast. So the n-th tokens of all rows are
 * gathered and added, for each n; a row with many tokens is summed by a product with ones; finally
 * the table gathers its rows from the sums.
 */
final class Nd4jRowSums {
  /** Limits the tokens of rows that are summed together; rows with more are summed one by one. */
  private static final int FEW = 16;

  private final Nd4jContext context;
  private final int[] counts;
  private final int[] sumOfRow;
  private final GrowingArray sums;
  private final GrowingArray gathered;

  /** Holds the n-th token of each sum, for each n up to {@link #FEW}. */
  private final int[][] rounds = new int[FEW][];

  /** Holds the tokens of rows that have many, row by row. */
  private int[] frequentTokens;

  private int[] frequentStarts;

  /**
   * Makes the sums for a table.
   *
   * @param rows of the table
   */
  Nd4jRowSums(Nd4jContext context, int rows) {
    this.context = context;
    counts = new int[rows];
    sumOfRow = new int[rows];
    sums = context.memory();
    gathered = context.memory();
  }

  /**
   * Computes the gradient.
   *
   * @param memory memory of the gradients {@code [tokens, columns]}; those of idle tokens are 0
   * @param table {@code [rows, columns]}; overwritten
   */
  void sum(GrowingArray memory, INDArray table) {
    long columns = table.size(1);
    int few = plan();
    int many = frequentStarts.length - 1;
    int zeros = few + Nd4jBatch.rounded(many, 8);
    INDArray source = memory.withZeros(context.batch.count(), columns);
    sums.array(zeros, columns);
    INDArray all = sums.withZeros(zeros, columns);
    for (int n = 0; n < FEW && rounds[n].length > 0; n++) {
      INDArray part = n == 0 ? sums.array(few, columns) : gathered.array(rounds[n].length, columns);
      Nd4jMath.rows(source, rounds[n], part);
      if (n > 0) {
        sums.array(rounds[n].length, columns).addi(part);
      }
    }
    if (many > 0) {
      Nd4jMath.rows(source, frequentTokens, gathered.array(frequentTokens.length, columns));
    }
    for (int i = 0; i < many; i++) {
      context.sumRows(
          gathered.view(
              frequentStarts[i] * columns, frequentStarts[i + 1] - frequentStarts[i], columns),
          sums.view((few + i) * columns, columns));
    }
    for (int row = 0; row < sumOfRow.length; row++) {
      sumOfRow[row] = counts[row] == 0 ? zeros : sumOfRow[row];
    }
    Nd4jMath.rows(all, sumOfRow, table);
  }

  /** Assigns tokens to sums; returns the number of sums of few tokens, rounded up. */
  private int plan() {
    int[] ids = context.batch.ids();
    int count = context.batch.tokens().count();
    Arrays.fill(counts, 0);
    for (int token = 0; token < count; token++) {
      counts[ids[token]]++;
    }
    int[] rowsWith = new int[FEW + 2]; // by tokens, FEW + 1 standing for all above
    for (int row : counts) {
      rowsWith[Math.min(row, FEW + 1)]++;
    }
    int[] next = new int[FEW + 2]; // the next sum of a row with so many tokens: most tokens first
    for (int n = FEW - 1; n >= 0; n--) {
      next[n] = next[n + 1] + rowsWith[n + 1];
      rounds[n] = new int[next[n] == 0 ? 0 : Nd4jBatch.rounded(next[n], 8)];
      Arrays.fill(rounds[n], context.batch.count()); // the row of zeros
    }
    assignSums(rowsWith[FEW + 1], next);
    assignTokens(ids, count);
    return rounds[0].length;
  }

  private void assignSums(int many, int[] next) {
    frequentStarts = new int[many + 1];
    int frequentRows = 0;
    for (int row = 0; row < counts.length; row++) {
      if (counts[row] > FEW) {
        frequentStarts[frequentRows + 1] = frequentStarts[frequentRows] + counts[row];
        sumOfRow[row] = rounds[0].length + frequentRows++;
      } else if (counts[row] > 0) {
        sumOfRow[row] = next[counts[row]]++;
      }
    }
    frequentTokens = new int[many == 0 ? 0 : Nd4jBatch.rounded(frequentStarts[many], 8)];
    Arrays.fill(frequentTokens, context.batch.count());
  }

  private void assignTokens(int[] ids, int count) {
    int few = rounds[0].length;
    int[] assigned = new int[few + frequentStarts.length];
    for (int token = 0; token < count; token++) {
      int sum = sumOfRow[ids[token]];
      int n = assigned[sum]++;
      if (sum < few) {
        rounds[n][sum] = token;
      } else {
        frequentTokens[frequentStarts[sum - few] + n] = token;
      }
    }
  }
}
