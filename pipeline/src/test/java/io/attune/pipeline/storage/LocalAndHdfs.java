package io.attune.pipeline.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Named;

/** Opens storages on the local file system and on HDFS, whose rules of renaming differ. */
final class LocalAndHdfs implements AutoCloseable {
  private final Path folder;
  private final InProcessHdfs hdfs;

  LocalAndHdfs(Path folder) throws IOException {
    this.folder = folder;
    this.hdfs = new InProcessHdfs(folder.resolve("hdfs"));
  }

  Stream<Named<Storage>> storages() {
    return Stream.of(
        Named.of(
            "local", Storage.at(folder.resolve("local").toUri().toString(), new Configuration())),
        Named.of("hdfs", Storage.at(hdfs.root(), hdfs.configuration())));
  }

  /** Changes a file in place, which no stage does. */
  void overwrite(Storage storage, String file, String content) throws IOException {
    var path = storage.resolve(file);
    try (OutputStream out = path.getFileSystem(hdfs.configuration()).create(path, true)) {
      out.write(bytes(content));
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    hdfs.close();
  }
}
