package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The distribution, unpacked beside the daemons of a development cluster: one night on one machine,
 * on YARN and on stand-alone Spark.
 */
@Tag("cluster")
class NightOnClusterIT {
  private static final Run RUN = new Run("reviews", LocalDate.of(2026, 2, 1), 1);

  @TempDir static Path folder;
  private static DevelopmentCluster cluster;
  private static Path home;
  private static Storage local;

  @BeforeAll
  static void runLocally() throws IOException, InterruptedException {
    home = Distribution.unpack(folder);
    cluster = DevelopmentCluster.up();
    Reviews.onCluster(cluster, folder);
    local = night("local", "file://" + folder.resolve("local"));
  }

  @AfterAll
  static void stop() throws IOException, InterruptedException {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void nightOnYarnIsTheLocalNightBitForBitAndIsDoneOnce() throws Exception {
    String root = DevelopmentCluster.FILES + "/attune/yarn";
    Artefacts.requireSame(RUN, night("yarn", root), local);

    Storage again = night("yarn", root); // nothing is new, and that is a success on YARN too
    assertThat(again.list("runs/" + RUN.task())).containsExactly(RUN.id());
  }

  @Test
  void nightOnStandAloneSparkIsTheLocalNightBitForBit() throws Exception {
    Storage other = night("standalone", DevelopmentCluster.FILES + "/attune/standalone");

    Artefacts.requireSame(RUN, other, local);
  }

  /** Of GPUs that are only said to be there: the build computes on the processor. */
  @ParameterizedTest
  @ValueSource(strings = {"yarn", "standalone"})
  void onlyTheTrainingHoldsGpus(String engine) throws Exception {
    String root = DevelopmentCluster.FILES + "/attune/gpu-" + engine;
    Map<String, String> submit =
        Map.of(
            "ATTUNE_SUBMIT_OPTS",
            "--files %s --conf spark.cores.max=4".formatted(cluster.sparkConf("fake-gpu.sh"))
                + " --conf spark.dynamicAllocation.enabled=true"
                + " --conf spark.dynamicAllocation.shuffleTracking.enabled=true"
                + " --conf spark.dynamicAllocation.shuffleTracking.timeout=10s"
                + " --conf spark.dynamicAllocation.executorIdleTimeout=5s");
    String[] night = nightly(engine, root);
    String[] onGpus = {
      "--set", "train.device=gpu-or-cpu",
      "--set", "train.workers=2",
      "--set", "train.gpu-discovery-script=" + (engine.equals("yarn") ? "./fake-gpu.sh" : "")
    };
    Commands.Outcome outcome =
        cluster.attune(
            home, submit, Stream.of(night, onGpus).flatMap(Stream::of).toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.said()).isZero();

    Storage storage = Storage.at(root, new Configuration());
    Artefacts.requireSame(RUN, storage, local);
    JsonNode stages =
        new ObjectMapper().readTree(storage.read(RUN.folder() + "/state.json")).get("stages");
    Map<String, Double> gpuSeconds = new HashMap<>();
    stages.forEach(
        stage ->
            gpuSeconds.put(stage.get("stage").asText(), stage.at("/cost/gpuSeconds").asDouble()));
    assertThat(gpuSeconds.get("train")).isPositive();
    assertThat(gpuSeconds.get("ingest") + gpuSeconds.get("clean") + gpuSeconds.get("shard"))
        .isZero();
  }

  @Test
  void exitCodeOfADriverInTheClusterReachesTheSubmitter() throws Exception {
    Path missing = config("missing.yaml", DevelopmentCluster.FILES + "/nowhere/");
    Commands.Outcome outcome =
        cluster.attune(home, "nightly", "--cluster", "yarn", "-c", missing.toString());

    assertThat(outcome.code()).as(outcome.said()).isEqualTo(3);
    assertThat(outcome.said()).contains("Corpus 'shop' has no file");
  }

  @Test
  void pathsThatTheClusterCannotSeeAreRefused() throws Exception {
    Path relative = config("relative.yaml", "data/");
    Commands.Outcome outcome =
        cluster.attune(home, "nightly", "--cluster", "yarn", "-c", relative.toString());

    assertThat(outcome.code()).as(outcome.said()).isEqualTo(2);
    assertThat(outcome.said()).contains("is relative to the configuration's folder");
  }

  @Test
  void helpAndDoctorRunWhereTheyAreAsked() throws Exception {
    Commands.Outcome help = cluster.attune(home, "--help");
    Commands.Outcome doctor = cluster.attune(home, "doctor");

    assertThat(help.code()).as(help.said()).isZero();
    assertThat(help.said()).contains("nightly", "Exit codes");
    assertThat(doctor.code()).as(doctor.said()).isZero();
    assertThat(doctor.said()).contains("Spark 3.5");
  }

  private static Path config(String name, String corpora) throws IOException {
    String text = Files.readString(folder.resolve("reviews.yaml"));
    return Files.writeString(
        folder.resolve(name), text.replaceAll("path: \\S*/data/", "path: " + corpora));
  }

  private static Storage night(String where, String root) throws IOException, InterruptedException {
    Commands.Outcome outcome = cluster.attune(home, nightly(where, root));
    assertThat(outcome.code()).as(outcome.said()).isZero();
    return Storage.at(root, new Configuration());
  }

  private static String[] nightly(String where, String root) {
    String file = folder.resolve("reviews.yaml").toString();
    return new String[] {
      "nightly", "--cluster", where, "-c", file, "--root", root, "--date", RUN.date().toString()
    };
  }
}
