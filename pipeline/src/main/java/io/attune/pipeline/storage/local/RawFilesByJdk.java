package io.attune.pipeline.storage.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Principal;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/** Does by the JDK what {@link RawLocalFileSystem} starts a process for. */
final class RawFilesByJdk extends RawLocalFileSystem {
  private static final int PERMISSIONS = 0777;
  private static final int WITH_STICKY_BIT = 01777;

  @Override
  public void setPermission(Path file, FsPermission permission) throws IOException {
    if ((permission.toShort() & ~PERMISSIONS) != 0) {
      super.setPermission(file, permission); // a sticky bit, of which the JDK knows nothing
      return;
    }
    Files.setPosixFilePermissions(
        pathToFile(file).toPath(),
        PosixFilePermissions.fromString(
            permission.getUserAction().SYMBOL
                + permission.getGroupAction().SYMBOL
                + permission.getOtherAction().SYMBOL));
  }

  @Override
  public FileStatus getFileStatus(Path file) throws IOException {
    FileStatus plain = super.getFileStatus(file);
    Map<String, Object> found;
    try {
      found = Files.readAttributes(pathToFile(file).toPath(), "unix:mode,owner,group");
    } catch (NoSuchFileException e) {
      return super.getFileStatus(file); // it was removed in between, and that says so
    }
    return new FileStatus(
        plain.getLen(),
        plain.isDirectory(),
        plain.getReplication(),
        plain.getBlockSize(),
        plain.getModificationTime(),
        plain.getAccessTime(),
        FsPermission.createImmutable((short) ((int) found.get("mode") & WITH_STICKY_BIT)),
        ((Principal) found.get("owner")).getName(),
        ((Principal) found.get("group")).getName(),
        plain.getPath());
  }

  @Override
  public FileStatus getFileLinkStatus(Path file) throws IOException {
    return Files.isSymbolicLink(pathToFile(file).toPath())
        ? super.getFileLinkStatus(file)
        : getFileStatus(file);
  }
}
