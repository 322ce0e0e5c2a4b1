package io.attune.neural.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.TokenBatch;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Nd4jRowSumsTest {
  private static final int ROWS = 50;
  private static final int COLUMNS = 3;

  /**
   * Tests sums of whole numbers, which doubles hold exactly, batch after batch in the same memory.
   */
  @Test
  void everyRowGetsTheSumOfItsTokensHoweverManyTheyAre() {
    EncoderShape shape = EncoderShape.embedding(ROWS, 400, COLUMNS, Positions.NONE);
    Nd4jContext context = new Nd4jContext(shape, DataType.DOUBLE);
    Nd4jRowSums sums = new Nd4jRowSums(context, ROWS);
    Random random = new Random(6);
    for (int count : new int[] {1, 400, 17, 16, 399, 3}) {
      int[] ids = new int[count];
      for (int token = 0; token < count; token++) {
        // Few ids have most of the tokens, and many have none.
        ids[token] = (int) (ROWS * Math.pow(random.nextDouble(), 5));
      }
      context.batch.take(batch(ids));
      GrowingArray memory = context.memory();
      INDArray gradients = context.tokens(memory, COLUMNS).assign(0);
      double[][] expected = new double[ROWS][COLUMNS];
      for (int token = 0; token < count; token++) {
        for (int column = 0; column < COLUMNS; column++) {
          int value = random.nextInt(1000);
          gradients.putScalar(token, column, value);
          expected[ids[token]][column] += value;
        }
      }
      INDArray table = Nd4j.valueArrayOf(new long[] {ROWS, COLUMNS}, 99.0, DataType.DOUBLE);

      sums.sum(memory, table);

      assertThat(table.toDoubleMatrix()).isDeepEqualTo(expected);
    }
  }

  private static TokenBatch batch(int[] ids) {
    TokenBatch batch = new TokenBatch("encoder", ROWS, 400);
    batch.read(Nd4j.createFromArray(ids).castTo(DataType.FLOAT).reshape(1, ids.length), null);
    return batch;
  }
}
