package io.attune.neural.onednn;

/**
 * Describes products of matrices, {@code [rows, inner] * [inner, columns]}, with what is applied to
 * the result; made by name from {@link #of}.
 *
 * @param count matrices of each operand
 * @param right null if it lies as {@link OneDnn#pack} leaves it
 * @param bias whether one row of floats is added to each row of the result
 * @param after what is applied to the result after the bias
 * @param factor of the result; 1 if there is a bias or something after it
 */
public record Product(
    int count,
    int rows,
    int inner,
    int columns,
    Operand left,
    Operand right,
    Operand result,
    boolean bias,
    After after,
    float factor) {

  /** Selects what is applied to a result. */
  public enum After {
    NOTHING,
    /** Adds the result to what its memory holds. */
    ACCUMULATE,
    /** Adds a matrix of floats that lies as the result. */
    ADD,
    /** Applies GELU, by the error function. */
    GELU
  }

  /** Describes one product of matrices by rows of floats, without anything after it. */
  public static Product of(int rows, int inner, int columns) {
    return new Product(
        1,
        rows,
        inner,
        columns,
        Operand.byRows(Type.FLOAT32, inner),
        Operand.byRows(Type.FLOAT32, columns),
        Operand.byRows(Type.FLOAT32, columns),
        false,
        After.NOTHING,
        1);
  }

  /** Returns the same for a number of matrices of each operand. */
  public Product times(int number) {
    return new Product(number, rows, inner, columns, left, right, result, bias, after, factor);
  }

  public Product left(Operand operand) {
    return new Product(count, rows, inner, columns, operand, right, result, bias, after, factor);
  }

  public Product right(Operand operand) {
    return new Product(count, rows, inner, columns, left, operand, result, bias, after, factor);
  }

  /** Returns the same with a right operand that {@link OneDnn#pack} has packed. */
  public Product packed() {
    return right(null);
  }

  public Product result(Operand operand) {
    return new Product(count, rows, inner, columns, left, right, operand, bias, after, factor);
  }

  public Product withBias() {
    return new Product(count, rows, inner, columns, left, right, result, true, after, factor);
  }

  public Product then(After next) {
    return new Product(count, rows, inner, columns, left, right, result, bias, next, factor);
  }

  public Product scaled(float by) {
    return new Product(count, rows, inner, columns, left, right, result, bias, after, by);
  }
}
