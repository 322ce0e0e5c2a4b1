package io.attune.pipeline.storage;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Keeps local files under the scheme {@code faulty}. From a chosen change on every further one
 * fails, as if the process had been killed there.
 */
public final class FaultyFiles extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("faulty:///");
  private static final AtomicInteger ALLOWED = new AtomicInteger(Integer.MAX_VALUE);

  /** Sets how many changes succeed from now on. */
  static void allow(int changes) {
    ALLOWED.set(changes);
  }

  static void register(Configuration configuration) {
    configuration.set("fs.faulty.impl", FaultyFiles.class.getName());
    configuration.set("fs.AbstractFileSystem.faulty.impl", Context.class.getName());
  }

  /** Serves the newer interface of Hadoop. */
  public static final class Context extends DelegateToFileSystem {
    public Context(URI uri, Configuration configuration) throws Exception {
      super(uri, new FaultyFiles(), configuration, "faulty", false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return "faulty";
  }

  private static void change() {
    if (ALLOWED.getAndUpdate(left -> Math.max(0, left - 1)) <= 0) {
      throw new IllegalStateException("killed");
    }
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    change();
    return super.create(file, overwrite, buffer, replication, block, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    return create(file, overwrite, buffer, replication, block, progress);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    change();
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path file, boolean recursive) throws IOException {
    change();
    return super.delete(file, recursive);
  }
}
