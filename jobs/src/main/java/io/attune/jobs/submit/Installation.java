package io.attune.jobs.submit;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Locates Attune's own files, in a checkout or in a distribution, and the folders that the
 * environment names.
 *
 * @param home the folder of the launcher
 * @param variables the environment
 * @param folder the working folder of the command
 */
record Installation(Path home, Map<String, String> variables, Path folder) {
  private static final String MAIN_JAR = "attune-jobs-*.jar";

  Installation {
    variables = Map.copyOf(variables);
  }

  /** Returns a variable of the environment, unless it is unset or empty. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  boolean isDistribution() {
    return Files.isDirectory(home.resolve("lib"));
  }

  /** Returns the script that controls the development cluster. */
  Path devCluster() {
    return home.resolve("cluster/dev/dev");
  }

  /**
   * Returns the folder with the settings of clusters: the site's own, if {@code ATTUNE_CONF_DIR}
   * names one, or Attune's.
   */
  Path settings() {
    return variable("ATTUNE_CONF_DIR").map(folder::resolve).orElseGet(this::conf);
  }

  /**
   * Returns the options of the JVMs that compute, which are always read from Attune's own settings.
   */
  JvmOptions jvmOptions() {
    return JvmOptions.read(conf().resolve("jvm.options"));
  }

  private Path conf() {
    return home.resolve(isDistribution() ? "conf" : "cluster/conf");
  }

  /** Returns the jar with the commands. */
  Path mainJar() {
    List<Path> jars = list(home.resolve(isDistribution() ? "lib" : "jobs/target"), MAIN_JAR);
    if (jars.isEmpty()) {
      throw new Failure.BadUsage(
          "there is no %s below %s: unpack the distribution again, or build the checkout",
          MAIN_JAR, home);
    }
    return jars.get(0);
  }

  /**
   * Returns the other jars that Attune needs and Spark does not provide.
   *
   * @param isHere whether the driver and the executors run on this machine; they then use its local
   *     jars and do not wait for a file system that may be down. Otherwise the jars are in the
   *     folder {@code ATTUNE_JARS}, if that is set
   */
  List<String> otherJars(boolean isHere) {
    Optional<String> kept = isHere ? Optional.empty() : variable("ATTUNE_JARS");
    return ownJars()
        .filter(jar -> !jar.getFileName().toString().startsWith("attune-jobs-"))
        .map(jar -> kept.map(place -> place + "/" + jar.getFileName()).orElse(jar.toString()))
        .toList();
  }

  private Stream<Path> ownJars() {
    if (isDistribution()) {
      return list(home.resolve("lib"), "*.jar").stream();
    }
    try {
      String jars = Files.readString(home.resolve("jobs/target/classpath-submitted"));
      return Arrays.stream(jars.strip().split(":", 0)).map(Path::of);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns Spark's folder.
   *
   * @throws Failure.BadUsage if there is no spark-submit in it
   */
  Path sparkHome() {
    Optional<String> home = variable("SPARK_HOME");
    String submit = home.map(place -> place + "/bin/spark-submit").orElse("spark-submit");
    if (home.isEmpty() || !Files.isExecutable(Path.of(submit))) {
      throw new Failure.BadUsage(
          "there is no '%s': set SPARK_HOME to a Spark 3.5 for Scala 2.12", submit);
    }
    return Path.of(home.get());
  }

  /** Returns the file of the site's own Spark settings, which may not exist. */
  Path sparkDefaults() {
    String conf = variable("SPARK_HOME").orElse("") + "/conf";
    return Path.of(variable("SPARK_CONF_DIR").orElse(conf)).resolve("spark-defaults.conf");
  }

  /**
   * Rejects another version of Spark, which would fail in the middle of a stage. The version is
   * read from the names of its jars; a Spark without such a jar is checked when it runs.
   */
  void requireFitSpark() {
    String home = variable("SPARK_HOME").orElse("");
    Optional<String> core =
        list(Path.of(home, "jars"), "spark-core_*.jar").stream()
            .map(jar -> jar.getFileName().toString())
            .findFirst();
    if (core.isPresent() && !core.get().startsWith("spark-core_2.12-3.5.")) {
      throw new Failure.BadUsage(
          "SPARK_HOME=%s has %s, and Attune runs on Spark 3.5 for Scala 2.12 only: set SPARK_HOME"
              + " to one",
          home, core.get());
    }
  }

  /**
   * Rejects YARN without its configuration, since spark-submit would end with the exit code of a
   * bug in Attune.
   */
  void requireHadoop(String master) {
    boolean isConfigured =
        variable("HADOOP_CONF_DIR").isPresent() || variable("YARN_CONF_DIR").isPresent();
    if (master.startsWith("yarn") && !isConfigured) {
      throw new Failure.BadUsage(
          "YARN needs HADOOP_CONF_DIR: set it to the folder with core-site.xml, hdfs-site.xml and"
              + " yarn-site.xml");
    }
  }

  private static List<Path> list(Path folder, String glob) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
      found.forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Collections.sort(files);
    return files;
  }
}
