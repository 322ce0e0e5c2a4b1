package io.attune.pipeline.storage.local;

import org.apache.hadoop.fs.LocalFileSystem;

/** Is {@link LocalFileSystem} over {@link RawFilesByJdk}; Hadoop creates it by name. */
public final class LocalFileSystemByJdk extends LocalFileSystem {
  public LocalFileSystemByJdk() {
    super(new RawFilesByJdk());
  }
}
