package io.attune.pipeline.stage.clean;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.substring;

import io.attune.pipeline.copies.Judgement;
import io.attune.pipeline.stage.clean.Validation.Fault;
import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.table.Documents;
import java.util.Optional;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * Normalises one document and judges it by itself, whatever other documents there are: the text
 * becomes normal, then what the configuration says is masked or removed, then {@link Validation}
 * judges what is left.
 */
final class Preparation implements MapFunction<Row, Row> {
  private static final long serialVersionUID = 1;

  /**
   * Holds the title and the text as they were read, cut after 2,000 characters; null where they
   * were normal already.
   */
  private static final String RAW = "raw";

  /** Holds the one text of title and text that models read; never null. */
  static final String WHOLE = "whole";

  static final String REASON = Judgement.REASON;
  static final String DETAIL = Judgement.DETAIL;

  /** Holds what was changed; see {@link Changes#rows}. */
  static final String CHANGES = "changes";

  private static final int RAW_CHARACTERS = 2_000;

  private final CleanConfig config;
  private final Boilerplate boilerplate;
  private final int titleAt;
  private final int textAt;

  private Preparation(CleanConfig config, Boilerplate boilerplate, StructType documents) {
    this.config = config;
    this.boilerplate = boilerplate;
    this.titleAt = documents.fieldIndex(Documents.TITLE);
    this.textAt = documents.fieldIndex(Documents.TEXT);
  }

  /**
   * Returns the documents with normalised texts and, where they are not to be used, the reason.
   *
   * @param documents with the columns of {@link Documents}; others are kept as they are
   * @return with the same columns, and those that this class names
   */
  static Dataset<Row> of(Dataset<Row> documents, CleanConfig config) {
    Documents.SCHEMA.requireIn(documents.schema());
    StructType prepared =
        documents
            .schema()
            .add(RAW, DataTypes.StringType)
            .add(WHOLE, DataTypes.StringType)
            .add(REASON, DataTypes.StringType)
            .add(DETAIL, DataTypes.StringType)
            .add(CHANGES, DataTypes.createArrayType(Changes.COLUMNS));
    Boilerplate boilerplate = Boilerplate.find(documents, config);
    return documents.map(
        new Preparation(config, boilerplate, documents.schema()), Encoders.row(prepared));
  }

  @Override
  public Row call(Row document) {
    Changes changes = new Changes();
    String title = document.getString(titleAt);
    String text = document.getString(textAt);
    String normalTitle =
        title == null ? null : TextNormalizer.oneLine(lines(title, config, changes));
    String normalText = text == null ? null : body(text, document, changes);
    String whole = DocumentText.of(normalTitle, normalText);
    changes.addBroken(Validation.broken(whole));
    Optional<Fault> fault = Validation.faultOf(whole, config);

    int width = document.size();
    Object[] values = new Object[width + 5];
    for (int i = 0; i < width; i++) {
      values[i] = document.get(i);
    }
    values[titleAt] = normalTitle;
    values[textAt] = normalText;
    String raw = raw(title, text);
    values[width] = raw.equals(raw(normalTitle, normalText)) ? null : raw;
    values[width + 1] = whole;
    values[width + 2] = fault.map(Fault::reason).orElse(null);
    values[width + 3] = fault.map(Fault::detail).orElse(null);
    values[width + 4] = JavaConverters.asScalaBuffer(changes.rows()).toSeq();
    return RowFactory.create(values);
  }

  private String body(String text, Row document, Changes changes) {
    return TextNormalizer.oneLine(
        boilerplate.removed(lines(text, config, changes), document, changes));
  }

  /** Normalises and masks a text but keeps its lines. */
  static String lines(String text, CleanConfig config, Changes changes) {
    return Masking.masked(TextNormalizer.lines(text, changes), config, changes);
  }

  /** Returns the title and the text as they were read, of a prepared document. */
  static Column raw() {
    return substring(
        coalesce(col(RAW), concat_ws(" ", col(Documents.TITLE), col(Documents.TEXT))),
        1,
        RAW_CHARACTERS);
  }

  private static String raw(String title, String text) {
    String raw = title == null ? text : text == null ? title : title + " " + text;
    if (raw == null || raw.codePointCount(0, raw.length()) <= RAW_CHARACTERS) {
      return raw == null ? "" : raw;
    }
    return raw.substring(0, raw.offsetByCodePoints(0, RAW_CHARACTERS));
  }
}
