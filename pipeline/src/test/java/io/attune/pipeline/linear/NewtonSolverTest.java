package io.attune.pipeline.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NewtonSolverTest {
  private static final List<TestTexts.Document> DOCUMENTS = TestTexts.documents(60, 3);
  private static final NgramVectors FEATURES = TestTexts.features(DOCUMENTS, 2);
  private static final TrainingMatrix MATRIX = TestTexts.matrix(DOCUMENTS, FEATURES);

  /** Holds the same rows, half of them with a teacher's answers in place of labels. */
  private static final TrainingMatrix TAUGHT = TestTexts.matrix(halfTaught(), FEATURES);

  private static List<TestTexts.Document> halfTaught() {
    Random teacher = new Random(5);
    List<TestTexts.Document> documents = new ArrayList<>();
    for (TestTexts.Document document : DOCUMENTS) {
      documents.add(teacher.nextBoolean() ? document.taught(teacher) : document);
    }
    return documents;
  }

  @Test
  void ratiosAreThoseOfTheirDefinition() {
    requireRatios(MATRIX);
    requireRatios(TAUGHT);
  }

  private static void requireRatios(TrainingMatrix matrix) {
    double[][] rows = TestTexts.dense(MATRIX);
    for (int head = 0; head < 2; head++) {
      BinaryProblem problem = BinaryProblem.of(matrix, head, 1);
      double sumP = 0;
      double sumQ = 0;
      double[] p = new double[MATRIX.width()];
      double[] q = new double[MATRIX.width()];
      for (int feature = 0; feature < p.length; feature++) {
        p[feature] = 1;
        q[feature] = 1;
        for (int row = 0; row < rows.length; row++) {
          double share = share(matrix, row, head);
          p[feature] += share >= 0 && rows[row][feature] > 0 ? share : 0;
          q[feature] += share >= 0 && rows[row][feature] > 0 ? 1 - share : 0;
        }
        sumP += p[feature];
        sumQ += q[feature];
      }
      for (int feature = 0; feature < p.length; feature++) {
        assertThat(problem.ratios()[feature])
            .isCloseTo(Math.log(p[feature] / sumP / (q[feature] / sumQ)), within(1e-12));
      }
    }
  }

  @Test
  void findsTheMinimumThatGradientDescentFinds() {
    for (double c : new double[] {0.1, 1, 10}) {
      requireMinimum(MATRIX, c);
    }
    requireMinimum(TAUGHT, 1);
  }

  /** Returns how much of a row is of class 1; -1 where that is not known. */
  private static double share(TrainingMatrix matrix, int row, int head) {
    float[][] taught = matrix.targets()[row];
    if (taught != null) {
      return taught[head][1];
    }
    int label = matrix.labels()[row][head];
    return label < 0 ? -1 : label == 1 ? 1 : 0;
  }

  private static void requireMinimum(TrainingMatrix matrix, double c) {
    for (int head = 0; head < 2; head++) {
      BinaryProblem problem = BinaryProblem.of(matrix, head, 1);

      double[] found = NewtonSolver.fit(problem, c);

      double[] slow = descend(problem, c);
      double lowest = objective(problem, unscaled(problem, slow), c);
      assertThat(objective(problem, found, c)).isCloseTo(lowest, within(1e-4 * lowest));
      assertThat(scores(problem, found))
          .usingComparatorWithPrecision(0.02)
          .containsExactly(scores(problem, unscaled(problem, slow)));
    }
  }

  @Test
  void answersAConstantWhereNoFeatureTellsAnything() {
    TrainingMatrix empty =
        new TrainingMatrix(
            0,
            new int[5],
            new int[0],
            new float[0],
            new int[][] {{0}, {1}, {1}, {1}},
            new float[4][][]);

    double[] found = NewtonSolver.fit(BinaryProblem.of(empty, 0, 1), 10);

    assertThat(found).hasSize(1);
    assertThat(1 / (1 + Math.exp(-found[0]))).isCloseTo(0.75, within(1e-3));
  }

  /** Descends in small steps until nothing changes, in plain loops over dense rows. */
  private static double[] descend(BinaryProblem problem, double c) {
    double[][] rows = TestTexts.dense(MATRIX);
    int width = MATRIX.width();
    double[] weights = new double[width + 1];
    double largest = 0;
    for (int row : problem.rows()) {
      double square = 1;
      for (int feature = 0; feature < width; feature++) {
        square += Math.pow(rows[row][feature] * problem.ratios()[feature], 2);
      }
      largest += square;
    }
    double rate = 1 / (1 + c * largest / 4); // below 2 / the largest curvature there can be
    double[] before = weights.clone();
    for (int step = 0; step < 60_000; step++) {
      double momentum = step / (step + 3.0); // Nesterov 1983
      double[] ahead = new double[width + 1];
      for (int j = 0; j <= width; j++) {
        ahead[j] = weights[j] + momentum * (weights[j] - before[j]);
      }
      double[] slope = ahead.clone();
      slope[width] = 0;
      for (int i = 0; i < problem.rows().length; i++) {
        double[] x = rows[problem.rows()[i]];
        double score = ahead[width];
        for (int feature = 0; feature < width; feature++) {
          score += ahead[feature] * x[feature] * problem.ratios()[feature];
        }
        double error = 1 / (1 + Math.exp(-score)) - problem.positive()[i];
        for (int feature = 0; feature < width; feature++) {
          slope[feature] += c * error * x[feature] * problem.ratios()[feature];
        }
        slope[width] += c * error;
      }
      before = weights;
      weights = ahead;
      for (int j = 0; j <= width; j++) {
        weights[j] -= rate * slope[j];
      }
    }
    return weights;
  }

  private static double[] unscaled(BinaryProblem problem, double[] weights) {
    double[] unscaled = weights.clone();
    for (int feature = 0; feature < problem.ratios().length; feature++) {
      unscaled[feature] *= problem.ratios()[feature];
    }
    return unscaled;
  }

  private static double objective(BinaryProblem problem, double[] unscaled, double c) {
    double sum = 0;
    for (int feature = 0; feature < problem.ratios().length; feature++) {
      double ratio = problem.ratios()[feature];
      sum += ratio == 0 ? 0 : Math.pow(unscaled[feature] / ratio, 2) / 2;
    }
    double[] scores = scores(problem, unscaled);
    for (int i = 0; i < scores.length; i++) {
      double positive = problem.positive()[i];
      sum += c * positive * Math.log1p(Math.exp(-scores[i]));
      sum += c * (1 - positive) * Math.log1p(Math.exp(scores[i]));
    }
    return sum;
  }

  private static double[] scores(BinaryProblem problem, double[] unscaled) {
    double[][] rows = TestTexts.dense(MATRIX);
    double[] scores = new double[problem.rows().length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = unscaled[MATRIX.width()];
      for (int feature = 0; feature < MATRIX.width(); feature++) {
        scores[i] += unscaled[feature] * rows[problem.rows()[i]][feature];
      }
    }
    return scores;
  }
}
