package io.attune.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionTest {
  private static final String[] ON_YARN = {"nightly", "--cluster", "yarn", "-c", "news.yaml"};

  @TempDir Path folder;
  private FakeDistribution distribution;

  @BeforeEach
  void write() throws IOException {
    distribution = new FakeDistribution(folder);
  }

  @Test
  void clusterSettingsWinOverTheSitesAndAttunesOverBoth() throws Exception {
    site("spark.a site\nspark.b: site\nspark.executorEnv.OMP_NUM_THREADS 8\n");
    Files.writeString(
        folder.resolve("conf/yarn.conf"),
        "spark.b cluster\nspark.c = cluster\n#spark.d cluster\nspark.master yarn\n");
    Settings settings = distribution.submission(ON_YARN).settings();

    assertThat(settings.value("spark.a")).contains("site");
    assertThat(settings.value("spark.b")).contains("cluster");
    assertThat(settings.value("spark.c")).contains("cluster");
    assertThat(settings.value("spark.d")).isEmpty();
    assertThat(settings.value("spark.executorEnv.OMP_NUM_THREADS")).contains("1");
  }

  @Test
  void bytesThatAreNotUtf8DoNotMatterInAComment() throws Exception {
    Path file = folder.resolve("latin1.conf");
    Files.write(file, "# caf\u00e9\nspark.a b\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(new Settings().add(file).value("spark.a")).contains("b");
  }

  @Test
  void settingsThatCannotBeReadAreNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.conf"), "spark.a C:\\users\n");

    assertThatThrownBy(() -> new Settings().add(file))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("bad.conf' cannot be read as settings of Spark: ");
  }

  @Test
  void threadsOfATaskAreOneEverywhereUnlessTheEnvironmentSaysOtherwise() {
    distribution.variables().put("OPENBLAS_NUM_THREADS", "2");
    Settings settings = distribution.submission(ON_YARN).settings();

    for (String where :
        List.of("spark.executorEnv.", "spark.yarn.appMasterEnv.", "spark.kubernetes.driverEnv.")) {
      assertThat(settings.value(where + "OMP_NUM_THREADS")).contains("1");
      assertThat(settings.value(where + "OPENBLAS_NUM_THREADS")).contains("2");
    }
  }

  @Test
  void settingsGoIntoAFileThatOnlyItsUserReadsAndSparkReadsAlike() throws Exception {
    Settings settings = new Settings().set("spark.secret", "a=b: c\\d #e").set("spark.empty", "");
    Path file = settings.write(folder);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Settings read = new Settings().add(file);
    assertThat(read.value("spark.secret")).contains("a=b: c\\d #e");
    assertThat(read.value("spark.empty")).isEmpty();
  }

  @Test
  void driverInTheClusterIsSentItsConfigurationAndFindsItByName() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("tasks")).resolve("a b.yaml");
    Files.writeString(elsewhere, "task: a\n");
    Submission submission =
        distribution.submission("nightly", "--cluster=yarn", "--config", elsewhere.toString());

    assertThat(submission.isInCluster()).isTrue();
    assertThat(submission.files()).containsExactly(elsewhere.toString());
    assertThat(submission.words()).containsExactly("nightly", "--config", "a b.yaml");
    assertThat(submission.variables().get("SPARK_SUBMIT_OPTS"))
        .startsWith("-Dlog4j2.configurationFile=file:" + folder.resolve("conf"));
  }

  @Test
  void driverOnThisMachineReadsItsConfigurationWhereItIs() {
    Submission submission = distribution.submission("nightly", "-c", "tasks/news.yaml");

    assertThat(submission.isInCluster()).isFalse();
    assertThat(submission.files()).isEmpty();
    assertThat(submission.words()).containsExactly("nightly", "-c", "tasks/news.yaml");
    assertThat(submission.variables()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runs",
        "doctor",
        "show",
        "rollback",
        "export",
        "init",
        "nightly --help",
        "demo -h"
      })
  void commandWithoutWorkForAClusterRunsHere(String words) {
    distribution.variables().put("ATTUNE_SUBMIT_OPTS", "--deploy-mode cluster");
    Submission submission = distribution.submission((words + " --cluster yarn").split(" ", 0));

    assertThat(submission.isInCluster()).isFalse();
    assertThat(submission.master()).contains("local[*]");
  }

  @ParameterizedTest
  @CsvSource({
    "nightly, yarn, hdfs:///apps/lib/other.jar",
    "doctor, yarn, /lib/other.jar",
    "nightly, local, /lib/other.jar",
  })
  void jarsOfTheClusterAreForWhatRunsThere(String command, String cluster, String jar) {
    distribution.variables().put("ATTUNE_JARS", "hdfs:///apps/lib");
    List<String> jars =
        distribution.submission(command, "--cluster", cluster, "-c", "news.yaml").jars();

    assertThat(jars).hasSize(2);
    assertThat(jars.get(0)).endsWith(jar);
    assertThat(jars.get(0).startsWith("hdfs:")).isEqualTo(jar.startsWith("hdfs:"));
  }

  @ParameterizedTest
  @CsvSource({"cluster, true", "client, false"})
  void jvmsInTheClusterUnpackNativesWhereNobodyElseDoes(String deployMode, boolean driverThere) {
    distribution.variables().put("ATTUNE_SUBMIT_OPTS", "--deploy-mode " + deployMode);
    String ownCache = "-Dorg.bytedeco.javacpp.cachedir=javacpp";
    Settings settings = distribution.submission(ON_YARN).settings();

    assertThat(settings.value("spark.executor.defaultJavaOptions").orElseThrow())
        .contains(ownCache);
    assertThat(settings.value("spark.driver.defaultJavaOptions").orElseThrow().contains(ownCache))
        .isEqualTo(driverThere);
  }

  @ParameterizedTest
  @CsvSource({
    "'', spark.yarn.tags team, 'team,attune-1'",
    "--conf spark.yarn.tags=mine, spark.yarn.tags team, 'mine,attune-1'",
    "--conf=spark.yarn.tags=mine, spark.a b, 'mine,attune-1'",
    "'', spark.a b, attune-1",
  })
  void applicationOnYarnHasATagBesideTheUsersOwn(String options, String site, String expected)
      throws Exception {
    site(site + "\n");
    distribution.variables().put("ATTUNE_SUBMIT_OPTS", options);
    Submission submission = distribution.submission(ON_YARN);

    assertThat(submission.settings().value("spark.yarn.tags")).contains(expected);
    assertThat(submission.options()).as("what would win over it").isEmpty();
  }

  @Test
  void tagsOfTheUserAreLeftAloneWhereTheDriverRunsHere() {
    distribution
        .variables()
        .put("ATTUNE_SUBMIT_OPTS", "--deploy-mode client --conf spark.yarn.tags=mine");
    Submission submission = distribution.submission(ON_YARN);

    assertThat(submission.settings().value("spark.yarn.tags")).isEmpty();
    assertThat(submission.options()).hasSize(1);
  }

  @Test
  void podOfTheDriverHasALabel() {
    Submission submission =
        distribution.submission("nightly", "--cluster", "kubernetes", "-c", "news.yaml");

    assertThat(submission.settings().value("spark.kubernetes.driver.label.attune-submission"))
        .contains("1");
  }

  @Test
  void kubernetesWithoutAPlaceForUploadsIsRefused() throws Exception {
    Files.writeString(
        folder.resolve("conf/kubernetes.conf"),
        "spark.submit.deployMode cluster\n#spark.kubernetes.file.upload.path /upload\n");
    String[] night = {"nightly", "--cluster=kubernetes", "--master=k8s://host", "-c", "news.yaml"};

    assertThatThrownBy(() -> distribution.submission(night))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("Kubernetes needs spark.kubernetes.file.upload.path: set it in")
        .hasMessageContaining("kubernetes.conf");
    distribution
        .variables()
        .put("ATTUNE_SUBMIT_OPTS", "--conf spark.kubernetes.file.upload.path=/upload");
    assertThat(distribution.submission(night).isInCluster()).isTrue();
  }

  @Test
  void configurationFolderWithoutTheFileIsRefused() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    distribution.variables().put("ATTUNE_CONF_DIR", empty.toString());

    assertThatThrownBy(() -> distribution.submission("runs"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContainingAll("there is no file", "local.conf", "ATTUNE_CONF_DIR");
  }

  @Test
  void unknownClusterIsRefusedWithThoseThatThereAre() {
    assertThatThrownBy(() -> distribution.submission("nightly", "--cluster", "mesos"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContainingAll("there is no cluster 'mesos'", "local, standalone, yarn and");
  }

  @Test
  void clusterWithoutAMasterIsRefusedWhateverElseTheSiteSaysOfMasters() throws Exception {
    site("spark.master.rest.enabled false\n");

    assertThatThrownBy(() -> distribution.submission("nightly", "--cluster", "standalone"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("--cluster standalone needs a master");
    assertThat(
            distribution
                .submission("nightly", "--cluster", "standalone", "--master", "spark://a:7077")
                .namedMaster())
        .isEqualTo("spark://a:7077");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--master yarn", "--master=yarn", "--conf spark.master=yarn"})
  void masterAmongTheUsersOptionsNamesTheClusterToo(String options) {
    distribution.variables().put("ATTUNE_SUBMIT_OPTS", options);

    assertThat(distribution.submission("nightly", "--cluster", "standalone").namedMaster())
        .isEqualTo("yarn");
    distribution.variables().remove("HADOOP_CONF_DIR");
    assertThatThrownBy(() -> distribution.submission("nightly", "--cluster", "standalone"))
        .hasMessageContaining("YARN needs HADOOP_CONF_DIR");
  }

  @ParameterizedTest
  @CsvSource({
    "spark-core_2.12-3.5.0.jar, true",
    "spark-core_2.12-3.5.5.jar, true",
    "spark-core-renamed.jar, true",
    "spark-core_2.13-3.5.5.jar, false",
    "spark-core_2.12-3.4.4.jar, false",
  })
  void sparkIsToldByTheNameOfItsJar(String jar, boolean fits) throws Exception {
    Files.createFile(Files.createDirectories(folder.resolve("spark/jars")).resolve(jar));

    if (fits) {
      assertThat(distribution.submission("runs").command()).isEqualTo("runs");
    } else {
      assertThatThrownBy(() -> distribution.submission("runs")).hasMessageContaining("has " + jar);
    }
  }

  @Test
  void checkoutSubmitsWhatMavenBuilt() throws Exception {
    Path checkout = folder.resolve("checkout");
    Path target = Files.createDirectories(checkout.resolve("jobs/target"));
    Files.createFile(target.resolve("attune-jobs-0.jar"));
    Files.writeString(target.resolve("classpath-submitted"), "/m2/b.jar:/m2/attune-a-0.jar");
    Installation installation = new Installation(checkout, distribution.variables(), folder);

    assertThat(installation.mainJar()).isEqualTo(target.resolve("attune-jobs-0.jar"));
    assertThat(installation.otherJars(true)).containsExactly("/m2/b.jar", "/m2/attune-a-0.jar");
    assertThat(installation.settings()).isEqualTo(checkout.resolve("cluster/conf"));
  }

  @Test
  void developmentClusterHasTwoEngines() {
    assertThat(Invocation.of(List.of("demo", "--cluster", "dev")))
        .isEqualTo(new Invocation(Optional.empty(), Optional.of("yarn"), true, List.of("demo")));
    assertThat(Invocation.of(List.of("--cluster=dev-standalone", "demo")).cluster())
        .contains("standalone");
  }

  @Test
  void optionsOfTheLauncherNeedAValue() {
    for (String option : List.of("--master", "--cluster")) {
      assertThatThrownBy(() -> Invocation.of(List.of("nightly", option)))
          .isInstanceOf(Failure.BadUsage.class)
          .hasMessageStartingWith(option + " needs a value, such as --master yarn");
    }
  }

  private void site(String text) throws IOException {
    Path conf = Files.createDirectories(folder.resolve("spark/conf"));
    Files.writeString(conf.resolve("spark-defaults.conf"), text);
  }
}
