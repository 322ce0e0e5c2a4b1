package io.attune.pipeline.encoder;

import io.attune.neural.pretrained.EncoderFiles;
import io.attune.pipeline.storage.FileSystems;
import io.attune.schemas.failure.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads the files of a folder on any Hadoop file system. */
final class FolderFiles implements EncoderFiles {
  private final FileSystem files;
  private final Path folder;

  private FolderFiles(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /**
   * Opens a folder.
   *
   * @param folder a URI, or a path on this machine
   * @throws Failure.BadInput if there is no such folder
   */
  static FolderFiles open(String folder, Configuration configuration) {
    try {
      Path given = new Path(folder);
      Path path = given.toUri().getScheme() == null ? local(folder) : given;
      FileSystem files = FileSystems.of(path, configuration);
      if (!isLocal(path)) {
        FileSystems.requireAnswer(path, configuration);
      }
      if (!files.getFileStatus(path).isDirectory()) {
        throw new Failure.BadInput(
            "'%s' is a file; name the folder of the encoder, with config.json, model.safetensors"
                + " and tokenizer.json",
            path);
      }
      return new FolderFiles(files, path);
    } catch (FileNotFoundException e) {
      throw new Failure.BadInput(
          e,
          "There is no folder '%s'; name one with config.json, model.safetensors and"
              + " tokenizer.json, or one of the encoders %s",
          folder,
          KnownEncoder.names());
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure.BadInput(e, "Cannot open the folder '%s': %s", folder, e.getMessage());
    }
  }

  private static Path local(String folder) {
    String path = java.nio.file.Path.of(folder).toAbsolutePath().normalize().toString();
    return new Path("file", null, path);
  }

  private static boolean isLocal(Path path) {
    return "file".equals(path.toUri().getScheme());
  }

  /** Returns the folder's own name. */
  String name() {
    return folder.getName();
  }

  @Override
  public String location() {
    return folder.toString();
  }

  @Override
  public boolean exists(String name) throws IOException {
    Path file = new Path(folder, name);
    if (files.exists(file)) {
      requireRegular(file);
      return true;
    }
    if (!files.exists(folder)) {
      throw new FileNotFoundException("the folder '%s' is gone".formatted(folder));
    }
    return false;
  }

  /** Refuses folders, and pipes and devices of this machine, which could be read for ever. */
  private void requireRegular(Path file) throws IOException {
    boolean isRegular =
        isLocal(folder)
            ? Files.isRegularFile(java.nio.file.Path.of(file.toUri().getPath()))
            : files.getFileStatus(file).isFile();
    if (!isRegular) {
      throw new IOException("'%s' is not a regular file".formatted(file.getName()));
    }
  }

  @Override
  public long size(String name) throws IOException {
    return files.getFileStatus(new Path(folder, name)).getLen();
  }

  @Override
  public InputStream open(String name) throws IOException {
    return files.open(new Path(folder, name));
  }
}
