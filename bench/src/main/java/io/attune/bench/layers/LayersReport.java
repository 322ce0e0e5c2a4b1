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

/**
 * Reports the results of {@link LayersBench}: on the console, as JSON and as a table in Markdown.
 */
final class LayersReport {
  private final List<Map<String, Object>> results = new ArrayList<>();
  private final StringBuilder table =
      new StringBuilder(
          """
          | case | contender | tokens/s | Attune's speed relative to it | the same by processor time | of the GEMM peak |
          |---|---|---|---|---|---|
          """);

  /** Adds a case; the first measurement is Attune's, with which the others are compared. */
  void add(BenchCase given, int[][] lengths, List<ContenderTimes> measurements, double peak) {
    System.out.printf(Locale.ROOT, "%s (GEMM peak %.0f GFLOP/s)%n", given.name(), peak / 1e9);
    double tokens = SyntheticBatches.tokensPerStep(lengths);
    double operations = SyntheticBatches.operationsPerStep(given, lengths);
    ContenderTimes ours = measurements.get(0);
    for (ContenderTimes measurement : measurements) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("case", given.name());
      result.put("contender", measurement.name());
      result.put("tokensPerSecond", tokens / measurement.median());
      result.put("speedUp", ours.speedUpOver(measurement, StepTime::seconds));
      result.put("speedUpByProcessorTime", ours.speedUpOver(measurement, StepTime::processor));
      // By processor time, as the peak.
      result.put("fractionOfGemmPeak", operations / measurement.medianProcessor() / peak);
      result.put("gemmPeak", peak);
      results.add(result);
      line(result);
    }
  }

  private void line(Map<String, Object> result) {
    Object[] values = result.values().toArray();
    System.out.printf(
        Locale.ROOT,
        "  %2$-44s %3$,10.0f tokens/s   speed-up %4$5.2f (%5$.2f)   %6$3.0f %% of the peak%n",
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
    return copy;
  }

  /** Overwrites {@code layers.json} and {@code layers.md}. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("layers.json"), Json.pretty(results));
    Files.writeString(folder.resolve("layers.md"), table, StandardCharsets.UTF_8);
  }
}
