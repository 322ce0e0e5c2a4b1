package io.attune.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.root.RootVersion;
import io.attune.neural.NativeBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the checks of {@code doctor}. */
class DoctorTest {
  private static final Set<String> ALL_INSTRUCTIONS =
      Set.of("sse4_1", "avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl");

  @TempDir Path folder;

  @Test
  void wholeExaminationOfThisProcessFindsNothingThatStopsANight() throws IOException {
    List<Check> checks = Doctor.examine(target(folder.resolve("root").toString()), clock());

    assertThat(checks)
        .extracting(Check::name)
        .containsExactly(
            "java",
            "java-flags",
            "heap",
            "spark",
            "processor",
            "natives",
            "blas",
            "off-heap",
            "results",
            "gpu",
            "hooks",
            "ticket",
            "root",
            "clock",
            "space",
            "versions",
            "heads");
    assertThat(checks).as("failures").noneMatch(Check::failed);
    assertThat(checks).allSatisfy(check -> assertThat(check.prevents()).isNotBlank());
    assertThat(checks).allSatisfy(check -> assertThat(check.fix() == null).isEqualTo(check.isOk()));
    assertThat(found(checks, "blas")).containsPattern("\\w+ kernel, \\d+ GFLOP/s");
  }

  @Test
  void headThatNoCorpusFillsFails() throws IOException {
    Path file = config();
    Files.writeString(
        file, Files.readString(file).replace("heads: {mood:", "heads: {topic: [a, b], mood:"));
    RunConfig task = RunConfigs.load(file, List.of());

    Check check = HeadChecks.examine(task, target(Map.of()));

    assertThat(check.failed()).isTrue();
    assertThat(check.found()).startsWith("No corpus names a column with the labels of 'topic'");
    assertThat(check.fix()).contains("corpora.columns.labels", "labels: {topic: COLUMN}");
  }

  @Test
  void rootIsLeftAsItWas() throws IOException {
    Path root = Files.createDirectory(folder.resolve("root"));

    assertThat(Doctor.examine(target(root.toString()), clock())).noneMatch(Check::failed);
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void rootThatCannotBeWrittenFailsWithWhatToDo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(Doctor.examine(target(file.resolve("root").toString()), clock()))
        .filteredOn(Check::failed)
        .singleElement()
        .satisfies(check -> assertThat(check.name()).isEqualTo("root"))
        .satisfies(check -> assertThat(check.fix()).contains("Cannot write below the root"));
  }

  @ParameterizedTest
  @CsvSource({"8", "11", "21"})
  void otherJavasAreRefused(int feature) {
    Check check = JvmChecks.java(feature, feature + ".0.1");

    assertThat(check.failed()).isTrue();
    assertThat(check.fix()).contains("install a JDK 17 and set JAVA_HOME");
  }

  @Test
  void closedPackagesFailAndAMissingVectorModuleWarns() {
    List<String> opens = List.of("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

    assertThat(JvmChecks.flags(List.of("-Xmx1g"), true).failed()).isTrue();
    assertThat(JvmChecks.flags(opens, false).status()).isEqualTo(Check.WARNING);
    assertThat(JvmChecks.flags(opens, true).isOk()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "3.4.4, 2.12.18, is built against Spark 3.5",
    "4.0.0, 2.13.16, exists for Scala 2.12 only",
    "3.5.5, 2.13.8, without 'scala2.13' in its name",
  })
  void otherSparksAreRefused(String spark, String scala, String why) {
    Check check = SparkChecks.spark(spark, scala);

    assertThat(check.failed()).isTrue();
    assertThat(check.fix()).contains(why, "set SPARK_HOME to a Spark 3.5 built for Scala 2.12");
  }

  @Test
  void nativesThatThisProcessorCannotRunAreRefusedBeforeTheyAreLoaded() {
    Check check = NativeChecks.processor(NativeBuild.AVX512, Set.of("sse4_1", "avx2", "fma"));

    assertThat(check.failed()).isTrue();
    assertThat(check.found()).contains("without avx512bw, avx512dq, avx512f, avx512vl");
    assertThat(check.fix()).contains("ATTUNE_NATIVES");
    assertThat(NativeChecks.processor(NativeBuild.AVX512, ALL_INSTRUCTIONS).isOk()).isTrue();
    assertThat(NativeChecks.processor(NativeBuild.GENERIC, ALL_INSTRUCTIONS).status())
        .isEqualTo(Check.WARNING);
  }

  @Test
  void slowOrForcedBlasWarns() {
    assertThat(NativeChecks.blas("Prescott", 6, null).status()).isEqualTo(Check.WARNING);
    assertThat(NativeChecks.blas("Haswell", 60, "Haswell").fix()).contains("OPENBLAS_CORETYPE");
    assertThat(NativeChecks.blas("SkylakeX", 90, null).isOk()).isTrue();
  }

  @Test
  void containersThatAreTooSmallForJavaCppWarn() throws IOException {
    Map<String, String> yarn = Map.of("spark.master", "yarn", "spark.executor.memory", "4g");

    Check small = MemoryChecks.offHeap(target(yarn), Optional.empty());
    assertThat(small.status()).isEqualTo(Check.WARNING);
    assertThat(small.found()).contains("JavaCPP up to 4,096 MiB, overhead 409 MiB");
    assertThat(small.fix()).contains("set spark.executor.memoryOverhead=4352m");

    Map<String, String> sized = new HashMap<>(yarn);
    sized.put("spark.executor.memoryOverhead", "2560");
    sized.put("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxbytes=2g -Dx=y");
    assertThat(MemoryChecks.offHeap(target(sized), Optional.empty()).isOk()).isTrue();
  }

  @Test
  void replicasThatDoNotFitOutsideTheHeapFail() throws IOException {
    ModelSize large = new ModelSize(500_000_000, 1_000_000_000);

    Check executors =
        MemoryChecks.offHeap(
            target(Map.of("spark.master", "spark://host:7077", "spark.executor.cores", "2")),
            Optional.of(large));
    assertThat(executors.failed()).isTrue();
    assertThat(executors.found()).contains("2 replicas take 15,258 MiB");

    Check local = MemoryChecks.local(1L << 30, 1L << 30, 16L << 30, 2, Optional.of(large));
    assertThat(local.failed()).isTrue();
    assertThat(local.fix()).contains("-Dorg.bytedeco.javacpp.maxbytes=");
  }

  @Test
  void resultLimitIsComparedWithTheModel() throws IOException {
    ModelSize model = new ModelSize(200_000_000, 400_000_000);
    Map<String, String> yarn = new HashMap<>(Map.of("spark.master", "yarn"));

    Check small = MemoryChecks.results(target(yarn), model);
    assertThat(small.failed()).isTrue();
    assertThat(small.fix()).isEqualTo("set spark.driver.maxResultSize=2519m or more");

    yarn.put("spark.driver.maxResultSize", "3g");
    assertThat(MemoryChecks.results(target(yarn), model).fix()).contains("spark.driver.memory=");
    yarn.put("spark.driver.memory", "12g");
    assertThat(MemoryChecks.results(target(yarn), model).isOk()).isTrue();
  }

  @Test
  void sizeOfAModelIsCountedWithoutBuildingIt() throws IOException {
    ModelSize size = ModelSize.of(RunConfigs.load(config(), List.of()));

    // Embedding and positions alone are 200 x 16 and 16 x 16; Adam keeps two values a parameter.
    assertThat(size.parameters()).isGreaterThan(200 * 16 + 16 * 16);
    assertThat(size.state()).isEqualTo(2 * size.parameters());
  }

  @Test
  void clocksThatDisagreeWarnAndThenFail() {
    assertThat(RootChecks.clock(Duration.ofSeconds(2)).isOk()).isTrue();
    assertThat(RootChecks.clock(Duration.ofSeconds(-45)).status()).isEqualTo(Check.WARNING);
    Check far = RootChecks.clock(Duration.ofMinutes(4));
    assertThat(far.failed()).isTrue();
    assertThat(far.found()).isEqualTo("the file system's is 240.0 s ahead");
  }

  @Test
  void rootOfANewerVersionFailsAndOfAnOlderWarns() {
    Optional<RootVersion> root = Optional.of(new RootVersion("0.2.0", "abc", "2026-01-01"));

    assertThat(RootChecks.versions(root, "0.1.9").failed()).isTrue();
    assertThat(RootChecks.versions(root, "0.2.0-SNAPSHOT").isOk()).isTrue();
    assertThat(RootChecks.versions(root, "0.10.0").status()).isEqualTo(Check.WARNING);
    assertThat(RootChecks.versions(Optional.empty(), "0.1.0").isOk()).isTrue();
    assertThat(RootChecks.versions(root, "unknown").status()).isEqualTo(Check.WARNING);
  }

  @Test
  void ticketsAreAskedForOnlyWhereTheClusterDoes() {
    assertThat(RootChecks.ticket(false, false, false, "me").isOk()).isTrue();
    assertThat(RootChecks.ticket(true, false, false, "me").failed()).isTrue();
    assertThat(RootChecks.ticket(true, true, false, "me").status()).isEqualTo(Check.WARNING);
    assertThat(RootChecks.ticket(true, true, true, "me").isOk()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.7", "5.0", "6.1", "7.0", "7.2", "7.5", "8.0", "8.6", "8.7", "8.9"})
  void gpusThatTheBuildHasCodeForAreTaken(String capability) {
    assertThat(GpuChecks.runsOn(capability)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5", "9.0", "10.0", "12.0", "nonsense", ""})
  void otherGpusAreRefused(String capability) {
    assertThat(GpuChecks.runsOn(capability)).isFalse();
  }

  @Test
  void gpuThatTheCudaBuildHasNoCodeForFailsAndIsNamed() throws IOException {
    nvidiaSmi("echo '0, NVIDIA A10, 8.6, 535.104.05'; echo '1, NVIDIA H200, 9.0, 550.54.15'");

    Check check = GpuChecks.examine(target(Map.of("spark.executor.resource.gpu.amount", "1")));
    assertThat(check.failed()).isTrue();
    assertThat(check.found())
        .contains("NVIDIA A10 (GPU 0, compute capability 8.6", "NVIDIA H200 (GPU 1");
    assertThat(check.fix())
        .contains("3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0, 8.6", "none for GPU 1");
  }

  @Test
  void gpuThatNobodyAskedForOnlyWarns() throws IOException {
    nvidiaSmi("echo '0, NVIDIA H200, 9.0, 550.54.15'");

    assertThat(GpuChecks.examine(target(Map.of())).status()).isEqualTo(Check.WARNING);
  }

  @Test
  void noGpuIsANote() throws IOException {
    assertThat(GpuChecks.examine(target(Map.of())).isOk()).isTrue();
    nvidiaSmi("exit 0");
    assertThat(GpuChecks.examine(target(Map.of())).found()).contains("nvidia-smi lists none");
  }

  @Test
  void driverThatDoesNotKnowTheQuestionWarns() throws IOException {
    nvidiaSmi("echo 'Field \"compute_cap\" is not a valid field to query.'; exit 2");

    Check check = GpuChecks.examine(target(Map.of()));
    assertThat(check.status()).isEqualTo(Check.WARNING);
    assertThat(check.found()).contains("is not a valid field to query");
    assertThat(check.fix()).contains("driver before 510");
  }

  @Test
  void hooksThatCouldNotRunWarn() throws IOException {
    Target target =
        target(
            "hooks.on-failure={command: [no-such-program], webhook: 'env:NO_SUCH_VARIABLE',"
                + " timeout-seconds: 5}");

    Check check = HookChecks.examine(target.task().orElseThrow().hooks(), target.env());
    assertThat(check.status()).isEqualTo(Check.WARNING);
    assertThat(check.found())
        .contains("no program 'no-such-program'", "NO_SUCH_VARIABLE is not set");
  }

  private void nvidiaSmi(String script) throws IOException {
    Path tool = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\n" + script + "\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();
  }

  private Target target(Map<String, String> spark) {
    return new Target(
        Optional.empty(),
        Optional.empty(),
        spark,
        new Configuration(),
        Map.of("PATH", folder.toString()));
  }

  private Target target(String... overrides) throws IOException {
    boolean isRoot = !overrides[0].startsWith("hooks");
    return new Target(
        isRoot ? Optional.of(overrides[0]) : Optional.empty(),
        Optional.of(RunConfigs.load(config(), isRoot ? List.of() : List.of(overrides))),
        Map.of(),
        new Configuration(),
        Map.of("PATH", folder.toString()));
  }

  private Path config() throws IOException {
    return Files.writeString(
        folder.resolve("task.yaml"),
        """
        task: reviews
        heads: {mood: [bad, good]}
        corpora:
          - {name: shop, path: reviews.csv, columns: {text: text, labels: {mood: stars}}}
        tokenize: {vocabulary: 200, max-tokens: 16}
        model: {width: 16, heads: 2, feed-forward: 32}
        train: {averaging: {workers: 2}}
        """);
  }

  private static String found(List<Check> checks, String name) {
    return checks.stream().filter(check -> check.name().equals(name)).findFirst().get().found();
  }

  private static Clock clock() {
    return Clock.systemUTC();
  }
}
