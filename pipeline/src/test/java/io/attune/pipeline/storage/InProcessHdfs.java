package io.attune.pipeline.storage;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** Runs a real NameNode and DataNode in this process, on loopback. */
public final class InProcessHdfs implements AutoCloseable {
  private final MiniDFSCluster cluster;

  public InProcessHdfs(Path folder) throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    configuration.setBoolean("dfs.permissions.enabled", true);
    this.cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    cluster.waitActive();
  }

  public String root() {
    return cluster.getURI() + "/attune";
  }

  public Configuration configuration() {
    return cluster.getConfiguration(0);
  }

  public FileSystem files() throws IOException {
    return cluster.getFileSystem();
  }

  /**
   * Stops the nodes without the shutdown of the cluster itself, which would remove all shutdown
   * hooks of the JVM, including those by which Spark removes its folders.
   */
  @Override
  public void close() {
    cluster.shutdownDataNodes();
    cluster.shutdownNameNodes();
  }
}
