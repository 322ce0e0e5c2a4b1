package io.attune.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordLabelsTest {
  private static final WordLabels LABELS =
      new WordLabels("text", "date", LocalDate.of(2026, 1, 31));

  @TempDir private Path folder;

  @Test
  void headlinesUpToTheDayAreLabelledAndLaterOnesAreNot() throws IOException {
    Path file =
        Files.write(
            folder.resolve("news.jsonl"),
            List.of(
                "{\"text\":\"Blast in the old mill\",\"date\":\"2026-01-31T23:00:00Z\"}",
                "",
                "{\"text\":\"Mill opens again\",\"date\":\"2026-01-02\"}",
                "{\"text\":\"Another blast\",\"date\":\"2026-02-01\"}",
                "{\"text\":\"An undated blast\"}"));

    Path copy = LABELS.copy(file, folder.resolve("below/copy.jsonl"));

    List<String> lines = Files.readAllLines(copy);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).contains("\"sentiment_by_words\":\"negative\"");
    assertThat(lines.get(1)).contains("\"sentiment_by_words\":\"neutral\"");
    assertThat(lines.subList(2, 4)).noneMatch(line -> line.contains("sentiment_by_words"));
  }

  @Test
  void wordsAreFoundAtTheirBeginningAlone() {
    assertThat(WordLabels.label("Dozens KILLED at sea")).isEqualTo("negative");
    assertThat(WordLabels.label("A skilled tailor's reward")).isEqualTo("neutral");
  }

  @Test
  void aLineThatIsNoObjectIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("news.jsonl"), "{}\n[1]\n");

    assertThatThrownBy(() -> LABELS.copy(file, folder.resolve("copy.jsonl")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("line 2");
  }
}
