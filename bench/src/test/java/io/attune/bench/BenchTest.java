package io.attune.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine commandLine = Bench.commandLine();
    return commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alerts",
        "averaging",
        "copies",
        "encode",
        "encoders",
        "export",
        "ingest",
        "layers",
        "memory",
        "replay",
        "score",
        "sets",
        "student"
      })
  void helpExplainsABenchmarkAndMeasuresNothing(String name) {
    assertThat(run(name, "--help")).isZero();

    assertThat(out.toString()).startsWith("Usage: attune bench " + name);
  }

  @Test
  void withoutANameItShowsWhatThereIs() {
    assertThat(run()).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString())
        .contains(
            "alerts",
            "averaging",
            "copies",
            "encode",
            "encoders",
            "export",
            "ingest",
            "layers",
            "memory",
            "replay",
            "score",
            "sets",
            "student");
  }
}
