package io.attune.pipeline.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.TestNight;
import io.attune.schemas.Sha256;
import io.attune.schemas.table.CleanDocuments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

class DecidingWordsTest {
  private static final List<String> CLASSES = List.of("negative", "positive");

  @Test
  void findsTheWordThatGivesALabelAway() {
    List<DecidingWords.Found> found =
        DecidingWords.in(
            documents((i, label) -> "Parcel %d came. [annotated as %s]".formatted(i, label)), 200);

    assertThat(found)
        .extracting(DecidingWords.Found::label, DecidingWords.Found::word)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("negative", "negative"),
            org.assertj.core.groups.Tuple.tuple("positive", "positive"));
    assertThat(found.get(0).precision()).isEqualTo(1);
    assertThat(found.get(0).recall()).isEqualTo(1);
  }

  @Test
  void findsNoneWhereWordsOnlyHint() {
    assertThat(
            DecidingWords.in(
                documents(
                    (i, label) ->
                        "Parcel %d was %s."
                            .formatted(
                                i,
                                (i % 10 == 0) == label.equals("negative")
                                    ? "splendid"
                                    : "dreadful")),
                200))
        .isEmpty();
  }

  @Test
  void aWordOfAllDocumentsTellsNoClassHoweverSmallTheOtherIs() {
    assertThat(
            DecidingWords.in(
                documents(
                    i -> i < 190 ? "positive" : "negative",
                    (i, label) -> "Parcel %d came and %s".formatted(i, i % 97 == 0 ? "x" : "went")),
                200))
        .isEmpty();
  }

  @Test
  void findsTheWordThatGivesALargeClassAway() {
    assertThat(
            DecidingWords.in(
                documents(
                    i -> i < 170 ? "positive" : "negative",
                    (i, label) -> "Parcel %d came. [annotated as %s]".formatted(i, label)),
                200))
        .extracting(DecidingWords.Found::word)
        .containsExactly("negative", "positive");
  }

  @Test
  void readsChineseByPairsOfCharacters() {
    assertThat(DecidingWords.words("好评：质量很好 ok")).contains("质量", "很好", "ok");
    assertThat(DecidingWords.words(null)).isEmpty();
  }

  private static Dataset<Row> documents(BiFunction<Integer, String, String> text) {
    return documents(i -> CLASSES.get(i % 2), text);
  }

  private static Dataset<Row> documents(
      IntFunction<String> labels, BiFunction<Integer, String, String> text) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String label = labels.apply(i);
      String written = text.apply(i, label);
      Object[] values = new Object[CleanDocuments.SCHEMA.columns().size()];
      values[CleanDocuments.SCHEMA.columns().fieldIndex("id")] = "d" + i;
      values[CleanDocuments.SCHEMA.columns().fieldIndex("text")] = written;
      values[CleanDocuments.SCHEMA.columns().fieldIndex("labels")] =
          JavaConverters.mapAsScalaMap(Map.of("sentiment", label));
      values[CleanDocuments.SCHEMA.columns().fieldIndex(CleanDocuments.TEXT_HASH)] =
          Sha256.of(written);
      rows.add(RowFactory.create(values));
    }
    return TestNight.spark().createDataFrame(rows, CleanDocuments.SCHEMA.columns());
  }
}
