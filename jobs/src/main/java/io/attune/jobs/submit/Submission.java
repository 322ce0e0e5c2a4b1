package io.attune.jobs.submit;

import io.attune.schemas.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Assembles the options, settings and files of spark-submit for one command. */
final class Submission {
  /** Names the label of a driver's pod. */
  static final String LABEL = "attune-submission";

  static final String TAGS = "spark.yarn.tags";
  private static final String MASTER = "spark.master";
  private static final String MODE = "spark.submit.deployMode";
  private static final String UPLOAD = "spark.kubernetes.file.upload.path";

  private final String id;
  private final Invocation invocation;
  private final Installation installation;
  private final Settings settings = new Settings();
  private final Optional<String> master;
  private final Optional<Path> conf;
  private final SubmitOptions options;
  private final boolean isInCluster;

  /**
   * Plans the submission of a command.
   *
   * @param id identifies its application, as a tag on YARN and as a label on Kubernetes
   * @throws Failure.BadUsage if a variable of the environment or a setting that it needs is missing
   */
  Submission(String id, Invocation invocation, Installation installation) {
    this.id = id;
    this.invocation = invocation;
    this.installation = installation;
    this.options = SubmitOptions.of(installation.variable("ATTUNE_SUBMIT_OPTS").orElse(""));
    Optional<Path> named = invocation.cluster().map(this::confOf);
    installation.requireFitSpark();
    installation.requireHadoop(invocation.master().or(invocation::cluster).orElse(""));
    if (invocation.isForHere()) {
      // The doctor runs on this machine, but examines the settings of the cluster.
      boolean examines = invocation.command().equals("doctor") && named.isPresent();
      this.conf = examines ? named : Optional.of(installation.settings().resolve("local.conf"));
      this.master = Optional.of("local[*]");
    } else {
      this.conf = named;
      this.master = invocation.master();
    }
    requireConf();
    installation.sparkHome();
    addLayers();
    requireMaster();
    this.isInCluster = isToRunInCluster();
    JvmOptions jvm = installation.jvmOptions();
    settings.set(
        "spark.driver.defaultJavaOptions", isInCluster ? jvm.inCluster() : jvm.ofDriverHere());
    if (isInCluster) {
      requireUpload();
      mark();
    }
  }

  /** Returns the unique identifier of this submission. */
  String id() {
    return id;
  }

  /** Returns the command, which is also part of the application's name. */
  String command() {
    return invocation.command();
  }

  /** Returns the settings for spark-submit's file of properties. */
  Settings settings() {
    return settings;
  }

  /** Returns the master for spark-submit's command line; empty if the settings name it. */
  Optional<String> master() {
    return master;
  }

  /**
   * Returns the effective master, from the options, the command line or the settings; empty if none
   * of them names one.
   */
  String namedMaster() {
    return options.value("--master").or(() -> master).or(() -> setting(MASTER)).orElse("");
  }

  /** Returns the effective value of a setting; the user's options take precedence over files. */
  Optional<String> setting(String key) {
    return options.conf(key).or(() -> settings.value(key));
  }

  /** Returns the value of a user's option of spark-submit. */
  Optional<String> option(String name) {
    return options.value(name);
  }

  /** Returns whether the driver runs in the cluster. */
  boolean isInCluster() {
    return isInCluster;
  }

  /** Returns the name of the file to which a missing setting should be added. */
  String confName() {
    return conf.map(Path::toString).orElse("spark-defaults.conf");
  }

  /** Returns the jar with the commands. */
  Path mainJar() {
    return installation.mainJar();
  }

  /** Returns the other jars: Attune's own, then the user's. */
  List<String> jars() {
    boolean isHere = namedMaster().startsWith("local");
    return Stream.concat(
            installation.otherJars(isHere).stream(), options.value(SubmitOptions.JARS).stream())
        .toList();
  }

  /** Returns the files for the working folders of driver and executors. */
  List<String> files() {
    List<String> files = new ArrayList<>();
    if (isInCluster) {
      taskFile().file().ifPresent(files::add);
    }
    options.value(SubmitOptions.FILES).ifPresent(files::add);
    return files;
  }

  /** Returns the user's other options of spark-submit. */
  List<SubmitOptions.Entry> options() {
    SubmitOptions others =
        options.without(SubmitOptions.FILES, SubmitOptions.JARS, SubmitOptions.DEPLOY_MODE);
    return isInCluster && isOnYarn() ? others.withoutConf(TAGS).all() : others.all();
  }

  /**
   * Returns the words of the command for the driver; in a cluster they name the configuration
   * without its folder.
   */
  List<String> words() {
    return isInCluster ? taskFile().words() : invocation.words();
  }

  /** Returns environment variables for spark-submit, in addition to those of this process. */
  Map<String, String> variables() {
    if (!isInCluster) {
      return Map.of();
    }
    // This configuration logs the state of the driver and nothing else.
    String log = "-Dlog4j2.configurationFile=file:%s %s";
    return Map.of(
        "SPARK_SUBMIT_OPTS",
        log.formatted(
            installation.settings().resolve("log4j2-submit.properties"),
            installation.variable("SPARK_SUBMIT_OPTS").orElse("")));
  }

  boolean isOnYarn() {
    return namedMaster().startsWith("yarn");
  }

  boolean isOnKubernetes() {
    return namedMaster().startsWith("k8s");
  }

  private TaskFile taskFile() {
    return TaskFile.in(invocation.words(), installation.folder());
  }

  private Path confOf(String cluster) {
    Path file = installation.settings().resolve(cluster + ".conf");
    if (!Files.isReadable(file)) {
      throw new Failure.BadUsage(
          "there is no cluster '%s': no file '%s'; there are local, standalone, yarn and kubernetes",
          cluster, file);
    }
    return file;
  }

  private void requireConf() {
    if (conf.isPresent() && !Files.isReadable(conf.get())) {
      throw new Failure.BadUsage(
          "there is no file '%s', and ATTUNE_CONF_DIR says that it holds Spark's settings: copy it"
              + " from the folder conf of Attune's",
          conf.get());
    }
  }

  /**
   * Adds the layers of settings: the site's, then the cluster's, then those that Attune requires.
   */
  private void addLayers() {
    Path site = installation.sparkDefaults();
    if (Files.isReadable(site)) {
      settings.add(site);
    }
    conf.ifPresent(settings::add);
    settings.set("spark.executor.defaultJavaOptions", installation.jvmOptions().inCluster());
    for (String name : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")) {
      // One thread for each task, since the tasks occupy all cores.
      String threads = installation.variable(name).orElse("1");
      settings
          .set("spark.executorEnv." + name, threads)
          .set("spark.yarn.appMasterEnv." + name, threads)
          .set("spark.kubernetes.driverEnv." + name, threads);
    }
  }

  /** Rejects a cluster without a master, since Spark would silently run on this machine alone. */
  private void requireMaster() {
    if (invocation.cluster().isPresent() && namedMaster().isEmpty()) {
      throw new Failure.BadUsage(
          "--cluster %s needs a master: name it with --master, or as spark.master in %s",
          invocation.cluster().get(), confName());
    }
    installation.requireHadoop(namedMaster());
  }

  private boolean isToRunInCluster() {
    return !invocation.isForHere()
        && options
            .value(SubmitOptions.DEPLOY_MODE)
            .or(() -> setting(MODE))
            .orElse("client")
            .equals("cluster");
  }

  /**
   * Rejects Kubernetes without an upload path. Pods do not have the files of this machine, and
   * spark-submit would end with the exit code of a bug in Attune.
   */
  private void requireUpload() {
    if (isOnKubernetes() && setting(UPLOAD).isEmpty()) {
      throw new Failure.BadUsage(
          "Kubernetes needs %s: set it in %s to a folder that this machine and all pods reach, such"
              + " as hdfs://namenode/user/attune/upload",
          UPLOAD, confName());
    }
  }

  /**
   * Marks the application with the id of this submission, so that the cluster can find it; keeps
   * the user's own tags.
   */
  private void mark() {
    if (isOnYarn()) {
      String own = YarnDriver.tag(id);
      settings.set(TAGS, setting(TAGS).map(tags -> tags + "," + own).orElse(own));
    } else if (isOnKubernetes()) {
      settings.set("spark.kubernetes.driver.label." + LABEL, id);
    }
  }
}
