package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.RawRecord;
import io.attune.pipeline.input.value.PublishedAt;
import io.attune.pipeline.input.value.SplitWords;
import io.attune.pipeline.text.WellFormed;
import io.attune.schemas.Sha256;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Split;
import java.io.Serializable;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/** Maps each record to a document or a reject, as one row that has the columns of both. */
final class DocumentMapper implements Serializable {
  private static final long serialVersionUID = 1;

  /** Prefixes the columns of rejects, which are null in documents. */
  static final String REJECTED = "rejected_";

  /** Lists the columns of {@link Documents}, then those of {@link Rejects} with a prefix. */
  static final StructType OUTCOME = outcome();

  private final Corpus corpus;
  private final List<LabelReader> labels;
  private final PublishedAt dates;
  private final String run;

  DocumentMapper(Corpus corpus, LabelSets labels, String run) {
    this.corpus = corpus;
    this.labels = LabelReader.all(corpus, labels);
    this.dates = corpus.columns().dates();
    this.run = run;
  }

  private static StructType outcome() {
    StructType columns = Documents.SCHEMA.columns();
    for (StructField field : Rejects.SCHEMA.columns().fields()) {
      columns = columns.add(REJECTED + field.name(), field.dataType());
    }
    return columns;
  }

  Row map(String file, RawRecord record) {
    if (record.fault() != null) {
      return reject(file, record, null, "malformed", record.fault());
    }
    Map<String, String> fields = record.fields();
    Corpus.Columns columns = corpus.columns();
    String title = get(fields, columns.title());
    String text = get(fields, corpus.format() == Format.TEXT_FOLDERS ? "text" : columns.text());
    if (title == null && text == null) {
      return reject(file, record, columns.text(), "no-text", "there is neither a title nor a text");
    }
    Map<String, String> found = new HashMap<>();
    for (LabelReader reader : labels) {
      LabelReader.Reading label = reader.read(get(fields, reader.column()));
      if (label.fault() != null) {
        return reject(file, record, reader.column(), label.fault(), label.detail());
      }
      if (label.label() != null) {
        found.put(reader.head(), label.label());
      }
    }
    String split = given(fields, columns.split());
    if (split != null && SplitWords.of(split).isEmpty()) {
      return reject(
          file,
          record,
          columns.split(),
          "unknown-split",
          "'%s' is not a split: expected train, validation or test"
              .formatted(FoundValue.shown(split)));
    }
    String published = given(fields, columns.publishedAt());
    Timestamp publishedAt;
    try {
      publishedAt = published == null ? null : Timestamp.from(dates.parse(published));
    } catch (DateTimeException e) {
      return reject(
          file,
          record,
          columns.publishedAt(),
          "bad-date",
          "'%s' is not a date that can be used: %s"
              .formatted(FoundValue.shown(published), e.getMessage()));
    }
    return document(file, record, new Content(title, text, publishedAt, found));
  }

  private record Content(
      String title, String text, Timestamp publishedAt, Map<String, String> labels) {}

  private Row document(String file, RawRecord record, Content content) {
    Map<String, String> fields = record.fields();
    Corpus.Columns columns = corpus.columns();
    String given = given(fields, corpus.format() == Format.TEXT_FOLDERS ? "id" : columns.id());
    String source = or(given(fields, columns.source()), corpus.source());
    String id =
        corpus.name()
            + ":"
            + (given == null
                ? Sha256.of(source + "\0" + content.title() + "\0" + content.text())
                : given);
    Map<String, String> extra = new HashMap<>();
    for (List<String> kept : List.of(columns.entities(), columns.extra())) {
      for (String column : kept) {
        if (fields.containsKey(column)) {
          extra.put(column, fields.get(column));
        }
      }
    }
    List<Object> values = new ArrayList<>();
    values.add(id);
    values.add(corpus.name());
    values.add(source);
    values.add(content.publishedAt());
    values.add(or(given(fields, columns.language()), corpus.language()));
    values.add(content.title());
    values.add(content.text());
    values.add(JavaConverters.mapAsScalaMap(content.labels()));
    values.add(split(fields));
    values.add(JavaConverters.mapAsScalaMap(extra));
    values.add(run);
    values.add(file);
    values.add(record.line());
    while (values.size() < OUTCOME.size()) {
      values.add(null);
    }
    return RowFactory.create(values.toArray());
  }

  private Row reject(String file, RawRecord record, String field, String reason, String detail) {
    Object[] values = new Object[OUTCOME.size()];
    int at = Documents.SCHEMA.columns().size();
    values[at] = run;
    values[at + 1] = "ingest";
    values[at + 2] = corpus.name();
    values[at + 3] = file;
    values[at + 4] = record.line();
    values[at + 5] = field;
    values[at + 6] = reason;
    values[at + 7] = detail;
    values[at + 8] = record.raw();
    return RowFactory.create(values);
  }

  /** Returns the split that the record or else its corpus declares; null if neither does. */
  private String split(Map<String, String> fields) {
    String found = given(fields, corpus.columns().split());
    Split declared = found == null ? corpus.split() : SplitWords.of(found).orElseThrow();
    return declared == null ? null : declared.word();
  }

  /** Returns a value of a column; null where it is a word for none. */
  private String given(Map<String, String> fields, String column) {
    String value = get(fields, column);
    return value == null || corpus.columns().nullWords().contains(value.strip()) ? null : value;
  }

  private static String get(Map<String, String> fields, String column) {
    String value = column == null ? null : fields.get(column);
    return value == null || value.isBlank() ? null : WellFormed.of(value);
  }

  private static String or(String value, String otherwise) {
    return value == null ? otherwise : value;
  }
}
