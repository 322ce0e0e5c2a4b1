package io.attune.bench.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class RealTextsTest {
  @TempDir private Path folder;

  private RealTexts texts(int tokens, String... labels) throws IOException {
    Path file = folder.resolve("train.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (String label : labels) {
        String line = "{\"text\": \"Shares of %s rose, again\", \"label\": \"%s\"}%n";
        out.write(line.formatted(label, label).getBytes(StandardCharsets.UTF_8));
      }
    }
    return new RealTexts(file.toString(), tokens);
  }

  @Test
  void aRowHasThePiecesOfItsTextAndTheClassOfItsLabel() throws IOException {
    MultiDataSet rows = texts(8, "steel", "oil", "steel").rows(0, 3);

    assertThat(rows.getFeaturesMaskArray(0).sum(1).toDoubleVector()).containsExactly(6, 6, 6);
    assertThat(rows.getLabels(0).argMax(1).toIntVector()).containsExactly(0, 1, 0);
    assertThat(rows.getFeatures(0).getRow(0)).isEqualTo(rows.getFeatures(0).getRow(2));
    assertThat(rows.getFeatures(0).getRow(0)).isNotEqualTo(rows.getFeatures(0).getRow(1));
  }

  @Test
  void aLongTextIsCut() throws IOException {
    assertThat(texts(3, "oil").row(0).ids()).hasSize(3);
  }

  @Test
  void refusesARowThatTheCorpusHasNot() throws IOException {
    RealTexts one = texts(8, "oil");

    assertThatThrownBy(() -> one.row(1)).hasMessageContaining("has 1 rows");
  }

  @Test
  void refusesMoreLabelsThanTheNetworkHasClasses() throws IOException {
    RealTexts five = texts(8, "a", "b", "c", "d", "e");

    assertThatThrownBy(() -> five.row(0)).hasMessageContaining("has 5 labels");
  }
}
