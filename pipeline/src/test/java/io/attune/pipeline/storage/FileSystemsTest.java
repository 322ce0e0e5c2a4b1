package io.attune.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSystemsTest {
  @Test
  void opensThatOfThisMachine() throws IOException {
    assertThat(FileSystems.of(new Path("file:///tmp"), new Configuration()).getScheme())
        .isEqualTo("file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a", "wasb", "abfs", "unheard-of"})
  void namesASchemeThatTheClassPathLacks(String scheme) {
    Path path = new Path(scheme + "://name@host/folder");

    assertThatThrownBy(() -> FileSystems.of(path, new Configuration()))
        .isInstanceOf(UnsupportedFileSystemException.class)
        .hasMessageContaining("the class path has no file system of the scheme '%s'", scheme);
    assertThatThrownBy(() -> Storage.at(path.toString(), new Configuration()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("this Hadoop has no file system of that scheme");
  }
}
