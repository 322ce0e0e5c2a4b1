package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.init.AnyFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that ingest accepts every record of a file with what init wrote for it, unedited. */
class InitRoundTripTest {
  @TempDir Path folder;
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void ingestTakesEveryRecordAsInitMappedIt(long seed) throws IOException {
    Path file = AnyFile.write(folder, seed);
    Path yaml = folder.resolve("any.yaml");

    assertThat(attune("init", file.toString(), "-o", yaml.toString())).as(err.toString()).isZero();
    Files.writeString(
        yaml,
"""
spark: {spark.master: "local[2]", spark.sql.shuffle.partitions: "2", spark.ui.enabled: "false"}
""",
        StandardOpenOption.APPEND);

    assertThat(
            attune(
                "nightly",
                "-c",
                yaml.toString(),
                "--date",
                "2026-03-01",
                "--until",
                "ingest",
                "--set",
                "root=" + folder.resolve("root"),
                "--set",
                "ingest.max-rejected-share=0.001"))
        .as(() -> err + read(yaml))
        .isZero();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private int attune(String... arguments) {
    return Attune.run(
        arguments,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintWriter(err, true));
  }
}
