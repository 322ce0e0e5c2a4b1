package io.attune.pipeline.provenance;

import io.attune.neural.ProcessorKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.hadoop.util.VersionInfo;
import org.nd4j.linalg.factory.Nd4j;

/** Describes what this process runs on: versions and machine. */
public final class Environment {
  private static final Properties BUILD = load();

  private Environment() {}

  /**
   * Returns the commit of Attune's source when it was built; {@code unknown} outside a checkout.
   */
  public static String commit() {
    return BUILD.getProperty("commit", "unknown");
  }

  /** Returns the version of Attune. */
  public static String version() {
    return BUILD.getProperty("version", "unknown");
  }

  /**
   * Returns the versions by name: attune, java, spark, scala, hadoop, nd4j, os, processor,
   * processor-kind.
   */
  public static Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("attune", version());
    versions.put("java", Runtime.version().toString());
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("scala", scala.util.Properties.versionNumberString());
    versions.put("hadoop", VersionInfo.getVersion());
    versions.put("nd4j", nd4j());
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    versions.put("processor", processor());
    versions.put("processor-kind", ProcessorKind.here());
    return versions;
  }

  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static String nd4j() {
    String version = Nd4j.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException | UncheckedIOException e) {
      return System.getProperty("os.arch");
    }
  }

  private static Properties load() {
    Properties properties = new Properties();
    try (InputStream in = Environment.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
