package io.attune.neural.memory;

import static io.attune.schemas.Requirements.require;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Provides floats outside the Java heap, as BLAS needs them: memory of its own that grows, or a
 * view of an array.
 */
public final class Floats {
  /** Holds the number of floats that one {@link ByteBuffer} can span. */
  public static final int MAX_LENGTH = Integer.MAX_VALUE / Float.BYTES;

  /** Holds the size of a cache line: vectors that cross one take twice the time. */
  private static final int ALIGNMENT = 64;

  /** Points to any address without owning the memory. */
  public static final class Window extends FloatPointer {
    private Window at(long start, long length) {
      address = start;
      position = 0;
      limit = length;
      capacity = length;
      return this;
    }

    public void moveTo(long start) {
      address = start;
    }
  }

  /** Keeps the memory from being freed. */
  private Object owner;

  private long address;
  private int length;
  private ByteBuffer bytes;
  private FloatBuffer floats;

  /** Returns memory that grows on demand; it is empty at first. */
  public static Floats growing() {
    return new Floats();
  }

  /**
   * Returns a view of an array's values.
   *
   * @param array contiguous floats, by rows
   */
  public static Floats of(INDArray array) {
    require(
        array.dataType() == DataType.FLOAT && array.length() <= MAX_LENGTH,
        "only up to %d floats can be viewed, got %d of type %s",
        MAX_LENGTH,
        array.length(),
        array.dataType());
    Floats view = new Floats();
    view.owner = array;
    view.span(addressOf(array), (int) array.length());
    return view;
  }

  /**
   * Returns a view of an array's values and of the memory between them; a value is found by the
   * array's strides.
   *
   * @param array floats in any order
   */
  public static Floats spanning(INDArray array) {
    long count = 1;
    for (int dimension = 0; dimension < array.rank(); dimension++) {
      count += (array.size(dimension) - 1) * array.stride(dimension);
    }
    require(
        array.dataType() == DataType.FLOAT && count <= MAX_LENGTH,
        "only up to %d floats can be viewed, got %d of type %s",
        MAX_LENGTH,
        count,
        array.dataType());
    Floats view = new Floats();
    view.owner = array;
    view.span(addressOf(array), (int) count);
    return view;
  }

  /**
   * Returns the address of an array's first value; {@code data().address()} would ignore a view's
   * offset.
   */
  public static long addressOf(INDArray array) {
    return array.data().addressPointer().address();
  }

  /** Returns a pointer for copying from or to an address. */
  public static Pointer at(long address) {
    return new Window().at(address, 1);
  }

  private void span(long start, int count) {
    address = start;
    length = count;
    bytes = new Window().at(start, count).asByteBuffer().order(ByteOrder.nativeOrder());
    floats = bytes.asFloatBuffer();
  }

  /**
   * Returns a matrix at the start of this memory, which grows if it is too small; its values are
   * not changed.
   */
  public Matrix matrix(int rows, int columns) {
    return matrix(rows, columns, columns);
  }

  public Matrix matrix(int rows, int columns, int stride) {
    ensure((long) rows * stride);
    return new Matrix(this, 0, rows, columns, stride);
  }

  /** Grows to at least {@code count} floats; the content is lost if it does. */
  public void ensure(long count) {
    if (count <= length) {
      return;
    }
    require(
        count <= MAX_LENGTH,
        "a batch needs %d contiguous floats, at most %d are possible; make batches smaller",
        count,
        MAX_LENGTH);
    // A quarter more, so that slowly growing batches do not allocate each time.
    long grown = Math.min(MAX_LENGTH, Math.max(count, length + length / 4L));
    if (owner instanceof FloatPointer old) {
      old.deallocate();
    }
    FloatPointer memory = new FloatPointer(grown + ALIGNMENT / Float.BYTES);
    owner = memory;
    span((memory.address() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, (int) grown);
  }

  /** Sets every value to 0. */
  public void clear() {
    if (length > 0) {
      Pointer.memset(new Window().at(address, length), 0, (long) length * Float.BYTES);
    }
  }

  public long address() {
    return address;
  }

  public long sizeInBytes() {
    return (long) length * Float.BYTES;
  }

  public ByteBuffer bytes() {
    return bytes;
  }

  public FloatBuffer floats() {
    return floats;
  }
}
