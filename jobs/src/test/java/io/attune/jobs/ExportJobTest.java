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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the options of the command that exports a model. */
class ExportJobTest {
  @TempDir Path folder;
  private final StringWriter err = new StringWriter();

  private int export(String... words) {
    List<String> all = new ArrayList<>(List.of("export", "--root", folder.toString()));
    all.addAll(List.of(words));
    return Attune.run(
        all.toArray(String[]::new),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintWriter(err, true));
  }

  private String out() {
    return folder.resolve("out").toString();
  }

  @Test
  void asksForTheTaskWhereItDoesNotFollow() throws IOException {
    assertThat(export("--out", out())).isEqualTo(ExitCodes.USAGE);
    Files.createDirectories(folder.resolve("models/news"));
    Files.createDirectories(folder.resolve("models/reviews"));
    assertThat(export("--out", out())).isEqualTo(ExitCodes.USAGE);

    assertThat(err.toString())
        .contains("has models of no task; name the task with --task")
        .contains("has models of the tasks [news, reviews]; name the task with --task");
  }

  @Test
  void takesTheOnlyTaskAndSaysWhatItLacks() throws IOException {
    Files.createDirectories(folder.resolve("models/news"));

    assertThat(export("--out", out(), "--format", "onnx")).isEqualTo(ExitCodes.USAGE);

    assertThat(err.toString())
        .startsWith("attune export: Task 'news' has no current model at")
        .contains("it has no model at all: run a night first");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void refusesAnotherFormat() {
    assertThat(export("--out", out(), "--format", "pickle")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("--format").contains("pickle").contains("SAFETENSORS");
  }
}
