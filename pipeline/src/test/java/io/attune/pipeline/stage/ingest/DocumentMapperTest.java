package io.attune.pipeline.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.RawRecord;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Split;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.JavaConverters;

class DocumentMapperTest {
  private static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new LabelSets.Head("mood", List.of("negative", "positive", "none")),
              new LabelSets.Head("stars", List.of("1", "5")),
              new LabelSets.Head("size", List.of("a", "A", "b"))));

  @ParameterizedTest
  @CsvSource(
      nullValues = "NONE",
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "mood,positive,positive",
        "mood, POSITIVE ,positive",
        "mood,ｐositive,positive",
        "mood,pos,positive",
        "mood,POS,positive",
        "mood,nan,NONE",
        "mood,N/A,NONE",
        "mood,\\N,NONE",
        "mood,None,none",
        "mood,unrated,NONE",
        "mood,'[\"positive\"]',positive",
        "mood,[],NONE",
        "mood,'[\"pos\", \"positive\"]',positive",
        "stars,5,5",
        "stars,5.0,5",
        "stars, 1.00,1",
        "stars,[5],5",
        "size,A,A",
        "size,B,b",
      })
  void labelsAreReadWhateverTheirSpelling(String head, String value, String label) {
    Row row = map(columns(Map.of(head, "label"), null), Map.of("text", "Fine", "label", value));

    assertThat(rejected(row, Rejects.DETAIL)).isNull();
    Map<Object, Object> labels = JavaConverters.mapAsJavaMap(row.getMap(index(Documents.LABELS)));
    assertThat(labels.get(head)).isEqualTo(label);
  }

  @ParameterizedTest
  @CsvSource({
    "mood,furious,unknown-label",
    "stars,4.0,unknown-label",
    "mood,'[\"positive\", \"negative\"]',several-labels",
    "mood,'[\"positive\", \"long\"]',unknown-label",
    "mood,[positive,unknown-label",
  })
  void otherLabelsAreRejected(String head, String value, String reason) {
    Row row = map(columns(Map.of(head, "label"), null), Map.of("text", "Fine", "label", value));

    assertThat(rejected(row, Rejects.REASON)).isEqualTo(reason);
    assertThat(rejected(row, Rejects.FIELD)).isEqualTo("label");
  }

  @Test
  void rejectOfSeveralLabelsNamesTheKeyThatTakesTheFirst() {
    Map<String, String> record = Map.of("text", "Fine", "label", "[\"positive\", \"negative\"]");
    Map<String, String> labels = Map.of("mood", "label");

    assertThat(rejected(map(columns(labels, null), record), Rejects.DETAIL))
        .contains("2 labels of head 'mood'", "columns.several-labels: first");
    Row first = map(columns(labels, Corpus.SeveralLabels.FIRST), record);
    assertThat(JavaConverters.mapAsJavaMap(first.getMap(index(Documents.LABELS))))
        .isEqualTo(Map.of("mood", "positive"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "NONE",
      value = {
        "train,train",
        "Training,train",
        "TEST,test",
        "dev,validation",
        "val,validation",
        "valid,validation",
        "validation,validation",
        "nan,test",
        "'',test",
      })
  void aColumnDeclaresTheSplitOrElseTheCorpusDoes(String value, String split) {
    Row row = map(columns(Map.of(), null), Map.of("text", "Fine", "part", value));

    assertThat(row.getString(index(Documents.DECLARED_SPLIT))).isEqualTo(split);
  }

  @ParameterizedTest
  @ValueSource(strings = {"label", "part", "when"})
  void valueThatIsATextIsCutInTheDetailOfItsReject(String column) {
    String text = "好看 the whole text. ".repeat(1000);
    Map<String, String> labels = Map.of("mood", "label");

    Row row = map(columns(labels, null), Map.of("text", "Fine", column, text));

    assertThat(rejected(row, Rejects.DETAIL)).contains(text.substring(0, 199) + "…'");
    assertThat(rejected(row, Rejects.DETAIL)).hasSizeLessThan(400);
  }

  @Test
  void unknownSplitIsRejected() {
    Row row = map(columns(Map.of(), null), Map.of("text", "Fine", "part", "unused"));

    assertThat(rejected(row, Rejects.REASON)).isEqualTo("unknown-split");
    assertThat(rejected(row, Rejects.DETAIL)).contains("'unused' is not a split");
  }

  @Test
  void datesAreReadInFormAndZoneOfTheColumn() {
    Row row = map(columns(Map.of(), null), Map.of("text", "Fine", "when", "01/02/2025 09:00"));

    assertThat(row.<Timestamp>getAs(index(Documents.PUBLISHED_AT)).toInstant())
        .isEqualTo("2025-02-01T01:00:00Z");
    Row bad = map(columns(Map.of(), null), Map.of("text", "Fine", "when", "01/13/2025"));
    assertThat(rejected(bad, Rejects.REASON)).isEqualTo("bad-date");
  }

  @Test
  void nullWordsStandForNoDateAndNoIdButStayInTexts() {
    Row row =
        map(
            columns(Map.of(), null),
            Map.of("text", "null", "title", "None", "when", "NaT", "id", "nan"));

    assertThat(row.isNullAt(index(Documents.PUBLISHED_AT))).isTrue();
    assertThat(row.getString(index(Documents.ID))).hasSizeGreaterThan(60);
    assertThat(row.getString(index(Documents.TEXT))).isEqualTo("null");
    assertThat(row.getString(index(Documents.TITLE))).isEqualTo("None");
  }

  @Test
  void entitiesAreKeptBesideExtraColumns() {
    Row row =
        map(
            columns(Map.of(), null),
            Map.of("text", "Fine", "ticker", "NVS", "page", "7", "x", "y"));

    assertThat(JavaConverters.mapAsJavaMap(row.getMap(index(Documents.EXTRA))))
        .isEqualTo(Map.of("ticker", "NVS", "page", "7"));
  }

  private static Corpus.Columns columns(
      Map<String, String> labels, Corpus.SeveralLabels severalLabels) {
    return new Corpus.Columns(
        "id",
        "title",
        "text",
        "when",
        "day-first",
        "Asia/Shanghai",
        null,
        null,
        "part",
        labels,
        severalLabels,
        null,
        List.of("ticker"),
        List.of("page"));
  }

  private static Row map(Corpus.Columns columns, Map<String, String> fields) {
    Corpus corpus =
        new Corpus(
            "c",
            "a.jsonl",
            Format.JSONL,
            null,
            null,
            Split.TEST,
            null,
            null,
            columns,
            Map.of("mood", Map.of("pos", "positive", "unrated", "")));
    return new DocumentMapper(corpus, LABELS, "2026-01-01.1")
        .map("a.jsonl", RawRecord.of(1, new TreeMap<>(fields), ""));
  }

  private static int index(String column) {
    return DocumentMapper.OUTCOME.fieldIndex(column);
  }

  private static String rejected(Row row, String column) {
    return row.getString(DocumentMapper.OUTCOME.fieldIndex(DocumentMapper.REJECTED + column));
  }
}
