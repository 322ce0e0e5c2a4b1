package io.attune.pipeline.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.TestNight;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyGuardTest {
  private static final CopiesConfig CONFIG =
      new CopiesConfig(CopiesConfig.Near.DROP, 0.8, 0.3, 100);
  private static final String RUN = CopyNights.FIRST;

  @TempDir Path root;

  private static DocumentRows repeated(int copies, int others, String text) {
    DocumentRows rows = new DocumentRows(RUN);
    Map<String, ?> wire = Map.of(Documents.SOURCE, "wire");
    for (int i = 0; i < copies; i++) {
      rows.add("c" + i, text, wire);
    }
    for (int i = 0; i < others; i++) {
      rows.add("o" + i, "one%d two%d three%d four%d five%d".formatted(i, i, i, i, i), wire);
    }
    return rows;
  }

  private void judge(DocumentRows rows) {
    Tables tables = TestNight.in(root).tables();
    try (Copies copies = Copies.of(tables, RUN, rows.table(), CONFIG)) {
      assertThat(copies.counts().kept()).isPositive();
    }
  }

  @Test
  void aTextThatIsTooMuchOfASourceEndsTheNightBeforeAnythingIsWritten() {
    assertThatThrownBy(
            () -> judge(repeated(50, 70, "Please enable\u0007 JavaScript to read this article\n")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Of the 120 documents of source 'wire' 50 (42 %)")
        .hasMessageContaining("'Please enable JavaScript to read this article'")
        .hasMessageContaining("line 1")
        .hasMessageContaining("clean.copies.max-share=0.3");
    assertThat(TestNight.in(root).tables().exists(CleanDocuments.SCHEMA)).isFalse();
  }

  @Test
  void nearCopiesCountAsWell() {
    DocumentRows rows = repeated(0, 70, "");
    for (int i = 0; i < 50; i++) {
      rows.add(
          "n" + i,
          "please enable scripts in your browser to read the article that you asked for from us"
              + " today as number "
              + i,
          Map.of(Documents.SOURCE, "wire"));
    }
    assertThatThrownBy(() -> judge(rows))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("50 (42 %) are copies of one text");
  }

  @Test
  void fewDocumentsAndShortTextsMayRepeat() {
    assertThatCode(() -> judge(repeated(50, 30, "Please enable scripts to read this article")))
        .doesNotThrowAnyException();
    assertThatCode(() -> judge(repeated(90, 40, "好"))).doesNotThrowAnyException();
    assertThatCode(() -> judge(repeated(90, 40, "good"))).doesNotThrowAnyException();
  }

  @Test
  void aLargeSourceWithHardlyAnyTextEndsTheNightHoweverShort() {
    assertThatThrownBy(() -> judge(repeated(1100, 2, "N/A")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("The 1,102 documents of source 'wire' have only 3 different texts")
        .hasMessageContaining("corpora.columns");
  }
}
