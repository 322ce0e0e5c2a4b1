package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.Nights;
import io.attune.jobs.night.Nights.Span;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Runs two nights on a real NameNode and DataNodes, from files to reports. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NightOnHdfsIT {
  private static final LocalDate FIRST = LocalDate.of(2026, 2, 1);
  private static final LocalDate SECOND = LocalDate.of(2026, 2, 2);

  @TempDir static Path folder;
  private static MiniDFSCluster cluster;
  private static RunConfig config;
  private static Storage storage;

  @BeforeAll
  static void start() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(2).build();
    cluster.waitActive();
    String root = cluster.getURI() + "/attune";
    Reviews.write(folder, "data/2026-02-01/reviews.jsonl", 400, 1);
    Reviews.write(folder, "data/2026-02-02/reviews.jsonl", 200, 2);
    config = RunConfigs.load(Reviews.config(folder, root), List.of());
    storage = Storage.at(root, cluster.getConfiguration(0));
  }

  @AfterAll
  static void stop() {
    cluster.shutdownDataNodes(); // shutdown() would remove Spark's shutdown hooks
    cluster.shutdownNameNodes();
  }

  @Test
  @Order(1)
  void firstNightIsPublishedCompletelyOnHdfs() {
    List<Run> runs = run(FIRST);

    assertThat(runs).containsExactly(new Run("reviews", FIRST, 1));
    Run run = runs.get(0);
    for (String artefact :
        List.of(
            run.tokenizer(),
            run.dataset(),
            run.model(),
            run.evaluation(),
            run.verdict(),
            run.report())) {
      assertThat(storage.resolve(artefact).toUri().getScheme()).isEqualTo("hdfs");
      assertThat(Artefacts.of(storage).verify(artefact).files()).as(artefact).isNotEmpty();
    }
    assertThat(CurrentModel.of(storage, "reviews").version()).contains(run.id());
  }

  @Test
  @Order(2)
  void reportDescribesTheNightAndFollowsItsSchema() throws IOException {
    Run run = new Run("reviews", FIRST, 1);
    NightReport report =
        storage.readJson(run.report() + "/" + NightReport.FILE_NAME, NightReport.class);

    assertThat(report.training().rowsTrained()).isEqualTo(report.training().rowsPlanned());
    assertThat(report.training().workers()).isEqualTo(2);
    assertThat(report.rows().get(Split.TRAIN.word())).isGreaterThan(150);
    assertThat(report.verdict().decision()).isEqualTo(VerdictRecord.PROMOTE);
    assertThat(report.evaluation())
        .extracting(result -> result.model() + " " + result.split())
        .contains("candidate test", "baseline test", "majority test", "baseline validation");
    try (InputStream schema = NightReport.class.getResourceAsStream("report.schema.json")) {
      assertThat(
              JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                  .getSchema(schema)
                  .validate(
                      new ObjectMapper()
                          .readTree(storage.read(run.report() + "/" + NightReport.FILE_NAME))))
          .isEmpty();
    }
    String page =
        new String(storage.read("reports/index.html"), StandardCharsets.UTF_8)
            .toLowerCase(Locale.ROOT);
    assertThat(page).contains("reviews/2026-02-01.1/index.html");
  }

  @Test
  @Order(3)
  void nothingNewChangesNothing() {
    List<String> before = storage.list("runs/reviews");

    assertThat(run(FIRST)).isEmpty();
    assertThat(storage.list("runs/reviews")).isEqualTo(before);
  }

  @Test
  @Order(4)
  void secondNightIsComparedWithTheFirst() {
    Run run = run(SECOND).get(0);

    VerdictRecord verdict =
        storage.readJson(run.verdict() + "/" + VerdictRecord.FILE_NAME, VerdictRecord.class);
    assertThat(verdict.current()).isEqualTo("2026-02-01.1");
    assertThat(verdict.tests()).isNotEmpty();
    NightReport report =
        storage.readJson(run.report() + "/" + NightReport.FILE_NAME, NightReport.class);
    assertThat(report.evaluation()).anyMatch(result -> result.model().equals("current"));
    long rows = report.rows().values().stream().mapToLong(Long::longValue).sum();
    assertThat(rows).as("documents of both nights").isGreaterThan(500);
  }

  private static List<Run> run(LocalDate date) {
    Console console =
        new Console(
            new PrintStream(System.err, true, StandardCharsets.UTF_8), false, Clock.systemUTC());
    try (Nights nights =
        new Nights(config, cluster.getConfiguration(0), console, Clock.systemUTC())) {
      return nights.runDue(date, Span.ALL);
    }
  }
}
