package io.attune.pipeline.copies;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.Sha256;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import java.io.IOException;
import java.io.Serializable;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Computes what documents are compared by, of rows with normalised titles and texts. It reads the
 * rows as Spark holds them: for functions of maps and JSON Spark compiles no code.
 */
public final class TextKeys implements Serializable {
  private static final long serialVersionUID = 1;

  private static final StructType COLUMNS =
      new StructType()
          .add(CleanDocuments.TEXT_HASH, DataTypes.StringType)
          .add(Columns.KEY_LENGTH, DataTypes.IntegerType)
          .add(Signatures.BANDS, DataTypes.createArrayType(DataTypes.LongType))
          .add(Signatures.CONTENT_HASH, DataTypes.StringType)
          .add(Columns.LABEL_WORD, DataTypes.StringType);

  private static final JsonFactory JSON = new JsonFactory();

  /** Joins what a record says by a character that no normalised text has. */
  private static final byte[] BETWEEN = {0};

  private static final int NOWHERE = -1;

  private final Scheme scheme;
  private final int title;
  private final int text;
  private final int source;
  private final int publishedAt;
  private final int language;
  private final int labels;
  private final int declaredSplit;
  private final int extra;
  private final int reason;

  private TextKeys(Scheme scheme, StructType documents) {
    this.scheme = scheme;
    this.title = documents.fieldIndex(Documents.TITLE);
    this.text = documents.fieldIndex(Documents.TEXT);
    this.source = documents.fieldIndex(Documents.SOURCE);
    this.publishedAt = documents.fieldIndex(Documents.PUBLISHED_AT);
    this.language = documents.fieldIndex(Documents.LANGUAGE);
    this.labels = documents.fieldIndex(Documents.LABELS);
    this.declaredSplit = documents.fieldIndex(Documents.DECLARED_SPLIT);
    this.extra = documents.fieldIndex(Documents.EXTRA);
    boolean isJudged = List.of(documents.fieldNames()).contains(Judgement.REASON);
    this.reason = isJudged ? documents.fieldIndex(Judgement.REASON) : NOWHERE;
  }

  /** Returns {@link CleanDocuments#TEXT_HASH} of a document with a normalised title and text. */
  public static String hash(String title, String text) {
    return Sha256.of(Letters.of(DocumentText.of(title, text)).key());
  }

  /**
   * Adds {@link Signatures#TEXT_HASH}, {@link Columns#KEY_LENGTH}, {@link Signatures#BANDS}, {@link
   * Signatures#CONTENT_HASH} and {@link Columns#LABEL_WORD}; null where a document has a {@link
   * Judgement#REASON}.
   *
   * @param documents with normalised texts
   */
  static Dataset<Row> added(Dataset<Row> documents, Scheme scheme) {
    Dataset<Row> given = documents.drop(COLUMNS.fieldNames());
    TextKeys keys = new TextKeys(scheme, given.schema());
    JavaRDD<InternalRow> keyed =
        given
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .map(document -> new JoinedRow(document, keys.of(document)));
    StructType schema = given.schema();
    for (StructField field : COLUMNS.fields()) {
      schema = schema.add(field);
    }
    return documents.sparkSession().internalCreateDataFrame(keyed.rdd(), schema, false);
  }

  private InternalRow of(InternalRow document) {
    if (reason != NOWHERE && !document.isNullAt(reason)) {
      return new GenericInternalRow(COLUMNS.size());
    }
    Letters letters = Letters.of(DocumentText.of(string(document, title), string(document, text)));
    String key = letters.key();
    return new GenericInternalRow(
        new Object[] {
          UTF8String.fromString(Sha256.of(key)),
          key.codePointCount(0, key.length()),
          UnsafeArrayData.fromPrimitiveArray(scheme.bandsOf(letters)),
          UTF8String.fromString(Sha256.of(content(document))),
          UTF8String.fromString(LabelWords.of(entries(document, labels)))
        });
  }

  /** Returns all that a record says, in one form: what is short as JSON, then title and text. */
  private List<byte[]> content(InternalRow document) {
    List<byte[]> content = new ArrayList<>();
    content.add(json(document).getBytes(StandardCharsets.UTF_8));
    for (int column : new int[] {title, text}) {
      if (!document.isNullAt(column)) {
        content.add(BETWEEN);
        content.add(document.getUTF8String(column).getBytes());
      }
    }
    return content;
  }

  private String json(InternalRow document) {
    StringWriter written = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(written)) {
      json.writeStartObject();
      write(json, "source", string(document, source));
      if (!document.isNullAt(publishedAt)) {
        json.writeNumberField("published", document.getLong(publishedAt)); // microseconds
      }
      write(json, "language", string(document, language));
      json.writeBooleanField("untitled", document.isNullAt(title));
      json.writeBooleanField("empty", document.isNullAt(text));
      write(json, "labels", entries(document, labels));
      write(json, "declared_split", string(document, declaredSplit));
      write(json, "extra", entries(document, extra));
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Nothing but memory is written to", e);
    }
    return written.toString();
  }

  private static void write(JsonGenerator json, String name, String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private static void write(JsonGenerator json, String name, List<Entry> entries)
      throws IOException {
    if (entries == null) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (Entry entry : entries) {
      json.writeStartObject();
      json.writeStringField("key", entry.key().toString());
      write(json, "value", entry.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /**
   * Holds one entry of a map.
   *
   * @param value may be null
   */
  record Entry(UTF8String key, UTF8String value) {
    String text() {
      return value == null ? null : value.toString();
    }
  }

  /** Returns the entries of a map in the order of their keys; null for none. */
  private static List<Entry> entries(InternalRow document, int column) {
    if (document.isNullAt(column)) {
      return null;
    }
    MapData map = document.getMap(column);
    List<Entry> entries = new ArrayList<>(map.numElements());
    for (int i = 0; i < map.numElements(); i++) {
      boolean isNull = map.valueArray().isNullAt(i);
      entries.add(
          new Entry(
              map.keyArray().getUTF8String(i), isNull ? null : map.valueArray().getUTF8String(i)));
    }
    entries.sort(Comparator.comparing(Entry::key));
    return entries;
  }

  private static String string(InternalRow document, int column) {
    return document.isNullAt(column) ? null : document.getUTF8String(column).toString();
  }
}
