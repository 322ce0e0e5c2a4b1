package io.attune.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrownCorpusTest {
  private static final long BYTES = 3_000_000;

  @TempDir Path folder;

  @Test
  void equalSeedsGiveEqualFilesOfTheSizeAskedFor() throws IOException {
    long lines = new GrownCorpus(1).write(folder.resolve("a"), BYTES, 2);
    assertThat(new GrownCorpus(1).write(folder.resolve("b"), BYTES, 2)).isEqualTo(lines);
    new GrownCorpus(2).write(folder.resolve("c"), BYTES, 2);

    Path first = folder.resolve("a/part-001.jsonl");
    assertThat(first).hasSameBinaryContentAs(folder.resolve("b/part-001.jsonl"));
    assertThat(Files.mismatch(first, folder.resolve("c/part-001.jsonl"))).isNotNegative();
    assertThat(Files.size(first)).isBetween(BYTES / 2, BYTES / 2 + 20_000);
  }

  @Test
  void holdsCopiesMarkupAndDamagedLines() throws IOException {
    long lines = new GrownCorpus(1).write(folder, BYTES, 1);

    List<String> read = Files.readAllLines(folder.resolve("part-000.jsonl"));
    Set<String> texts = new HashSet<>();
    int damaged = 0;
    for (String line : read) {
      try {
        JsonNode record = new ObjectMapper().readTree(line);
        assertThat(record.get("stars").asText()).isIn("good", "bad");
        texts.add(record.get("body").asText());
      } catch (JsonProcessingException e) {
        damaged++;
      }
    }
    assertThat(read).hasSize((int) lines);
    assertThat(damaged).isPositive().isLessThan(read.size() / 100);
    assertThat(texts.size()).isLessThan(read.size() - damaged);
    assertThat(texts).anyMatch(text -> text.contains("<br />"));
  }
}
