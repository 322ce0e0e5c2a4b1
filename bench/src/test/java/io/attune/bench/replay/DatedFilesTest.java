package io.attune.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatedFilesTest {
  private static final String RESOLVED =
      "task: moods\ncorpora:\n  - name: labelled\n    path: file:///data/labelled.csv\n";
  private static final DatedFiles FILES =
      new DatedFiles("body", "day", null, List.of("ticker"), null);

  @TempDir private Path folder;

  @Test
  void eachFileIsACorpusMoreWithTheColumnsThatWereNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("my news.jsonl.gz"));

    ArrayNode corpora = FILES.addedTo(RESOLVED, List.of(file));

    assertThat(corpora).hasSize(2);
    assertThat(corpora.get(0).get("name").asText()).isEqualTo("labelled");
    assertThat(corpora.get(1).get("name").asText()).isEqualTo("my_news");
    assertThat(corpora.get(1).get("path").asText()).isEqualTo(file.toAbsolutePath().toString());
    assertThat(corpora.get(1).get("columns").toString())
        .isEqualTo("{\"text\":\"body\",\"published-at\":\"day\",\"entities\":[\"ticker\"]}");
  }

  @Test
  void aFileThatIsNotThereAndASecondCorpusOfOneNameAreRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("labelled.jsonl"));

    assertThatThrownBy(() -> FILES.addedTo(RESOLVED, List.of(folder.resolve("none.jsonl"))))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("none.jsonl");
    assertThatThrownBy(() -> FILES.addedTo(RESOLVED, List.of(file)))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("a second corpus 'labelled'");
  }

  @Test
  void partsOfOneCorpusHaveItsNameUpToTheFirstDot() {
    assertThat(DatedFiles.whole("gold.later")).isEqualTo("gold");
    assertThat(DatedFiles.whole("gold")).isEqualTo("gold");
    assertThat(DatedFiles.name(Path.of("/data/.hidden"))).isEqualTo("corpus_hidden");
  }
}
