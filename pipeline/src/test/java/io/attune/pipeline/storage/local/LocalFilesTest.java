package io.attune.pipeline.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with Hadoop's own local file systems, which run programs of the system. */
class LocalFilesTest {
  @TempDir java.nio.file.Path folder;

  private final Configuration here = new Configuration();
  private FileContext context;
  private FileSystem files;
  private FileSystem hadoops;

  @BeforeEach
  void open() throws IOException {
    LocalFiles.SETTINGS.forEach(here::set);
    context = FileContext.getLocalFSFileContext(here);
    files = FileSystem.newInstance(folder.toUri(), here);
    hadoops = FileSystem.newInstance(folder.toUri(), new Configuration());
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  private void write(String name, String text) throws IOException {
    try (FSDataOutputStream out =
        context.create(
            path(name), EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent())) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void assertSame(FileStatus one, FileStatus other) {
    assertThat(one.getPermission()).isEqualTo(other.getPermission());
    assertThat(one.getOwner()).isEqualTo(other.getOwner());
    assertThat(one.getGroup()).isEqualTo(other.getGroup());
    assertThat(one.getLen()).isEqualTo(other.getLen());
    assertThat(one.getBlockSize()).isEqualTo(other.getBlockSize());
    assertThat(one.getModificationTime()).isEqualTo(other.getModificationTime());
    assertThat(one.isDirectory()).isEqualTo(other.isDirectory());
  }

  @Test
  void aFileIsSeenAsHadoopsOwnSeesIt() throws IOException {
    write("a/b.txt", "text");

    assertSame(files.getFileStatus(path("a/b.txt")), hadoops.getFileStatus(path("a/b.txt")));
    assertSame(files.getFileStatus(path("a")), hadoops.getFileStatus(path("a")));
    assertThat(context.getFileStatus(path("a/b.txt")).getLen()).isEqualTo(4);
    assertThat(folder.resolve("a/.b.txt.crc")).exists();
    assertThat(hadoops.open(path("a/b.txt")).readAllBytes()).asString().isEqualTo("text");
  }

  @Test
  void permissionsAreSetAlsoTheStickyBit() throws IOException {
    write("a.txt", "text");

    for (String mode : new String[] {"600", "754", "1777"}) {
      files.setPermission(path("a.txt"), new FsPermission(mode));

      assertSame(files.getFileStatus(path("a.txt")), hadoops.getFileStatus(path("a.txt")));
    }
  }

  @Test
  void whatIsMissingIsNotFound() {
    assertThatThrownBy(() -> files.getFileStatus(path("none")))
        .isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> context.getFileLinkStatus(path("none")))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void linksAreSeenAsHadoopsOwnSeesThem() throws IOException {
    write("a.txt", "text");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a.txt"));
    Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("none"));

    FileContext hadoopsContext = FileContext.getLocalFSFileContext(new Configuration());
    for (String name : new String[] {"link", "a.txt"}) {
      FileStatus link = context.getFileLinkStatus(path(name));
      assertSame(link, hadoopsContext.getFileLinkStatus(path(name)));
      assertThat(link.isSymlink())
          .isEqualTo(hadoopsContext.getFileLinkStatus(path(name)).isSymlink());
    }
    for (FileContext either : List.of(context, hadoopsContext)) {
      assertThatThrownBy(() -> either.getFileLinkStatus(path("dangling")))
          .isInstanceOf(FileNotFoundException.class);
    }
    assertThat(files.getFileStatus(path("link")).getLen()).isEqualTo(4);
  }

  @Test
  void aFileReplacesAnotherAndItsChecksumComesAlong() throws IOException {
    write("old", "old text");
    write("new", "new");

    context.rename(path("new"), path("old"), Options.Rename.OVERWRITE);

    assertThat(files.open(path("old")).readAllBytes()).asString().isEqualTo("new");
    Files.writeString(folder.resolve("old"), "now");
    assertThatThrownBy(() -> files.open(path("old")).readAllBytes())
        .isInstanceOf(ChecksumException.class);
  }
}
