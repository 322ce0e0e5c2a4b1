package io.attune.cluster;

import io.attune.pipeline.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts a development cluster and runs the night on one machine that tests compare others with.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class NightOnDevelopmentCluster {
  Path folder;
  DevelopmentCluster cluster;
  SubmittedNight night;

  /** Holds the root of the night that ran on one machine. */
  Storage local;

  /** Starts the cluster of the test class. */
  DevelopmentCluster startCluster() throws IOException, InterruptedException {
    return DevelopmentCluster.up();
  }

  @BeforeAll
  void runLocally(@TempDir Path temporary) throws IOException, InterruptedException {
    folder = temporary;
    cluster = startCluster();
    night = SubmittedNight.on(cluster, folder);
    local = night.run("local", "file://" + folder.resolve("local"));
  }

  @AfterAll
  void stopCluster() throws IOException, InterruptedException {
    if (cluster != null) {
      cluster.close();
    }
  }
}
