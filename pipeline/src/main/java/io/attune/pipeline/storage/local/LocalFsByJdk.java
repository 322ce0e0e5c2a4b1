package io.attune.pipeline.storage.local;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.local.LocalFs;

/** Is {@link LocalFs} over {@link RawFilesByJdk}; Hadoop creates it by name. */
public final class LocalFsByJdk extends ChecksumFs {
  public LocalFsByJdk(URI uri, Configuration configuration) throws IOException, URISyntaxException {
    super(new Raw(configuration));
  }

  private static final class Raw extends DelegateToFileSystem {
    Raw(Configuration configuration) throws IOException, URISyntaxException {
      super(
          FsConstants.LOCAL_FS_URI,
          new RawFilesByJdk(),
          configuration,
          FsConstants.LOCAL_FS_URI.getScheme(),
          false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1; // none
    }

    @Override
    public boolean isValidName(String name) {
      return true; // what a name may be is the operating system's to say
    }
  }
}
