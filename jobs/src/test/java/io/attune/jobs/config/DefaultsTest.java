package io.attune.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.input.value.LabelText;
import io.attune.pipeline.stage.ingest.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultsTest {
  @TempDir Path folder;

  @Test
  void everyKeyOfCorporaStandsInTheDefaults() {
    Map<?, ?> corpus =
        (Map<?, ?>)
            ((List<?>) YamlFile.parse("defaults", corpora()).values().get("corpora")).get(0);
    Map<?, ?> columns = (Map<?, ?>) corpus.get("columns");

    assertThat(corpus.keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrderElementsOf(Keys.of(Corpus.class));
    assertThat(columns.keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrderElementsOf(Keys.of(Corpus.Columns.class));
  }

  @Test
  void theExampleOfCorporaLoadsAndHasTheDefaultsThatItNames() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("task.yaml"),
            "task: a\nheads: {sentiment: [negative, positive]}\n" + corpora());

    Corpus corpus = RunConfigs.load(file, List.of()).corpora().get(0);

    assertThat(corpus.columns().nullWords()).isEqualTo(LabelText.NULL_WORDS);
    Corpus.Columns bare =
        new Corpus.Columns(null, null, "text", null, null, null, Map.of(), List.of());
    assertThat(corpus.columns().dateForm()).isEqualTo(bare.dateForm());
    assertThat(corpus.columns().zone()).isEqualTo(bare.zone());
    assertThat(corpus.columns().severalLabels()).isEqualTo(bare.severalLabels());
  }

  /** Returns the block of corpora without its comment signs. */
  private static String corpora() {
    return RunConfigs.defaults()
        .lines()
        .dropWhile(line -> !line.equals("# corpora:"))
        .takeWhile(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^# ?", ""))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
