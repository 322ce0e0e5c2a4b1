package io.attune.jobs.doctor;

import io.attune.jobs.config.RunConfig;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Describes what is examined in addition to the process itself.
 *
 * @param root to check for rights; empty for none
 * @param task its configuration; empty where there is none yet
 * @param spark settings that a session would have
 * @param hadoop configuration that a session would have
 * @param env environment variables
 */
public record Target(
    Optional<String> root,
    Optional<RunConfig> task,
    Map<String, String> spark,
    Configuration hadoop,
    Map<String, String> env) {
  public Target {
    spark = Map.copyOf(spark);
    env = Map.copyOf(env);
  }

  /** Returns whether tasks run in this process. */
  boolean isLocal() {
    return master().startsWith("local");
  }

  /** Returns whether executors run in containers with a memory limit. */
  boolean hasContainers() {
    return master().startsWith("yarn") || master().startsWith("k8s");
  }

  String setting(String key, String otherwise) {
    return spark.getOrDefault(key, otherwise);
  }

  private String master() {
    return setting("spark.master", "local[*]");
  }
}
