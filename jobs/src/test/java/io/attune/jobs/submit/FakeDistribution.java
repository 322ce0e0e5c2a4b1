package io.attune.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/**
 * Provides a distribution and a fake Spark in one folder. Their jars lead to the test's own class
 * path; the fake spark-submit records its arguments, prints a line and ends with a given exit code.
 */
public final class FakeDistribution {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  private final Path folder;
  private final Map<String, String> variables = new HashMap<>();

  /** Writes a distribution and a fake Spark to a folder. */
  public FakeDistribution(Path folder) throws IOException {
    this.folder = folder;
    Path lib = Files.createDirectories(folder.resolve("lib"));
    divideClassPath();
    Files.createFile(lib.resolve("other.jar"));
    Files.copy(CHECKOUT.resolve("attune"), folder.resolve("attune"));
    writeConf(Files.createDirectories(folder.resolve("conf")));
    Files.writeString(folder.resolve("news.yaml"), "task: news\n");
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("SPARK_HOME", folder.resolve("spark").toString());
    variables.put("HADOOP_CONF_DIR", folder.resolve("conf").toString());
    variables.put("ATTUNE_LOG", folder.resolve("attune.log").toString());
    submits(0, "fine");
  }

  /** Returns the folder of the distribution, which is also the working folder of commands. */
  public Path folder() {
    return folder;
  }

  /** Returns the environment of the launcher, which a test may change. */
  public Map<String, String> variables() {
    return variables;
  }

  /** Makes spark-submit print a line to standard error and end with an exit code. */
  public void submits(int code, String says) throws IOException {
    Files.writeString(folder.resolve("says"), says + "\n");
    submits(
        """
        printf '%%s\\n' "$@" > %1$s/given
        while [ "$1" != --properties-file ]; do shift; done
        cp "$2" %1$s/properties
        cat %1$s/says >&2
        exit %2$d
        """
            .formatted(folder, code));
  }

  /** Replaces spark-submit by a script. */
  public void submits(String script) throws IOException {
    Path submit = Files.createDirectories(folder.resolve("spark/bin")).resolve("spark-submit");
    Files.writeString(submit, "#!/bin/bash\n" + script);
    assertThat(submit.toFile().setExecutable(true)).isTrue();
  }

  /** Returns the arguments that spark-submit received. */
  public List<String> given() throws IOException {
    return Files.readAllLines(folder.resolve("given"));
  }

  /** Returns the value that spark-submit received for an option. */
  public String given(String option) throws IOException {
    List<String> given = given();
    return given.get(given.indexOf(option) + 1);
  }

  /** Returns the settings that spark-submit received. */
  public Properties properties() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(folder.resolve("properties"))) {
      properties.load(reader);
    }
    return properties;
  }

  Installation installation() {
    return new Installation(folder, variables, folder);
  }

  Submission submission(String... arguments) {
    return new Submission("1", Invocation.of(List.of(arguments)), installation());
  }

  private static void writeConf(Path conf) throws IOException {
    Files.writeString(
        conf.resolve("yarn.conf"), "spark.master\tyarn\nspark.submit.deployMode\tcluster\n");
    Files.writeString(
        conf.resolve("kubernetes.conf"),
        """
        spark.master=k8s://https://host:6443
        spark.submit.deployMode = cluster
        spark.kubernetes.file.upload.path /upload
        """);
    Files.writeString(conf.resolve("local.conf"), "spark.master local[*]\n");
    Files.writeString(conf.resolve("standalone.conf"), "spark.submit.deployMode client\n");
    Files.copy(CHECKOUT.resolve("cluster/conf/jvm.options"), conf.resolve("jvm.options"));
    Files.copy(
        CHECKOUT.resolve("cluster/conf/log4j2.properties"), conf.resolve("log4j2.properties"));
    // There is no ResourceManager, and tests should not wait for one.
    Files.writeString(conf.resolve("core-site.xml"), site("ipc.client.connect.max.retries", "0"));
    Files.writeString(
        conf.resolve("yarn-site.xml"), site("yarn.resourcemanager.connect.max-wait.ms", "1"));
  }

  private static String site(String name, String value) {
    return "<configuration><property><name>%s</name><value>%s</value></property></configuration>\n"
        .formatted(name, value);
  }

  /**
   * Divides the test's own class path between the distribution and Spark, as in an installation.
   */
  private void divideClassPath() throws IOException {
    String surefire = System.getProperty("surefire.test.class.path");
    String classPath = surefire == null ? System.getProperty("java.class.path") : surefire;
    List<Path> attune = new ArrayList<>();
    List<Path> spark = new ArrayList<>();
    for (String entry : classPath.split(":", 0)) {
      Path path = Path.of(entry).toAbsolutePath();
      String name = path.getFileName().toString();
      if (name.startsWith("picocli-")) {
        Files.copy(path, folder.resolve("lib/picocli-0.jar"));
      } else if (Files.isDirectory(path) || name.startsWith("attune-")) {
        attune.add(path);
      } else {
        spark.add(path);
      }
    }
    writeJar(folder.resolve("lib/attune-jobs-0.jar"), attune);
    writeJar(Files.createDirectories(folder.resolve("spark/jars")).resolve("all.jar"), spark);
  }

  private static void writeJar(Path jar, List<Path> classPath) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            classPath.stream()
                .map(entry -> entry.toUri().toString())
                .collect(Collectors.joining(" ")));
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream written = new JarOutputStream(out, manifest)) {
      written.finish();
    }
  }
}
