package io.attune.pipeline.copies;

import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.Sha256;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Signatures;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Computes what the text of a document is compared by, of its normalised title and text. */
public final class TextKeys implements UDF2<String, String, Row> {
  private static final long serialVersionUID = 1;

  static final StructType COLUMNS =
      new StructType()
          .add(CleanDocuments.TEXT_HASH, DataTypes.StringType)
          .add(Columns.KEY_LENGTH, DataTypes.IntegerType)
          .add(Signatures.BANDS, DataTypes.createArrayType(DataTypes.LongType));

  private final Scheme scheme;

  TextKeys(Scheme scheme) {
    this.scheme = scheme;
  }

  /** Returns {@link CleanDocuments#TEXT_HASH} of a document with a normalised title and text. */
  public static String hash(String title, String text) {
    return Sha256.of(Letters.of(DocumentText.of(title, text)).key());
  }

  @Override
  public Row call(String title, String text) {
    Letters letters = Letters.of(DocumentText.of(title, text));
    String key = letters.key();
    return RowFactory.create(
        Sha256.of(key), key.codePointCount(0, key.length()), scheme.bandsOf(letters));
  }
}
