package io.attune.neural.pretrained;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Provides the files of one encoder by name, wherever they lie. */
public interface EncoderFiles {
  /** Limits the size of a pointer of Git LFS, as its specification does. */
  int POINTER_BYTES = 1024;

  /** Says what such a pointer is, and what to do. */
  String POINTER =
      "it is a pointer of Git LFS and not the file itself; fetch it with git lfs pull, or download"
          + " it from its publisher";

  /** Returns whether a file is a pointer of Git LFS. */
  static boolean isPointer(byte[] file) {
    byte[] start = "version https://git-lfs.github.com/spec".getBytes(StandardCharsets.UTF_8);
    return file.length <= POINTER_BYTES
        && file.length >= start.length
        && Arrays.equals(file, 0, start.length, start, 0, start.length);
  }

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
