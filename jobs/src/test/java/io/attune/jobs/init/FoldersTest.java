package io.attune.jobs.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.pipeline.input.FileListing;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.stage.ingest.Corpus;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gives init folders as people have them, and loads what it writes. */
class FoldersTest {
  private static final List<String> THINGS = List.of("lamp", "soup", "coat", "phone", "sofa");

  @TempDir Path folder;
  private FirstConfig first;

  @Test
  void reviewsAsDownloadedHaveTheirClassesAndSplits() throws IOException {
    for (String split : List.of("train", "test")) {
      for (int i = 0; i < 30; i++) {
        write("in/aclImdb/" + split + "/pos/" + i + "_9.txt", text(i));
        write("in/aclImdb/" + split + "/neg/" + i + "_1.txt", text(i + 40));
      }
      write("in/aclImdb/" + split + "/urls_pos.txt", "http://example.com/\n");
      write("in/aclImdb/" + split + "/labeledBow.feat", "9 0:9 1:1\n");
    }
    write("in/aclImdb/train/unsup/1_0.txt", text(90));
    write("in/aclImdb/README", "About\n");

    RunConfig config = init("in");

    assertThat(config.corpora()).extracting(Corpus::split).containsExactly(Split.TEST, null);
    assertThat(config.heads().values()).containsExactly(List.of("neg", "pos"));
    assertThat(config.corpora().get(1).columns().nullWords()).contains("unsup");
    assertThat(String.join("\n", first.lines())).contains("2 file(s) lie beside the folders");
  }

  @Test
  void textsWithoutClassesMakeAConfigurationThatLoads() throws IOException {
    for (int i = 0; i < 30; i++) {
      write("in/" + i + ".txt", text(i));
    }

    assertThat(init("in").corpora().get(0).format()).isEqualTo(Format.TEXT_FOLDERS);
  }

  @Test
  void whatLiesBesideADataFileDoesNotMakeItText() throws IOException {
    write("in/reviews.csv", csv(0, 40));
    for (String name : List.of("README.md", "LICENSE", "NOTES", "TODO", "desktop.ini")) {
      write("in/" + name, "About these files.\n");
    }

    Corpus corpus = init("in").corpora().get(0);

    assertThat(corpus.columns().text()).isEqualTo("text");
    assertThat(corpus.format()).isEqualTo(Format.AUTO);
    assertThat(String.join("\n", first.lines())).contains("not data by their names: 'TODO'");
  }

  @Test
  void filesWithoutEndingsAreLookedInto() throws IOException {
    write("in/part-00000", csv(0, 40));
    write("in/part-00001", csv(40, 80));
    write("in/_SUCCESS", "");

    Corpus corpus = init("in").corpora().get(0);

    assertThat(corpus.format()).isEqualTo(Format.CSV);
    assertThat(corpus.columns().text()).isEqualTo("text");
  }

  @Test
  void pathIsTheOneThatTheUserGave() throws IOException {
    write("in/2025/01/a.csv", csv(0, 40));

    Corpus corpus = init("in").corpora().get(0);
    write("in/2025/02/b.csv", csv(40, 80));

    assertThat(files(corpus)).hasSize(2);
  }

  @Test
  void filesNamedBySplitsAreCorpora() throws IOException {
    write("in/train-0.csv", csv(0, 40));
    write("in/train-1.csv", csv(40, 80));
    write("in/test.csv", csv(80, 100));
    write("in/dev.csv", csv(100, 120));

    RunConfig config = init("in");

    assertThat(config.corpora())
        .extracting(Corpus::split)
        .containsExactly(Split.VALIDATION, Split.TEST, null);
    assertThat(config.corpora())
        .extracting(corpus -> files(corpus).size())
        .containsExactly(1, 1, 2);
  }

  @Test
  void filesThatHoldOnlyAHeaderOrAreBeingWrittenAreNoted() throws IOException {
    write("in/a.csv", "id,text,label\n");
    write("in/b.csv", csv(0, 40));
    write("in/c.csv", "id,text,label\n");
    write("in/2025-01-01T12:00:00.csv", csv(40, 80));
    write("in/d.csv.part", csv(80, 100));

    assertThat(init("in").corpora().get(0).columns().text()).isEqualTo("text");
    assertThat(String.join("\n", first.lines()))
        .contains(": 80 records", "files without a record: 'a.csv', 'c.csv'", "being written");
    write("empty/a.csv", "id,text,label\n");
    assertThatThrownBy(() -> init("empty"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("only a header");
  }

  @Test
  void whatLeavesAnotherGuessOpenIsAsked() throws IOException {
    write("a.csv", csv(0, 40).replace(",", " ~~ "));
    init("a.csv");
    assertThat(String.join("\n", first.lines())).contains("? " + folder.resolve("a.csv"));

    StringBuilder dated = new StringBuilder("id,text,date,label\n");
    for (int i = 0; i < 40; i++) {
      dated.append(i).append(',').append(text(i)).append(",2025-01-01 10:00:00 CST,");
      dated.append(i % 2 == 0 ? "good\n" : "bad\n");
    }
    write("b.csv", dated.toString());
    init("b.csv");
    assertThat(String.join("\n", first.lines())).contains("which zone is CST");
  }

  @Test
  void nameWithAColonIsWrittenSoThatItIsRead() throws IOException {
    write("part:0.csv", csv(0, 40));

    assertThat(files(init("part:0.csv").corpora().get(0))).hasSize(1);
  }

  @Test
  void manyColumnsAreCounted() throws IOException {
    StringBuilder wide = new StringBuilder("id,text,label");
    for (int i = 0; i < 500; i++) {
      wide.append(",k").append(i);
    }
    for (int i = 0; i < 40; i++) {
      wide.append('\n').append(i).append(',').append(text(i));
      wide.append(i % 2 == 0 ? ",good" : ",bad").append(",1".repeat(500));
    }
    write("a.csv", wide.append('\n').toString());
    init("a.csv");

    assertThat(String.join("\n", first.lines())).doesNotContain("k200").contains(" others");
    assertThat(first.yaml(folder)).doesNotContain("k200");
  }

  private RunConfig init(String name) throws IOException {
    first = FirstConfig.of(List.of(folder.resolve(name).toString()), null, new Configuration());
    return RunConfigs.load(
        Files.writeString(folder.resolve("task.yaml"), first.yaml(folder)), List.of());
  }

  private static List<InputFile> files(Corpus corpus) {
    return FileListing.find("c", corpus.path(), new Configuration()).files();
  }

  private static String csv(int from, int to) {
    StringBuilder csv = new StringBuilder("id,text,label\n");
    for (int i = from; i < to; i++) {
      csv.append(i).append(',').append(text(i)).append(i % 2 == 0 ? ",good\n" : ",bad\n");
    }
    return csv.toString();
  }

  private static String text(int i) {
    return "The %s of the house was number %d and came with a %s"
        .formatted(THINGS.get(i % 5), i * 7919, THINGS.get(i / 5 % 5));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
