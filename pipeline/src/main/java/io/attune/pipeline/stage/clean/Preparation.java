package io.attune.pipeline.stage.clean;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.udf;

import io.attune.pipeline.copies.Judgement;
import io.attune.pipeline.stage.clean.Validation.Fault;
import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.table.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Normalises one document and judges it by itself, whatever other documents there are: the text
 * becomes normal, then what the configuration says is masked or removed, then {@link Validation}
 * judges what is left.
 */
final class Preparation implements UDF3<String, String, String, Row> {
  private static final long serialVersionUID = 1;

  /**
   * Holds the title and the text as they were read, cut after 2,000 characters; null where they
   * were normal already.
   */
  private static final String RAW = "raw";

  static final String REASON = Judgement.REASON;
  static final String DETAIL = Judgement.DETAIL;

  /** Holds what was changed; see {@link Changes#rows}. */
  static final String CHANGES = "changes";

  /** Lists the columns that {@link #raw()} reads. */
  static final List<String> OF_RAW = List.of(RAW, Documents.TITLE, Documents.TEXT);

  private static final int RAW_CHARACTERS = 2_000;

  private static final String PREPARED = "prepared";

  private static final StructType COLUMNS =
      new StructType()
          .add(Documents.TITLE, DataTypes.StringType)
          .add(Documents.TEXT, DataTypes.StringType)
          .add(RAW, DataTypes.StringType)
          .add(REASON, DataTypes.StringType)
          .add(DETAIL, DataTypes.StringType)
          .add(CHANGES, DataTypes.createArrayType(Changes.COLUMNS));

  private final CleanConfig config;
  private final Boilerplate boilerplate;

  private Preparation(CleanConfig config, Boilerplate boilerplate) {
    this.config = config;
    this.boilerplate = boilerplate;
  }

  /**
   * Returns the documents with normalised texts and, where they are not to be used, the reason.
   *
   * @param documents with the columns of {@link Documents}; others are kept as they are
   * @return with the same columns, and those that this class names
   */
  static Dataset<Row> of(Dataset<Row> documents, CleanConfig config) {
    Documents.SCHEMA.requireIn(documents.schema());
    Preparation preparation = new Preparation(config, Boilerplate.find(documents, config));
    Dataset<Row> prepared =
        documents.withColumn(
            PREPARED,
            udf(preparation, COLUMNS)
                .apply(Boilerplate.source(), col(Documents.TITLE), col(Documents.TEXT)));
    List<Column> columns = new ArrayList<>();
    List<String> names = List.of(COLUMNS.fieldNames());
    for (String name : documents.columns()) {
      columns.add(names.contains(name) ? of(name) : col(name));
    }
    for (StructField field : COLUMNS.fields()) {
      if (!List.of(documents.columns()).contains(field.name())) {
        columns.add(of(field.name()));
      }
    }
    return prepared.select(columns.toArray(Column[]::new));
  }

  private static Column of(String column) {
    return col(PREPARED + "." + column).as(column);
  }

  @Override
  public Row call(String source, String title, String text) {
    Changes changes = new Changes();
    String normalTitle =
        title == null ? null : TextNormalizer.oneLine(lines(title, config, changes));
    String normalText = text == null ? null : body(text, source, changes);
    String whole = DocumentText.of(normalTitle, normalText);
    changes.addBroken(Validation.broken(whole));
    Optional<Fault> fault = Validation.faultOf(whole, config);
    String raw = raw(title, text);
    return RowFactory.create(
        normalTitle,
        normalText,
        raw.equals(raw(normalTitle, normalText)) ? null : raw,
        fault.map(Fault::reason).orElse(null),
        fault.map(Fault::detail).orElse(null),
        changes.rows());
  }

  private String body(String text, String source, Changes changes) {
    return TextNormalizer.oneLine(
        boilerplate.removed(lines(text, config, changes), source, changes));
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
