package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the distribution as a client of a development cluster: one night on one machine, on YARN and
 * on stand-alone Spark.
 */
class NightOnClusterIT extends NightOnDevelopmentCluster {
  private static final Run RUN = SubmittedNight.RUN;

  @Test
  void nightOnYarnIsTheLocalNightBitForBitAndIsDoneOnce() throws Exception {
    String root = cluster.files() + "/attune/yarn";
    NightComparison.requireSame(RUN, night.run("yarn", root), local);

    Storage again = night.run("yarn", root); // nothing is new, and that is a success on YARN too
    assertThat(again.list("runs/" + RUN.task())).containsExactly(RUN.id());
  }

  @Test
  void nightOnStandAloneSparkIsTheLocalNightBitForBit() throws Exception {
    Storage other = night.run("standalone", cluster.files() + "/attune/standalone");

    NightComparison.requireSame(RUN, other, local);
  }

  /** Verifies the use of simulated GPUs: the build computes on the processor. */
  @ParameterizedTest
  @ValueSource(strings = {"yarn", "standalone"})
  void onlyTheTrainingHoldsGpus(String engine) throws Exception {
    String root = cluster.files() + "/attune/gpu-" + engine;
    Map<String, String> submit =
        Map.of(
            "ATTUNE_SUBMIT_OPTS",
            "--files %s --conf spark.cores.max=4".formatted(cluster.sparkConf("fake-gpu.sh"))
                + " --conf spark.dynamicAllocation.enabled=true"
                + " --conf spark.dynamicAllocation.shuffleTracking.enabled=true"
                + " --conf spark.dynamicAllocation.shuffleTracking.timeout=10s"
                + " --conf spark.dynamicAllocation.executorIdleTimeout=5s");
    String script = engine.equals("yarn") ? "./fake-gpu.sh" : "";
    String[] onGpus =
        night.words(
            engine,
            root,
            "--set=train.device=gpu-or-cpu",
            "--set=train.averaging.workers=2",
            "--set=train.gpu-discovery-script=" + script);
    Storage storage = night.run(submit, onGpus, root);

    NightComparison.requireSame(RUN, storage, local);
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
    Path missing = config("missing.yaml", cluster.files() + "/nowhere/");
    SubmittedNight other = new SubmittedNight(cluster, night.home(), missing);
    Commands.Outcome outcome =
        cluster.attune(night.home(), other.words("yarn", cluster.files() + "/attune/missing"));

    assertThat(outcome.code()).as(outcome.said()).isEqualTo(3);
    assertThat(outcome.said()).contains("Corpus 'shop' has no file");
  }

  @Test
  void masterThatDoesNotAnswerEndsTheNightWithTheReason() throws Exception {
    String[] words =
        night.words(
            "standalone",
            cluster.files() + "/attune/no-master",
            "--master",
            "spark://no-such-host.invalid:7077");
    Commands.Outcome outcome = cluster.attune(night.home(), words);

    assertThat(outcome.code()).as(outcome.said()).isEqualTo(3);
    assertThat(outcome.said()).contains("does not answer (no host no-such-host.invalid is known)");
  }

  @Test
  void pathsThatTheClusterCannotSeeAreRefused() throws Exception {
    Path relative = config("relative.yaml", "data/");
    Commands.Outcome outcome =
        cluster.attune(night.home(), "nightly", "--cluster", "yarn", "-c", relative.toString());

    assertThat(outcome.code()).as(outcome.said()).isEqualTo(2);
    assertThat(outcome.said()).contains("is relative to the configuration's folder");
  }

  @Test
  void helpAndDoctorRunOnTheMachineOfTheUser() throws Exception {
    Commands.Outcome help = cluster.attune(night.home(), "--help");
    Commands.Outcome doctor = cluster.attune(night.home(), "doctor");

    assertThat(help.code()).as(help.said()).isZero();
    assertThat(help.said()).contains("nightly", "Exit codes");
    assertThat(doctor.code()).as(doctor.said()).isZero();
    assertThat(doctor.said()).contains("Spark 3.5");
  }

  private Path config(String name, String corpora) throws IOException {
    String text = Files.readString(night.config());
    return Files.writeString(
        folder.resolve(name), text.replaceAll("path: \\S*/data/", "path: " + corpora));
  }
}
