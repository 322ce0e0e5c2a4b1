package io.attune.pipeline.stage.train.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gives a network the vectors of rows that were computed before; {@code docs/formats/states.md}
 * specifies the files.
 *
 * @param folder absolute path of the published states
 * @param seal of their manifest: others may have had the same folder before
 * @param rowsPerFile rows of a shard whose vectors are in one file
 * @param width values of a vector
 * @param pooled whether there is one vector for each row, not for each token
 */
public record StateInputs(String folder, String seal, int rowsPerFile, int width, boolean pooled)
    implements RowInputs {
  private static final long serialVersionUID = 1;

  /** Returns the name of the file with the vectors of a row of a shard. */
  static String file(String shard, int number) {
    String name = shard.substring(shard.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return "%s-%05d.f16".formatted(dot < 0 ? name : name.substring(0, dot), number);
  }

  @Override
  public Input of(List<Row> rows, Configuration files) throws IOException {
    int time = rows.stream().mapToInt(this::vectors).max().orElseThrow();
    float[] values = new float[Math.multiplyExact(rows.size() * time, width)];
    float[] mask = new float[rows.size() * time];
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      int number = row.row() / rowsPerFile;
      long before = vectorsBefore(row, row.row()) - vectorsBefore(row, number * rowsPerFile);
      StateCache.open(this, file(row.file(), number), files)
          .copy(before * width, values, i * time * width, vectors(row) * width);
      Arrays.fill(mask, i * time, i * time + vectors(row), 1);
    }
    INDArray vectors = Nd4j.create(values, new int[] {rows.size(), time, width});
    return new Input(vectors.permute(0, 2, 1), Nd4j.create(mask, new int[] {rows.size(), time}));
  }

  private int vectors(Row row) {
    return pooled ? 1 : row.length();
  }

  private long vectorsBefore(Row in, int row) {
    return pooled ? row : in.shard().tokensBefore(row);
  }
}
