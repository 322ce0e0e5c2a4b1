package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.sha2;
import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class TextKeysTest {
  private static final Scheme SCHEME = new Scheme(new Bands(4, 2));

  /** Is the form that signatures in tables were computed by. */
  private static final String CONTENT =
      "concat_ws('\\0', to_json(struct(source, unix_micros(published_at) AS published, language, "
          + "title IS NULL AS untitled, text IS NULL AS empty, "
          + "array_sort(map_entries(labels)) AS labels, declared_split, "
          + "array_sort(map_entries(extra)) AS extra)), title, text)";

  private static final String LABEL_WORD =
      "nullif(array_join(transform(array_sort(map_entries(labels)), e -> concat(e.key, char(2),"
          + " e.value)), char(1)), '')";

  private static Dataset<Row> documents() {
    Map<String, String> several = new HashMap<>(Map.of("topic", "phones", "sentiment", "good"));
    several.put("empty", null);
    return new DocumentRows("run")
        .add("plain", "Shares rose again today.")
        .add(
            "full",
            "Line \"one\" \\ two 😀 屏幕很好",
            Map.of(
                Documents.TITLE,
                "A title\u0001",
                Documents.SOURCE,
                "Söurce \"x\" \u2028 😀",
                Documents.LANGUAGE,
                "zh",
                Documents.PUBLISHED_AT,
                Instant.parse("1969-12-31T23:59:59.000001Z"),
                Documents.DECLARED_SPLIT,
                "test",
                Documents.LABELS,
                several,
                Documents.EXTRA,
                Map.of("ticker", "ACME\n", "é", "", "Z", "\u0000")))
        .add("title only", null, Map.of(Documents.TITLE, "Oil falls", Documents.LABELS, Map.of()))
        .add("unfit", "x", Map.of(Judgement.REASON, "too-short", Documents.LABELS, several))
        .table();
  }

  @Test
  void contentAndLabelsAreThoseOfTheExpressionsThatTablesHold() {
    List<Row> rows =
        TextKeys.added(documents(), SCHEME)
            .where(col(Judgement.REASON).isNull())
            .select(
                col(Signatures.CONTENT_HASH),
                sha2(expr(CONTENT).cast("binary"), 256),
                col(Columns.LABEL_WORD),
                expr(LABEL_WORD))
            .collectAsList();

    assertThat(rows).hasSize(3);
    for (Row row : rows) {
      assertThat(row.getString(0)).isEqualTo(row.getString(1));
      assertThat(row.getString(2)).isEqualTo(row.getString(3));
    }
  }

  @Test
  void whatAnUnfitDocumentIsComparedByIsNull() {
    Row unfit =
        TextKeys.added(documents(), SCHEME)
            .where(col(Judgement.REASON).isNotNull())
            .select(
                CleanDocuments.TEXT_HASH,
                Columns.KEY_LENGTH,
                Signatures.BANDS,
                Signatures.CONTENT_HASH,
                Columns.LABEL_WORD)
            .head();

    for (int column = 0; column < unfit.size(); column++) {
      assertThat(unfit.isNullAt(column)).isTrue();
    }
  }

  @Test
  void textsHaveTheHashTheLengthAndTheBandsOfTheirLetters() {
    Row row =
        TextKeys.added(documents(), SCHEME)
            .where(col(Documents.ID).equalTo("plain"))
            .select(CleanDocuments.TEXT_HASH, Columns.KEY_LENGTH, Signatures.BANDS)
            .head();

    assertThat(row.getString(0)).isEqualTo(TextKeys.hash(null, "shares ROSE again, today"));
    assertThat(row.getInt(1)).isEqualTo("sharesroseagaintoday".length());
    assertThat(row.<Long>getList(2))
        .containsExactly(
            Arrays.stream(SCHEME.bandsOf(Letters.of("shares rose again today")))
                .boxed()
                .toArray(Long[]::new));
  }
}
