package io.attune.pipeline.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.storage.InProcessHdfs;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileListingTest {
  @TempDir Path folder;

  @Test
  void patternsAndFoldersPassTheSameNamesOver() throws IOException {
    for (String name :
        List.of(
            "in/a.csv",
            "in/_SUCCESS",
            "in/._a.csv",
            "in/.hidden.csv",
            "in/b.csv._COPYING_",
            "in/_temporary/0/part-0.csv")) {
      write(name);
    }

    assertThat(names("in")).containsExactly("a.csv");
    assertThat(names("in/*")).containsExactly("a.csv");
    assertThat(names("in/*.csv")).containsExactly("a.csv");
    assertThat(names("i*")).containsExactly("a.csv");
  }

  @Test
  void whatAPatternSpellsIsTaken() throws IOException {
    write("_archive/_part-0.csv");
    write("_archive/part-1.csv");

    assertThat(names("_archive/*")).containsExactly("part-1.csv");
    assertThat(names("_archive/_part-*")).containsExactly("_part-0.csv");
    assertThat(names("_arch*/part-*")).containsExactly("part-1.csv");
    assertThat(names("_archive/_part-0.csv")).containsExactly("_part-0.csv");
  }

  @Test
  void fileOfExactlyThatNameIsTakenBeforeThePattern() throws IOException {
    write("reviews[1].csv");
    write("reviews1.csv");
    write("data{1,2}.csv");
    write("data1.csv");

    assertThat(names("reviews[1].csv")).containsExactly("reviews[1].csv");
    assertThat(names("reviews\\[1\\].csv")).containsExactly("reviews[1].csv");
    assertThat(names("data{1,2}.csv")).containsExactly("data{1,2}.csv");
    Files.delete(folder.resolve("reviews[1].csv"));
    assertThat(names("reviews[1].csv")).containsExactly("reviews1.csv");
  }

  @Test
  void namesMayHaveAnyCharacters() throws IOException {
    List<String> odd =
        List.of("a b.csv", "100%.csv", "c#.csv", "12:30.csv", "评论.csv", "a+b&c=d.csv", "%41.csv");
    for (String name : odd) {
      write("odd/" + name);
    }

    assertThat(names("odd")).containsExactlyInAnyOrderElementsOf(odd);
    assertThat(names("odd/*.csv")).containsExactlyInAnyOrderElementsOf(odd);
    for (String name : odd) {
      assertThat(names("odd/" + name)).containsExactly(name);
    }
  }

  @Test
  void alternativesWithFoldersFindEachFileOnce() throws IOException {
    write("train/pos/1.txt");
    write("test/neg/1.txt");

    assertThat(names("{train/pos,test/neg,t*/pos}/*.txt")).hasSize(2);
  }

  @Test
  void dateIsThatOfTheFolderInThePattern() throws IOException {
    write("2026-01-03/x/2026-09-09.csv");

    assertThat(FileListing.find("c", folder + "/{date}/*/*.csv", new Configuration()).files())
        .extracting(InputFile::date)
        .containsExactly("2026-01-03");
  }

  @Test
  void linkToNothingIsNamed() throws IOException {
    write("in/a.csv");
    Files.createSymbolicLink(folder.resolve("in/gone.csv"), folder.resolve("nowhere.csv"));

    FileListing.Found found = find("in");

    assertThat(found.files()).hasSize(1);
    assertThat(found.passedOver()).singleElement().asString().contains("gone.csv' is a link to");
    assertThatThrownBy(() -> find("in/gone.csv"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is a link to nothing");
  }

  @Test
  void linkToAFolderAboveIsNotFollowed() throws IOException {
    write("in/a.csv");
    Files.createSymbolicLink(folder.resolve("in/loop"), folder.resolve("in"));

    FileListing.Found found = find("in");

    assertThat(found.files()).hasSize(1);
    assertThat(found.passedOver())
        .singleElement()
        .asString()
        .contains("loop' is a link to a folder");
  }

  @Test
  void filesThatAreBeingWrittenAreNamedAndLeft() throws IOException {
    write("in/a.csv");
    for (String ending :
        List.of("tmp", "part", "partial", "crdownload", "filepart", "download", "swp", "lock")) {
      write("in/b.csv." + ending);
    }
    write("in/b.csv~");
    write("in/out.inprogress/part-0.csv");
    write("in/c.csv.writing");

    assertThat(names("in")).containsExactly("a.csv");
    assertThat(names("in/*")).containsExactly("a.csv");
    assertThat(names("in/*.csv*")).containsExactly("a.csv");
    assertThat(find("in").passedOver())
        .singleElement()
        .asString()
        .startsWith("11 file(s) that are still being written")
        .endsWith("and 8 others");
    assertThat(names("in/*.part")).containsExactly("b.csv.part");
    assertThat(names("in/b.csv.tmp")).containsExactly("b.csv.tmp");
  }

  @Test
  void whatCannotBeAPathIsRefusedAsInput() {
    for (String where : List.of("nosuchfs://host/a.csv", "[", "x/[a.csv")) {
      assertThatThrownBy(() -> FileListing.find("c", where, new Configuration()))
          .as(where)
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("corpora.path");
    }
  }

  @Test
  void namesOnHdfsFollowTheSameRule() throws IOException {
    try (InProcessHdfs hdfs = new InProcessHdfs(folder.resolve("hdfs"))) {
      String in = hdfs.root() + "/in";
      for (String name : List.of("a[1].csv", "b c%.csv", "_SUCCESS", "d.csv._COPYING_")) {
        try (OutputStream out =
            hdfs.files()
                .create(
                    new org.apache.hadoop.fs.Path(
                        new org.apache.hadoop.fs.Path(in),
                        new org.apache.hadoop.fs.Path(null, null, name)))) {
          out.write(1);
        }
      }

      for (String where : List.of(in, in + "/*", hdfs.root() + "/i*")) {
        assertThat(FileListing.find("c", where, hdfs.configuration()).files())
            .as(where)
            .extracting(file -> file.path().substring(in.length() + 1))
            .containsExactlyInAnyOrder("a[1].csv", "b c%.csv");
      }
      assertThat(FileListing.find("c", in + "/a[1].csv", hdfs.configuration()).files()).hasSize(1);
    }
  }

  private FileListing.Found find(String where) {
    return FileListing.find("c", folder + "/" + where, new Configuration());
  }

  private List<String> names(String where) {
    return find(where).files().stream()
        .map(file -> file.path().substring(file.path().lastIndexOf('/') + 1))
        .toList();
  }

  private void write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, "id,text\n".getBytes(StandardCharsets.UTF_8));
  }
}
