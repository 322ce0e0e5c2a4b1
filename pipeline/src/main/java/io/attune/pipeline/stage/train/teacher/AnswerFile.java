package io.attune.pipeline.stage.train.teacher;

import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import scala.Tuple2;

/**
 * Describes a file of answers that was written.
 *
 * @param written its name below the folder of the job: unique, should a task run twice
 * @param file its name when it is published
 */
record AnswerFile(String written, String file, long bytes, String sha256) implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * Locates the rows of a shard.
   *
   * @param number in the train split, from 0
   * @param file below the dataset's folder
   */
  record Rows(int number, String file, int rows) implements Serializable {
    private static final long serialVersionUID = 1;

    /** Returns the place of a row among those of all shards; places sort by shard and row. */
    static long place(int shard, long row) {
      return (long) shard << Integer.SIZE | row;
    }

    static int shard(long place) {
      return (int) (place >>> Integer.SIZE);
    }
  }

  /**
   * Writes the answers to all rows of a shard.
   *
   * @param answers by place, in the order of the rows
   * @param written name of the file below the folder
   * @throws Failure.BadInput if a row has no answer
   */
  static AnswerFile write(
      Rows shard,
      Iterator<Tuple2<Long, float[]>> answers,
      Path folder,
      String written,
      Configuration files)
      throws IOException {
    Path path = new Path(folder, written);
    FileSystem system = path.getFileSystem(files);
    int row = 0;
    try (OutputStream out = new BufferedOutputStream(system.create(path, true), 1 << 16)) {
      for (; answers.hasNext(); row++) {
        Tuple2<Long, float[]> answer = answers.next();
        if (answer._1() != Rows.place(shard.number(), row)) {
          throw incomplete(shard, row);
        }
        ByteBuffer bytes =
            ByteBuffer.allocate(answer._2().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(answer._2());
        out.write(bytes.array());
      }
    }
    if (row != shard.rows()) {
      throw incomplete(shard, row);
    }
    try (InputStream in = system.open(path)) {
      return new AnswerFile(
          written,
          TeacherTargets.file(shard.file()),
          system.getFileStatus(path).getLen(),
          Sha256.of(in));
    }
  }

  private static Failure.BadInput incomplete(Rows shard, int row) {
    return new Failure.BadInput(
        "The teacher has no text to answer for row %d of '%s', or two: documents were removed or"
            + " are there twice; run the night again from tokenize",
        row, shard.file());
  }
}
