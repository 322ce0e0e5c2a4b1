package io.attune.pipeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.linear.LogPool;
import io.attune.pipeline.linear.LogPoolFit;
import io.attune.pipeline.metric.Calibration;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.Temperatures.HeadTemperature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TemperatureTest {

  /** Holds one row of a made-up model: its answer and the right class. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Answered(float[] probabilities, int label) {}

  /**
   * Tests against the solution by hand: with answers of 0.9 of which 4 in 5 are right, the logits
   * ln 9 must become ln 4.
   */
  @Test
  void turnsTheLogitIntoThatOfTheAccuracy() {
    TemperatureFit fit = new TemperatureFit();
    for (int row = 0; row < 50_000; row++) {
      fit.add(new float[] {0.9f, 0.1f}, row % 5 == 0 ? 1 : 0);
    }

    HeadTemperature fitted = fit.fit("mood");

    assertThat(fitted.temperature()).isCloseTo(Math.log(9) / Math.log(4), within(1e-3));
    assertThat(fitted.rows()).isEqualTo(50_000);
    assertThat(fitted.loss()).isCloseTo(-(0.8 * Math.log(0.8) + 0.2 * Math.log(0.2)), within(1e-6));
    assertThat(fitted.rawLoss())
        .isCloseTo(-(0.8 * Math.log(0.9) + 0.2 * Math.log(0.1)), within(1e-6));
  }

  @Test
  void noOtherTemperatureIsBetter() {
    Random random = new Random(4);
    for (int i = 0; i < 30; i++) {
      TemperatureFit fit =
          filled(rows(random, 5 + random.nextInt(60), 0.3 + 3 * random.nextDouble()));
      double best = 1 / fit.fit("mood").temperature();
      for (double inverse = 0.05; inverse <= 20; inverse += 0.05) {
        assertThat(fit.objective(inverse)).isGreaterThan(fit.objective(best) - 1e-9);
      }
    }
  }

  @Test
  void staysModestOnAFewRowsWithoutErrors() {
    TemperatureFit fit = new TemperatureFit();
    for (int row = 0; row < 20; row++) {
      fit.add(new float[] {0.9f, 0.1f}, 0);
    }

    assertThat(fit.fit("mood").temperature()).isBetween(0.5, 1.0);
    assertThat(new TemperatureFit().fit("mood")).isEqualTo(HeadTemperature.none("mood"));
  }

  @Test
  void calibratesAModelThatIsTooSure() {
    List<Answered> validation = rows(new Random(5), 2_000, 2.5);
    List<Answered> test = rows(new Random(6), 5_000, 2.5);

    double temperature = filled(validation).fit("mood").temperature();

    assertThat(temperature).isBetween(2.3, 2.7);
    assertThat(error(test, 1)).isGreaterThan(0.1);
    assertThat(error(test, temperature)).isLessThan(0.02);
  }

  /**
   * Tests why a combination has no temperature of its own: the weights of its parts are free in
   * scale, so that nothing is left to gain.
   */
  @Test
  void findsNothingToScaleInACombination() {
    Random random = new Random(7);
    List<Answered> networks = new ArrayList<>();
    LogPoolFit pool = new LogPoolFit();
    List<float[]> linears = new ArrayList<>();
    for (int row = 0; row < 2_000; row++) {
      int label = random.nextInt(3);
      float[] network = Temperature.scale(seen(random, label, 1.5), 1 / 2.5);
      networks.add(new Answered(network, label));
      linears.add(seen(random, label, 0.8));
      pool.add(network, linears.get(row), label);
    }
    HeadWeights weights = pool.fit("mood");
    TemperatureFit after = new TemperatureFit();
    List<Answered> combined = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      float[] answer =
          LogPool.combine(
              networks.get(i).probabilities(), linears.get(i), weights.network(), weights.linear());
      after.add(answer, networks.get(i).label());
      combined.add(new Answered(answer, networks.get(i).label()));
    }

    HeadTemperature left = after.fit("mood");

    assertThat(filled(networks).fit("mood").temperature()).isGreaterThan(2);
    assertThat(left.temperature()).isCloseTo(1, within(0.01));
    assertThat(left.rawLoss() - left.loss()).isBetween(-1e-12, 1e-4);
    assertThat(error(combined, left.temperature())).isCloseTo(error(combined, 1), within(0.005));
  }

  @Property(tries = 300)
  void keepsTheOrderOfTheClassesAndCanBeUndone(
      @ForAll @Size(min = 2, max = 8) List<@DoubleRange(min = 0.01, max = 1) Double> weights,
      @ForAll @DoubleRange(min = 0.3, max = 4) double temperature) {
    double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
    float[] probabilities = new float[weights.size()];
    for (int c = 0; c < probabilities.length; c++) {
      probabilities[c] = (float) (weights.get(c) / sum);
    }

    float[] scaled = Temperature.scale(probabilities, temperature);

    double total = 0;
    for (int c = 0; c < scaled.length; c++) {
      total += scaled[c];
      for (int other = 0; other < scaled.length; other++) {
        if (probabilities[c] > probabilities[other]) {
          assertThat(scaled[c]).isGreaterThanOrEqualTo(scaled[other]);
        }
      }
    }
    assertThat(total).isCloseTo(1, within(1e-5));
    float[] back = Temperature.scale(scaled, 1 / temperature);
    for (int c = 0; c < back.length; c++) {
      assertThat(back[c]).isCloseTo(probabilities[c], within(1e-4f));
    }
  }

  @Test
  void leavesProbabilitiesAsTheyAreAtATemperatureOfOne() {
    float[] probabilities = {0.1f, 0.9f};

    assertThat(Temperature.scale(probabilities, 1)).isSameAs(probabilities);
    assertThat(Temperature.scale(new float[] {0, 1}, 2)[0]).isCloseTo(1e-5f, within(1e-7f));
  }

  private static TemperatureFit filled(List<Answered> rows) {
    TemperatureFit fit = new TemperatureFit();
    rows.forEach(row -> fit.add(row.probabilities(), row.label()));
    return fit;
  }

  /** Makes rows whose answers are right as often as they say, and then too sure by a factor. */
  private static List<Answered> rows(Random random, int count, double tooSure) {
    List<Answered> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      float[] honest = softmax(random, 3, 1);
      double drawn = random.nextDouble();
      int label = drawn < honest[0] ? 0 : drawn < honest[0] + honest[1] ? 1 : 2;
      rows.add(new Answered(Temperature.scale(honest, 1 / tooSure), label));
    }
    return rows;
  }

  /** Answers as Bayes would who has seen one number for each class, larger for the right one. */
  private static float[] seen(Random random, int label, double knows) {
    double[] weights = new double[3];
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      weights[c] = Math.exp(knows * (random.nextGaussian() + (c == label ? knows : 0)));
      sum += weights[c];
    }
    return new float[] {
      (float) (weights[0] / sum), (float) (weights[1] / sum), (float) (weights[2] / sum)
    };
  }

  private static float[] softmax(Random random, int classes, double spread) {
    double[] weights = new double[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      weights[c] = Math.exp(spread * random.nextGaussian());
      sum += weights[c];
    }
    float[] probabilities = new float[classes];
    for (int c = 0; c < classes; c++) {
      probabilities[c] = (float) (weights[c] / sum);
    }
    return probabilities;
  }

  private static double error(List<Answered> rows, double temperature) {
    Calibration calibration = new Calibration();
    for (Answered row : rows) {
      float[] scaled = Temperature.scale(row.probabilities(), temperature);
      int best = 0;
      for (int c = 1; c < scaled.length; c++) {
        best = scaled[c] > scaled[best] ? c : best;
      }
      calibration.add(scaled[best], best == row.label());
    }
    return calibration.error();
  }
}
