package io.attune.pipeline.linear;

import io.attune.schemas.failure.Failure;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes {@code linear.bin}; see {@code docs/formats/model.md}. */
final class LinearFile {
  /** Opens the file: "ATLN". */
  private static final int MAGIC = 0x41544C4E;

  private static final int VERSION = 1;
  private static final int MOST_HEADS = 1 << 12;
  private static final int MOST_CLASSES = 1 << 16;

  private final ByteBuffer in;
  private final String location;

  private LinearFile(byte[] bytes, String location) {
    in = ByteBuffer.wrap(bytes);
    this.location = location;
  }

  static byte[] write(LinearModel model) {
    NgramVectors features = model.features();
    long regression = Double.BYTES + (long) Float.BYTES * features.size();
    long size = 4 * Integer.BYTES + (long) (Long.BYTES + Float.BYTES) * features.size();
    for (LinearHead head : model.heads()) {
      size += (2L + head.seen().length) * Integer.BYTES + regression * head.intercepts().length;
    }
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size));
    out.putInt(MAGIC).putInt(VERSION).putInt(features.size()).putInt(model.heads().size());
    for (long ngram : features.ngrams()) {
      out.putLong(ngram);
    }
    put(out, features.weights());
    for (LinearHead head : model.heads()) {
      out.putInt(head.classes()).putInt(head.seen().length);
      for (int seen : head.seen()) {
        out.putInt(seen);
      }
      for (int i = 0; i < head.intercepts().length; i++) {
        out.putDouble(head.intercepts()[i]);
        put(out, head.weights()[i]);
      }
    }
    return out.array();
  }

  private static void put(ByteBuffer out, float[] values) {
    for (float value : values) {
      out.putFloat(value);
    }
  }

  static LinearModel read(byte[] bytes, String location) {
    LinearFile file = new LinearFile(bytes, location);
    try {
      return file.read();
    } catch (BufferUnderflowException e) {
      throw file.bad("it ends too early, after %d bytes".formatted(bytes.length));
    }
  }

  private LinearModel read() {
    if (in.remaining() < 2 * Integer.BYTES || in.getInt() != MAGIC) {
      throw bad("it does not start with 'ATLN'");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw bad("it has version %d of the format, and this Attune reads %d".formatted(version, 1));
    }
    int size = count("features", Integer.MAX_VALUE, Long.BYTES + Float.BYTES, Integer.BYTES);
    int heads = count("heads", MOST_HEADS, 2 * Integer.BYTES, 0);
    require(size, Long.BYTES + Float.BYTES);
    long[] ngrams = new long[size];
    for (int feature = 0; feature < size; feature++) {
      ngrams[feature] = in.getLong();
    }
    NgramVectors features = features(ngrams, floats(size));
    List<LinearHead> read = new ArrayList<>();
    for (int head = 0; head < heads; head++) {
      read.add(head(head, size));
    }
    if (in.hasRemaining()) {
      throw bad("%d bytes follow after its end".formatted(in.remaining()));
    }
    return new LinearModel(features, read);
  }

  private NgramVectors features(long[] ngrams, float[] weights) {
    try {
      return new NgramVectors(ngrams, weights);
    } catch (IllegalArgumentException e) {
      throw bad(e.getMessage());
    }
  }

  private LinearHead head(int head, int size) {
    int classes = in.getInt();
    int count = in.getInt();
    if (classes < 2 || classes > MOST_CLASSES || count < 0 || count > classes) {
      throw bad("head %d has %d classes, %d of them seen".formatted(head, classes, count));
    }
    require(count, Integer.BYTES);
    int[] seen = new int[count];
    for (int i = 0; i < count; i++) {
      seen[i] = in.getInt();
      if (seen[i] <= (i == 0 ? -1 : seen[i - 1]) || seen[i] >= classes) {
        throw bad("the classes seen of head %d do not rise within its %d".formatted(head, classes));
      }
    }
    int regressions = LinearHead.regressions(count);
    require(regressions, Double.BYTES + (long) Float.BYTES * size);
    double[] intercepts = new double[regressions];
    float[][] weights = new float[regressions][];
    for (int i = 0; i < regressions; i++) {
      intercepts[i] = in.getDouble();
      if (!Double.isFinite(intercepts[i])) {
        throw bad("an intercept of head %d is not a finite number".formatted(head));
      }
      weights[i] = floats(size);
    }
    return new LinearHead(classes, seen, intercepts, weights);
  }

  private float[] floats(int size) {
    require(size, Float.BYTES);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = in.getFloat();
      if (!Float.isFinite(values[i])) {
        throw bad("a weight is not a finite number");
      }
    }
    return values;
  }

  /** Reads a count whose things cannot be smaller than that many bytes each. */
  private int count(String what, int most, int bytesEach, int bytesBetween) {
    int count = in.getInt();
    if (count < 0 || count > most || (long) count * bytesEach > in.remaining() - bytesBetween) {
      throw bad("it claims %d %s in %d bytes".formatted(count, what, in.capacity()));
    }
    return count;
  }

  /** Checks that what is read next is there, before memory is taken for it. */
  private void require(int count, long bytesEach) {
    if (count * bytesEach > in.remaining()) {
      throw bad("it ends too early, after %d bytes".formatted(in.capacity()));
    }
  }

  private Failure.BadInput bad(String why) {
    return new Failure.BadInput(
        "'%s' is not a linear part of a model: %s; restore the bundle from a copy, or train the"
            + " model again",
        location, why);
  }
}
