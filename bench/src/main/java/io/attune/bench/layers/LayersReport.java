package io.attune.bench.layers;

import io.attune.bench.layers.Contender.StepTime;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Reports the results of {@link LayersBench} and {@link EncodersBench}: on the console, as JSON and
 * as a table in Markdown.
 */
final class LayersReport {
  private final List<Map<String, Object>> results = new ArrayList<>();
  private final StringBuilder table =
      new StringBuilder(
          """
          | case | contender | tokens/s | Attune's speed relative to it | the same by processor time | of the GEMM peak |
          |---|---|---|---|---|---|
          """);

  /**
   * Holds what one step does.
   *
   * @param tokens real ones
   * @param operations of the matrix products of real tokens
   */
  record Work(double tokens, double operations) {}

  /**
   * Adds a case; the first measurement is Attune's, with which the others are compared.
   *
   * @param peaks operations per second of a square product as a contender's, by its name
   */
  void add(
      String name, Work work, List<ContenderTimes> measurements, ToDoubleFunction<String> peaks) {
    System.out.println(name);
    ContenderTimes ours = measurements.get(0);
    for (ContenderTimes measurement : measurements) {
      Map<String, Object> result = new LinkedHashMap<>();
      double peak = peaks.applyAsDouble(measurement.name());
      result.put("case", name);
      result.put("contender", measurement.name());
      result.put("tokensPerSecond", work.tokens() / measurement.median());
      result.put("speedUp", ours.speedUpOver(measurement, StepTime::seconds));
      result.put("speedUpByProcessorTime", ours.speedUpOver(measurement, StepTime::processor));
      // By processor time, as the peak.
      result.put("fractionOfGemmPeak", work.operations() / measurement.medianProcessor() / peak);
      result.put("gemmPeak", peak);
      results.add(result);
      line(result);
    }
  }

  private void line(Map<String, Object> result) {
    Object[] values = result.values().toArray();
    System.out.printf(
        Locale.ROOT,
        "  %2$-44s %3$,10.0f tokens/s   speed-up %4$5.2f (%5$.2f)   %6$3.0f %% of the peak of %7$,.0f GFLOP/s%n",
        percent(values));
    table.append(
        String.format(
            Locale.ROOT,
            "| %1$s | %2$s | %3$,.0f | %4$.2f | %5$.2f | %6$.0f %% |%n",
            percent(values)));
  }

  private static Object[] percent(Object[] values) {
    Object[] copy = values.clone();
    copy[5] = 100 * (Double) copy[5];
    copy[6] = (Double) copy[6] / 1e9;
    return copy;
  }

  /** Overwrites the files {@code name.json} and {@code name.md}. */
  void write(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(name + ".json"), Json.pretty(results));
    Files.writeString(folder.resolve(name + ".md"), table, StandardCharsets.UTF_8);
  }
}
