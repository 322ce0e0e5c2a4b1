package io.attune.neural.encoder;

import java.util.Arrays;
import org.apache.commons.math3.special.Erf;

/** Records scalar arithmetic in double precision, for exact gradients. */
public final class Tape {
  private double[] values = new double[1024];
  private int[] lefts = new int[1024];
  private int[] rights = new int[1024];
  private double[] leftDerivatives = new double[1024];
  private double[] rightDerivatives = new double[1024];
  private int size;

  /** Adds a number that depends on no other; returns its index. */
  public int leaf(double value) {
    return node(value, -1, 0, -1, 0);
  }

  private int node(
      double value, int left, double leftDerivative, int right, double rightDerivative) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
      lefts = Arrays.copyOf(lefts, 2 * size);
      rights = Arrays.copyOf(rights, 2 * size);
      leftDerivatives = Arrays.copyOf(leftDerivatives, 2 * size);
      rightDerivatives = Arrays.copyOf(rightDerivatives, 2 * size);
    }
    values[size] = value;
    lefts[size] = left;
    rights[size] = right;
    leftDerivatives[size] = leftDerivative;
    rightDerivatives[size] = rightDerivative;
    return size++;
  }

  public double value(int a) {
    return values[a];
  }

  public int add(int a, int b) {
    return node(values[a] + values[b], a, 1, b, 1);
  }

  public int subtract(int a, int b) {
    return node(values[a] - values[b], a, 1, b, -1);
  }

  public int multiply(int a, int b) {
    return node(values[a] * values[b], a, values[b], b, values[a]);
  }

  public int divide(int a, int b) {
    double quotient = values[a] / values[b];
    return node(quotient, a, 1 / values[b], b, -quotient / values[b]);
  }

  public int scale(int a, double factor) {
    return node(values[a] * factor, a, factor, -1, 0);
  }

  public int exp(int a) {
    double result = Math.exp(values[a]);
    return node(result, a, result, -1, 0);
  }

  public int sqrt(int a) {
    double root = Math.sqrt(values[a]);
    return node(root, a, 0.5 / root, -1, 0);
  }

  public int tanh(int a) {
    double result = Math.tanh(values[a]);
    return node(result, a, 1 - result * result, -1, 0);
  }

  public int relu(int a) {
    boolean positive = values[a] > 0;
    return node(positive ? values[a] : 0, a, positive ? 1 : 0, -1, 0);
  }

  public int gelu(int a) {
    double x = values[a];
    double cdf = 0.5 * (1 + Erf.erf(x / Math.sqrt(2)));
    double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    return node(x * cdf, a, cdf + x * density, -1, 0);
  }

  /** Returns the derivative of {@code result} with respect to every node. */
  public double[] gradients(int result) {
    double[] gradients = new double[size];
    gradients[result] = 1;
    for (int i = result; i >= 0; i--) {
      if (lefts[i] >= 0) {
        gradients[lefts[i]] += gradients[i] * leftDerivatives[i];
      }
      if (rights[i] >= 0) {
        gradients[rights[i]] += gradients[i] * rightDerivatives[i];
      }
    }
    return gradients;
  }
}
