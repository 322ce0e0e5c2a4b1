package io.attune.pipeline.surge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.surge.CountOptions.Learning;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the regression and its limits with R's {@code surveillance::farringtonFlexible} on
 * weekly series. The files are written by {@code farrington_fixtures.R} of module bench.
 */
class FarringtonFixtureTest {
  private static final int YEAR = 52;

  /** Holds a line of {@code limits.csv} by the names of its columns. */
  record Line(Map<String, String> values) {
    String text(String column) {
      return values.get(column);
    }

    double number(String column) {
      String text = values.get(column);
      return text.equals("NA") ? Double.NaN : Double.parseDouble(text);
    }

    int whole(String column) {
      return (int) number(column);
    }

    boolean is(String column) {
      return text(column).equals("TRUE");
    }

    @Override
    public String toString() {
      return text("series") + ", " + text("options") + ", week " + text("week");
    }
  }

  static List<Line> limits() throws IOException {
    return read("limits.csv");
  }

  private static List<Line> read(String name) throws IOException {
    try (InputStream in = FarringtonFixtureTest.class.getResourceAsStream(name)) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      String[] columns = lines.get(0).split(",", -1);
      List<Line> read = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split(",", -1);
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < columns.length; i++) {
          values.put(columns[i], cells[i].strip());
        }
        read.add(new Line(values));
      }
      return read;
    }
  }

  private static Forecast forecast(Line line) throws IOException {
    double[] counts =
        read("series.csv").stream().mapToDouble(week -> week.number(line.text("series"))).toArray();
    int now = line.whole("week") - 1;
    int[] references = new int[line.whole("years") + 1];
    for (int year = 0; year < references.length; year++) {
      references[year] = now - year * YEAR;
    }
    int levels = line.whole("levels");
    int[] level = YearLevels.of(references, line.whole("window"), levels);
    Rows rows = new Rows(levels);
    for (int week = 0; week < now - line.whole("guard"); week++) {
      if (level[week] >= 0) {
        rows.add(week, counts[week], level[week]);
      }
    }
    rows.forecastAt(now, levels - 1);
    Learning learning =
        new Learning(
            line.whole("guard"), 0, line.is("reweight") ? 2.58 : Double.POSITIVE_INFINITY, 0.05, 0);
    return new Regression(
            learning, Errors.SURVEILLANCE, line.is("mayTrend") && line.whole("years") >= 3)
        .forecast(rows)
        .orElseThrow();
  }

  private static Offset<Double> near(double value) {
    return within(1e-6 * Math.max(1, Math.abs(value)));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void agreesWithSurveillance(Line line) throws IOException {
    Forecast forecast = forecast(line);
    Limit limit = line.text("method").equals("muan") ? Limit.UPPER_MEAN : Limit.PLUG_IN;
    NegativeBinomial count = forecast.distribution(limit, line.number("alpha"));

    assertThat(forecast.mean()).isCloseTo(line.number("expected"), near(line.number("expected")));
    assertThat(count.mean()).isCloseTo(line.number("quantile"), near(line.number("quantile")));
    assertThat(count.dispersion())
        .isCloseTo(line.number("dispersion"), near(line.number("dispersion")));
    assertThat((double) count.exceededBy(line.number("alpha"))).isEqualTo(line.number("upper"));
    assertThat(count.atLeast(line.number("seen"))).isCloseTo(line.number("p"), within(1e-6));
    if (Double.isNaN(line.number("trend"))) {
      assertThat(forecast.trend()).isNaN();
    } else {
      assertThat(forecast.trend()).isCloseTo(line.number("trend"), within(1e-6));
    }
  }

  /** A comparison proves nothing of trends that were never kept, or of outbreaks never met. */
  @Test
  void holdsTrendsKeptAndDroppedAndDispersionsOfAllKinds() throws IOException {
    List<Line> lines = limits();

    assertThat(lines).anyMatch(line -> Double.isNaN(line.number("trend")) && line.is("mayTrend"));
    assertThat(lines).anyMatch(line -> !Double.isNaN(line.number("trend")));
    assertThat(lines).anyMatch(line -> line.number("dispersion") == 1);
    assertThat(lines).anyMatch(line -> line.number("dispersion") > 10);
    assertThat(lines).anyMatch(line -> line.number("p") < 1e-6);
  }
}
