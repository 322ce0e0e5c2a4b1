package io.attune.neural.pretrained;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Provides the files of a folder of this machine. */
record LocalFiles(Path folder) implements EncoderFiles {
  @Override
  public String location() {
    return folder.toString();
  }

  @Override
  public boolean exists(String name) {
    return Files.isRegularFile(folder.resolve(name));
  }

  @Override
  public long size(String name) throws IOException {
    return Files.size(folder.resolve(name));
  }

  @Override
  public InputStream open(String name) throws IOException {
    return new FileInputStream(folder.resolve(name).toFile());
  }
}
