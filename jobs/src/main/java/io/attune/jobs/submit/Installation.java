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
 * Knows where things are: Attune's own files, in a checkout or in a distribution, and what the
 * environment names.
 *
 * @param home the folder of the launcher
 * @param variables the environment
 * @param folder where the command was called
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

  /** Returns the command of the development cluster. */
  Path devCluster() {
    return home.resolve("cluster/dev/dev");
  }

  /** Returns the folder with the settings of clusters, which may be the site's own. */
  Path settings() {
    return variable("ATTUNE_CONF_DIR").map(folder::resolve).orElseGet(this::conf);
  }

  /** Returns the options of a JVM that computes; a site's own settings need not hold them. */
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
   * Returns whatever else Attune needs and Spark has not.
   *
   * @param isHere whether everything runs on this machine: it has the jars, and need not wait for a
   *     file system that may be down; else they are where {@code ATTUNE_JARS} says
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

  /** Returns the site's own settings of Spark, a file that need not be there. */
  Path sparkDefaults() {
    String conf = variable("SPARK_HOME").orElse("") + "/conf";
    return Path.of(variable("SPARK_CONF_DIR").orElse(conf)).resolve("spark-defaults.conf");
  }

  /**
   * Refuses another Spark, which would fail in the middle of a stage; its version is in the names
   * of its jars. One without such a name is asked when it runs.
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

  /** Refuses YARN without its configuration: spark-submit would end as if Attune had a bug. */
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
