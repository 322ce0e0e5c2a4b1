package io.attune.pipeline.linear;

import java.util.Arrays;

/**
 * Fits the logistic regression of a {@link BinaryProblem}: minimises {@code |v|²/2 + C Σ (p ln(1 +
 * exp(-s)) + (1 - p) ln(1 + exp(s)))} with {@code s = v·(r∘x) + b} and p the share of a row that is
 * of the class, over v and b, by Newton steps that conjugate gradients with a diagonal
 * preconditioner solve roughly (Lin, Weng & Keerthi 2008; Hsia, Chiang & Lin 2018), each shortened
 * until the loss falls enough.
 *
 * <p>One thread, sums in the order of the rows, and logarithms and exponentials of {@link
 * StrictMath}: the same rows give the same bits on every machine. The last entry of every vector is
 * that of the intercept, which is not regularised.
 */
final class NewtonSolver {
  /** Sets the norm of the gradient, relative to the first, at which the fit is good enough. */
  private static final double TOLERANCE = 1e-3;

  private static final int MOST_STEPS = 50;
  private static final int MOST_INNER_STEPS = 100;

  /** Bounds the residual, relative to the gradient, to which a Newton step is solved. */
  private static final double ROUGH = 0.3;

  /** Sets the part of the promised fall of the loss that a step must bring (Armijo's rule). */
  private static final double SUFFICIENT = 1e-4;

  private static final int MOST_HALVINGS = 30;

  private final BinaryProblem problem;
  private final double c;
  private final int width;
  private final double[] scales; // ratio by feature; 1 for the intercept
  private final double[] scaled; // a direction times its scales
  private final double[] curvature; // C σ (1 - σ) by row

  private NewtonSolver(BinaryProblem problem, double c) {
    this.problem = problem;
    this.c = c;
    width = problem.matrix().width();
    scales = Arrays.copyOf(problem.ratios(), width + 1);
    scales[width] = 1;
    scaled = new double[width + 1];
    curvature = new double[problem.rows().length];
  }

  /**
   * Returns the weights of the unscaled features, {@code v∘r}, and the intercept.
   *
   * @param c as scikit-learn's
   */
  static double[] fit(BinaryProblem problem, double c) {
    return new NewtonSolver(problem, c).run();
  }

  private double[] run() {
    double[] weights = new double[width + 1];
    double[] scores = new double[problem.rows().length];
    double[] gradient = new double[width + 1];
    double loss = loss(weights, scores);
    double first = 0;
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] diagonal = differentiate(weights, scores, gradient);
      double norm = Math.sqrt(dot(gradient, gradient));
      first = step == 0 ? norm : first;
      if (norm <= TOLERANCE * first) {
        break;
      }
      double[] direction = direction(gradient, diagonal, Math.min(ROUGH, Math.sqrt(norm / first)));
      double shortened = walk(weights, scores, direction, loss, dot(gradient, direction));
      if (!(shortened < loss)) {
        break; // as exact as the arithmetic allows
      }
      loss = shortened;
    }
    for (int feature = 0; feature < width; feature++) {
      weights[feature] *= scales[feature];
    }
    return weights;
  }

  /** Takes as much of a direction as lowers the loss enough; returns the new loss. */
  private double walk(
      double[] weights, double[] scores, double[] direction, double loss, double slope) {
    double[] change = new double[scores.length];
    multiply(direction, change);
    double[] tried = new double[weights.length];
    double[] triedScores = new double[scores.length];
    double length = 1;
    for (int halving = 0; halving < MOST_HALVINGS; halving++) {
      addTo(tried, weights, length, direction);
      addTo(triedScores, scores, length, change);
      double found = loss(tried, triedScores);
      if (found <= loss + SUFFICIENT * length * slope) {
        System.arraycopy(tried, 0, weights, 0, weights.length);
        System.arraycopy(triedScores, 0, scores, 0, scores.length);
        return found;
      }
      length /= 2;
    }
    return loss;
  }

  private double loss(double[] weights, double[] scores) {
    double sum = 0;
    for (int feature = 0; feature < width; feature++) {
      sum += weights[feature] * weights[feature];
    }
    double losses = 0;
    for (int i = 0; i < scores.length; i++) {
      double positive = problem.positive()[i];
      double tail = StrictMath.log1p(StrictMath.exp(-Math.abs(scores[i])));
      losses += tail + positive * Math.max(-scores[i], 0) + (1 - positive) * Math.max(scores[i], 0);
    }
    return sum / 2 + c * losses;
  }

  /** Computes the gradient and {@link #curvature}; returns the diagonal of the Hessian. */
  private double[] differentiate(double[] weights, double[] scores, double[] gradient) {
    TrainingMatrix matrix = problem.matrix();
    double[] diagonal = new double[width + 1];
    Arrays.fill(gradient, 0);
    for (int i = 0; i < scores.length; i++) {
      double probability = 1 / (1 + StrictMath.exp(-scores[i]));
      double error = c * (probability - problem.positive()[i]);
      curvature[i] = c * probability * (1 - probability);
      int row = problem.rows()[i];
      for (int k = matrix.starts()[row]; k < matrix.starts()[row + 1]; k++) {
        int column = matrix.columns()[k];
        double value = matrix.values()[k];
        gradient[column] += error * value;
        diagonal[column] += curvature[i] * value * value;
      }
      gradient[width] += error;
      diagonal[width] += curvature[i];
    }
    for (int feature = 0; feature < width; feature++) {
      gradient[feature] = weights[feature] + scales[feature] * gradient[feature];
      diagonal[feature] = 1 + scales[feature] * scales[feature] * diagonal[feature];
    }
    diagonal[width] = Math.max(diagonal[width], Double.MIN_NORMAL);
    return diagonal;
  }

  /** Solves {@code Hessian · direction = -gradient} to a relative residual. */
  private double[] direction(double[] gradient, double[] diagonal, double tolerance) {
    int size = gradient.length;
    double[] direction = new double[size];
    double[] residual = new double[size];
    double[] conjugate = new double[size];
    double[] product = new double[size];
    double square = 0; // residual · residual in the metric of the preconditioner
    for (int j = 0; j < size; j++) {
      residual[j] = -gradient[j];
      conjugate[j] = residual[j] / diagonal[j];
      square += residual[j] * conjugate[j];
    }
    double enough = tolerance * tolerance * square;
    for (int step = 0; step < MOST_INNER_STEPS && square > enough; step++) {
      timesHessian(conjugate, product);
      double length = square / dot(conjugate, product);
      double next = 0;
      for (int j = 0; j < size; j++) {
        direction[j] += length * conjugate[j];
        residual[j] -= length * product[j];
        next += residual[j] * residual[j] / diagonal[j];
      }
      double share = next / square;
      for (int j = 0; j < size; j++) {
        conjugate[j] = residual[j] / diagonal[j] + share * conjugate[j];
      }
      square = next;
    }
    return direction;
  }

  /** Computes the product with the Hessian, reading each row of the matrix once. */
  private void timesHessian(double[] vector, double[] product) {
    int[] starts = problem.matrix().starts();
    int[] columns = problem.matrix().columns();
    float[] values = problem.matrix().values();
    scale(vector);
    Arrays.fill(product, 0);
    double intercept = 0;
    for (int i = 0; i < curvature.length; i++) {
      int from = starts[problem.rows()[i]];
      int to = starts[problem.rows()[i] + 1];
      double sum = scaled[width];
      for (int k = from; k < to; k++) {
        sum += values[k] * scaled[columns[k]];
      }
      double weighted = curvature[i] * sum;
      for (int k = from; k < to; k++) {
        product[columns[k]] += weighted * values[k];
      }
      intercept += weighted;
    }
    for (int feature = 0; feature < width; feature++) {
      product[feature] = vector[feature] + scales[feature] * product[feature];
    }
    product[width] = intercept;
  }

  /** Computes the scores that a direction adds to the rows. */
  private void multiply(double[] direction, double[] scores) {
    TrainingMatrix matrix = problem.matrix();
    scale(direction);
    for (int i = 0; i < scores.length; i++) {
      double sum = scaled[width];
      int row = problem.rows()[i];
      for (int k = matrix.starts()[row]; k < matrix.starts()[row + 1]; k++) {
        sum += matrix.values()[k] * scaled[matrix.columns()[k]];
      }
      scores[i] = sum;
    }
  }

  private void scale(double[] vector) {
    for (int j = 0; j <= width; j++) {
      scaled[j] = scales[j] * vector[j];
    }
  }

  private static void addTo(double[] result, double[] start, double length, double[] direction) {
    for (int j = 0; j < result.length; j++) {
      result[j] = start[j] + length * direction[j];
    }
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int j = 0; j < one.length; j++) {
      sum += one[j] * other[j];
    }
    return sum;
  }
}
