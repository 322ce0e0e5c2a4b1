package io.attune.pipeline.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusLayoutTest {
  @TempDir Path folder;

  private static Corpus corpus(String path, String text, String quote, Boolean header) {
    Corpus.Columns columns =
        new Corpus.Columns(null, null, text, null, null, null, Map.of(), List.of());
    return new Corpus(
        "c",
        path,
        Format.AUTO,
        null,
        null,
        null,
        null,
        null,
        columns,
        null,
        quote,
        "\\",
        header,
        2,
        5000,
        null);
  }

  @Test
  void keysOfACorpusSayHowItsFilesAreLaidOut() {
    FileLayout layout = corpus("/data/a.csv", "2", "'", false).layout();

    assertThat(layout.quoteCharacter()).isEqualTo('\'');
    assertThat(layout.escape()).isEqualTo("\\");
    assertThat(layout.header()).isFalse();
    assertThat(layout.skipLines()).isEqualTo(2);
    assertThat(layout.maxRecordCharacters()).isEqualTo(5000);
    assertThat(layout.encoding()).isEqualTo(FileLayout.AUTO);
    assertThat(corpus("/data/a.csv", "2", null, null).layout().header()).isTrue();
  }

  @Test
  void quoteOfTwoCharactersIsRefused() {
    assertThatThrownBy(() -> corpus("/data/a.csv", "2", "''", true))
        .hasMessageContaining("corpora.quote must be one character");
  }

  @Test
  void folderIsThePathBeforeItsPatterns() {
    assertThat(corpus("hdfs://n/in", "text", null, null).layout().folder())
        .isEqualTo("hdfs://n/in");
    assertThat(corpus("/in/t*/{date}/x", "text", null, null).layout().folder()).isEqualTo("/in/");
  }

  @Test
  void columnMayBeAPathIntoAnObject() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.jsonl"), "{\"id\": 1}\n{\"id\": 2, \"tweet\": {\"text\": \"So\"}}\n");
    InputFile input = new InputFile("c", file.toString(), null, Files.size(file), 0);
    Configuration hadoop = new Configuration();

    assertThat(
            InputCheck.check(corpus(file.toString(), "tweet.text", null, null), input, hadoop)
                .columns())
        .containsExactlyInAnyOrder("id", "tweet", "tweet.text");
    assertThat(
            InputCheck.check(corpus(file.toString(), "tweet.body", null, null), input, hadoop)
                .columns())
        .containsExactlyInAnyOrder("id", "tweet");
  }
}
