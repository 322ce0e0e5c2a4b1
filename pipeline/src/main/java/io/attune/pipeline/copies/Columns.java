package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import io.attune.schemas.table.Split;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Names and computes the columns that documents have while they are compared. */
final class Columns {
  /** Holds the labels as {@link LabelWords}. */
  static final String LABEL_WORD = "label_word";

  /** Holds the letters and digits of the text. */
  static final String KEY_LENGTH = "key_length";

  /** Holds the set of {@link Shingles}; null where near copies are not looked for. */
  static final String SHINGLES = "shingles";

  /**
   * Holds of the row of an earlier run that the document corrects: {@code id, run, cluster,
   * cluster_since, corpus, file, line}; null where it corrects none.
   */
  static final String CORRECTS = "corrects";

  /**
   * Holds the same of the row of an earlier run with the same text that the document supersedes.
   */
  static final String SUPERSEDES = "supersedes";

  /** Says in which heads it disagrees with the row that it supersedes; null in none. */
  static final String CONFLICT = "conflict";

  /** Counts the documents of the night with the text. */
  static final String ALIKE = "alike";

  /** Holds whether the document was fit before copies were looked for. */
  static final String FIT = "fit";

  private static final String CONTENT =
      "to_json(struct(source, unix_micros(published_at) AS published, language, title, text, "
          + "array_sort(map_entries(labels)) AS labels, declared_split, "
          + "array_sort(map_entries(extra)) AS extra))";

  private Columns() {}

  /**
   * Adds {@link Signatures#TEXT_HASH}, {@link Signatures#CONTENT_HASH}, {@link #LABEL_WORD} and
   * {@link #KEY_LENGTH}.
   *
   * @param documents with normalised texts
   */
  static Dataset<Row> withKeys(Dataset<Row> documents) {
    UDF1<String, String> key = Letters::key;
    String letters = "key";
    return documents
        .withColumn(letters, udf(key, DataTypes.StringType).apply(whole()))
        .withColumn(CleanDocuments.TEXT_HASH, sha2(col(letters).cast("binary"), 256))
        .withColumn(KEY_LENGTH, expr("char_length(" + letters + ")"))
        .withColumn(Signatures.CONTENT_HASH, sha2(expr(CONTENT).cast("binary"), 256))
        .withColumn(LABEL_WORD, LabelWords.of())
        .drop(letters);
  }

  /** Adds {@link #SHINGLES} and {@link Signatures#BANDS} of documents with normalised texts. */
  static Dataset<Row> withBands(Dataset<Row> documents, Scheme scheme, Column where) {
    UDF1<byte[], long[]> bands = scheme::bandsOf;
    return documents
        .withColumn(SHINGLES, when(where.and(lit(scheme.hasBands())), shingles()))
        .withColumn(
            Signatures.BANDS,
            when(
                    col(SHINGLES).isNotNull(),
                    udf(bands, DataTypes.createArrayType(DataTypes.LongType)).apply(col(SHINGLES)))
                .otherwise(expr("cast(array() as array<bigint>)")));
  }

  /** Adds {@link #SHINGLES} of documents with normalised texts. */
  static Dataset<Row> withShingles(Dataset<Row> documents) {
    return documents.withColumn(SHINGLES, shingles());
  }

  private static Column shingles() {
    UDF1<String, byte[]> shingles = Shingles::of;
    return udf(shingles, DataTypes.BinaryType).apply(whole());
  }

  /** Returns 0 for a declared test document, 1 for a declared validation one, 2 for others. */
  static Column preference() {
    return when(col(Documents.DECLARED_SPLIT).equalTo(Split.TEST.word()), 0)
        .when(col(Documents.DECLARED_SPLIT).equalTo(Split.VALIDATION.word()), 1)
        .otherwise(2);
  }

  /** Returns the source of a document, or its corpus where no source is known. */
  static Column source() {
    return coalesce(col(Documents.SOURCE), col(Documents.CORPUS));
  }

  /** Returns the sentence in which heads two texts of labels disagree; null in none. */
  static Column contradiction(Column here, Column there) {
    UDF2<String, String, String> contradiction = LabelWords::contradiction;
    return udf(contradiction, DataTypes.StringType).apply(here, there);
  }

  /** Returns whether labels are not all among others. */
  static Column addsTo(Column here, Column there) {
    UDF2<String, String, Boolean> adds = LabelWords::addsTo;
    return udf(adds, DataTypes.BooleanType).apply(here, there);
  }

  private static Column whole() {
    UDF2<String, String, String> whole = DocumentText::of;
    return udf(whole, DataTypes.StringType).apply(col(Documents.TITLE), col(Documents.TEXT));
  }

  /** Returns names as a join takes them. */
  static Seq<String> named(String... names) {
    return JavaConverters.asScalaBuffer(Arrays.asList(names)).toSeq();
  }
}
