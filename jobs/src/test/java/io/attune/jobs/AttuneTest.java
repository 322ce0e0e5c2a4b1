package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests the exit codes and messages of the command line. */
class AttuneTest {
  private static final String[] COMMANDS = {
    "demo",
    "init",
    "nightly",
    "ingest",
    "clean",
    "tokenize",
    "shard",
    "train",
    "evaluate",
    "compare",
    "promote",
    "score",
    "monitor",
    "rollback",
    "anchor",
    "report",
    "encoders",
    "stream",
    "export",
    "runs",
    "show",
    "doctor"
  };

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();

  @Test
  void withoutACommandItTeaches() {
    assertThat(attune()).isEqualTo(2);
    assertThat(printed()).contains("Start here:", "attune demo", "Exit codes: 0 done");
  }

  @Test
  void driverInAClusterEndsWithItsExitCodeInTheReason() {
    System.setProperty("spark.submit.deployMode", "cluster");
    try {
      assertThatThrownBy(() -> Attune.main(new String[] {"nightly", "-c", "missing.yaml"}))
          .isInstanceOf(DriverFailure.class)
          .hasMessageStartingWith("[attune exit code 2] ")
          .hasMessageContaining("No configuration at 'missing.yaml'");
    } finally {
      System.clearProperty("spark.submit.deployMode");
    }
  }

  @Test
  void helpListsEveryCommand() {
    assertThat(attune("--help")).isZero();
    assertThat(printed()).contains(COMMANDS);
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void everyCommandHasHelp(String command) {
    assertThat(attune(command, "--help")).isZero();
    assertThat(printed()).contains("Usage: attune " + command);
  }

  @Test
  void unknownCommandIsRefusedWithTheLikelyOne() {
    assertThat(attune("nigthly")).isEqualTo(2);
    assertThat(err.toString()).contains("nigthly").contains("nightly");
  }

  @Test
  void unknownStageIsRefusedWithThoseThatThereAre() {
    assertThat(attune("nightly", "--from", "cook")).isEqualTo(2);
    assertThat(err.toString()).contains("'cook' is not a stage; stages are [ingest, clean");
  }

  @Test
  void missingConfigurationEndsWithTwoAndOneMessage() {
    int code = attune("nightly", "-c", folder.resolve("none.yaml").toString());

    assertThat(code).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("attune nightly: No configuration at");
  }

  @Test
  void whereInitCannotWriteIsSaidBeforeAnyWork() throws IOException {
    Path reviews = Files.writeString(folder.resolve("reviews.csv"), "id,text\n");
    String none = folder.resolve("none/reviews.yaml").toString();

    assertThat(attune("init", reviews.toString(), "--output", none)).isEqualTo(3);
    assertThat(err.toString()).contains("There is no folder '" + folder.resolve("none"));
    assertThat(attune("init", reviews.toString(), "--task", "My Reviews")).isEqualTo(2);
    assertThat(err.toString()).contains("--task names folders and tables", "got 'My Reviews'");
  }

  @Test
  void aFolderThatAStreamReadsIsNotEncoded() {
    assertThat(StreamJob.folder("/data/neue texte/新闻")).isEqualTo("file:///data/neue texte/新闻");
    assertThat(StreamJob.folder("hdfs://namenode/in")).isEqualTo("hdfs://namenode/in");
  }

  @Test
  void stackTraceIsShownOnlyWhenAskedFor() {
    attune("nightly", "-c", folder.resolve("none.yaml").toString(), "--verbose");

    assertThat(err.toString()).contains("BadUsage").contains("at io.attune");
  }

  @Test
  void unknownKeyEndsWithTwoAndTheLikelyOne() throws IOException {
    assertThat(attune("nightly", "-c", config("trian: {}\n"))).isEqualTo(2);
    assertThat(err.toString()).contains("line 1: unknown key 'trian'; did you mean 'train'?");
  }

  @Test
  void missingInputEndsWithThree() throws IOException {
    assertThat(attune("nightly", "-c", config(""))).isEqualTo(3);
    assertThat(err.toString()).contains("Corpus 'shop' has no file: nothing is at");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void rootThatCannotBeWrittenEndsWithThree() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    Files.writeString(folder.resolve("reviews.csv"), "text,stars\nfine,good\n");
    int code =
        attune("nightly", "-c", config(""), "--root", folder.resolve("file/root").toString());

    assertThat(code).isEqualTo(3);
    assertThat(err.toString()).contains("Cannot write below the root").contains("--set root=");
  }

  @Test
  void showWithoutAReportEndsWithThree() {
    assertThat(attune("show", "--root", folder.toString())).isEqualTo(3);
    assertThat(err.toString()).contains("There is no report below");
  }

  @Test
  void runsOfAnEmptyRootAreNone() {
    assertThat(attune("runs", "--root", folder.toString(), "--json")).isZero();
  }

  @Test
  void initWritesOnceAndThenLeavesTheFileAlone() throws IOException {
    Path csv = folder.resolve("texts.csv");
    StringBuilder text = new StringBuilder("body,mood\n");
    for (int i = 0; i < 20; i++) {
      text.append("A body of text ").append(i).append(i % 2 == 0 ? ",good\n" : ",bad\n");
    }
    Files.writeString(csv, text);
    String yaml = folder.resolve("texts.yaml").toString();

    assertThat(attune("init", csv.toString(), "-o", yaml)).isZero();
    assertThat(Files.readString(Path.of(yaml))).contains("text: body", "mood: [bad, good]");
    assertThat(attune("init", csv.toString(), "-o", yaml)).isEqualTo(4);
    assertThat(err.toString()).contains("was not overwritten");
  }

  @Test
  void initOfABinaryFileEndsWithThree() throws IOException {
    Path file = Files.write(folder.resolve("a.csv"), new byte[] {1, 0, 2});

    assertThat(attune("init", file.toString())).isEqualTo(3);
    assertThat(err.toString()).contains("is a binary file");
  }

  private String config(String more) throws IOException {
    return Files.writeString(
            folder.resolve("task.yaml"),
            more
                + """
                  task: reviews
                  root: out
                  heads: {mood: [bad, good]}
                  corpora:
                    - name: shop
                      path: reviews.csv
                      columns: {text: text, labels: {mood: stars}}
                  """)
        .toString();
  }

  private int attune(String... arguments) {
    return Attune.run(
        arguments, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintWriter(err, true));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
