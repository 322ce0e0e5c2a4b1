package io.attune.neural.pretrained;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Provides the files of one encoder by name, wherever they lie. */
public interface EncoderFiles {
  /** Returns where the files are, for messages. */
  String location();

  /**
   * Returns whether there is a file of this name.
   *
   * @param name relative to the encoder's folder, with {@code /} between folders
   */
  boolean exists(String name) throws IOException;

  /** Returns the number of bytes of a file. */
  long size(String name) throws IOException;

  /** Opens a file, which the caller closes; a stream that skips cheaply is read fastest. */
  InputStream open(String name) throws IOException;

  /** Returns the files of a folder of this machine. */
  static EncoderFiles folder(Path folder) {
    return new LocalFiles(folder);
  }
}
