package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.Nights;
import io.attune.jobs.night.Nights.Span;
import io.attune.pipeline.Stage;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Verifies the metrics that Prometheus gets while a night trains, and that the dashboard uses only
 * those.
 */
class MetricsIT {
  private static final Path DASHBOARD = Path.of("conf", "grafana-dashboard.json");
  private static final String PREFIX = "metrics_attune_driver_training_";
  private static final Pattern METRIC = Pattern.compile("\\bmetrics_[A-Za-z0-9_]+");

  @TempDir static Path folder;

  /** Holds the last value of every sample, by the metric's name. */
  private static final Map<String, String> SEEN = new TreeMap<>();

  private static double lossWhileTraining;

  @BeforeAll
  static void trainAndScrape() throws Exception {
    Reviews.write(folder, "data/2026-02-01/reviews.jsonl", 400, 1);
    RunConfig config =
        RunConfigs.load(
            Reviews.config(folder, folder.resolve("root").toString()),
            List.of(
                "train.stopping.epochs=6",
                "train.stopping.patience=0",
                "spark={spark.master: 'local[2]', spark.sql.shuffle.partitions: '2',"
                    + " spark.ui.enabled: 'true', spark.ui.port: '0',"
                    + " spark.sql.codegen.wholeStage: 'false'}"));
    CompletableFuture<Void> night = CompletableFuture.runAsync(() -> train(config));
    HttpClient client = HttpClient.newHttpClient();
    while (!night.isDone()) {
      scrape(client);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    night.join();
  }

  @Test
  void gaugesOfTheTrainingAreThereAndMove() {
    assertThat(SEEN.keySet())
        .filteredOn(name -> name.startsWith(PREFIX) && name.endsWith("_Value"))
        .containsExactlyInAnyOrder(
            PREFIX + "averaging_share_Value",
            PREFIX + "epoch_Value",
            PREFIX + "loss_Value",
            PREFIX + "network_Value",
            PREFIX + "round_Value",
            PREFIX + "rows_planned_Value",
            PREFIX + "rows_trained_Value",
            PREFIX + "tokens_per_second_Value",
            PREFIX + "workers_Value");
    assertThat(value("round")).isPositive();
    assertThat(value("rows_trained")).isPositive().isLessThanOrEqualTo(value("rows_planned"));
    assertThat(value("workers")).isEqualTo(2);
    assertThat(value("averaging_share")).isBetween(0.0, 1.0);
    assertThat(value("tokens_per_second")).isPositive();
    assertThat(lossWhileTraining).isPositive();
  }

  @Test
  void everyMetricOfTheDashboardIsThere() throws IOException {
    Set<String> asked = new TreeSet<>();
    JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
    dashboard
        .findValuesAsText("expr")
        .forEach(
            query -> {
              Matcher metric = METRIC.matcher(query);
              assertThat(metric.find()).as("a metric in " + query).isTrue();
              do {
                asked.add(metric.group());
              } while (metric.find());
            });

    assertThat(asked).hasSizeGreaterThan(10);
    assertThat(SEEN.keySet()).containsAll(asked);
  }

  @Test
  void dashboardHasATitleForEachPanelAndUniqueIds() throws IOException {
    JsonNode panels = new ObjectMapper().readTree(DASHBOARD.toFile()).at("/panels");

    assertThat(panels)
        .isNotEmpty()
        .allSatisfy(p -> assertThat(p.at("/title").asText()).isNotBlank());
    assertThat(panels).extracting(panel -> panel.at("/id").asInt()).doesNotHaveDuplicates();
  }

  private static void train(RunConfig config) {
    Console console =
        new Console(
            new PrintStream(System.err, true, StandardCharsets.UTF_8), false, Clock.systemUTC());
    try (Nights nights = new Nights(config, new Configuration(), console, Clock.systemUTC())) {
      assertThat(nights.runDue(LocalDate.of(2026, 2, 1), new Span(Stage.INGEST, Stage.TRAIN)))
          .hasSize(1);
    }
  }

  private static void scrape(HttpClient client) throws IOException, InterruptedException {
    String pages =
        SparkSession.getDefaultSession().isDefined()
            ? SparkSession.getDefaultSession().get().sparkContext().uiWebUrl().getOrElse(() -> "")
            : "";
    if (pages.isEmpty()) {
      return;
    }
    for (String path : List.of("/metrics/prometheus/", "/metrics/executors/prometheus/")) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(pages + path)).timeout(Duration.ofSeconds(10)).build();
      try {
        HttpResponse<String> answer =
            client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() == 200) {
          answer.body().lines().forEach(MetricsIT::note);
        }
      } catch (java.net.ConnectException e) {
        return; // the night has ended, and its web UI with it
      } catch (java.net.http.HttpTimeoutException e) {
        return; // the next request gets the metrics
      }
    }
  }

  private static void note(String sample) {
    int end = sample.indexOf('{') >= 0 ? sample.indexOf('{') : sample.indexOf(' ');
    if (end > 0 && !sample.startsWith("#")) {
      String value = sample.substring(sample.lastIndexOf(' ') + 1);
      SEEN.put(sample.substring(0, end), value);
      if (sample.startsWith(PREFIX + "loss_Value")) {
        lossWhileTraining = Double.parseDouble(value);
      }
    }
  }

  private static double value(String gauge) {
    return Double.parseDouble(SEEN.get(PREFIX + gauge + "_Value"));
  }
}
