package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.substring;

import io.attune.pipeline.storage.Scratch;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;
import scala.math.Ordering;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Holds the documents of a night where they were prepared. Only marks of them, which say what they
 * are compared by, travel between executors; what comes of the comparison travels back, and a text
 * never moves.
 */
final class Texts {
  /** Names the column that says where a document lies: its partition, then its row there. */
  static final String PLACE = "place_of_document";

  private static final int START_CHARACTERS = 120;

  /** Is the number of bits below the partition in what Spark numbers rows by. */
  private static final int ROW_BITS = 33;

  private final Dataset<Row> rows;

  private Texts(Dataset<Row> rows) {
    this.rows = rows;
  }

  /**
   * Keeps documents with their bands, and numbers them where they are.
   *
   * @param validated with normalised texts
   */
  static Texts keep(Dataset<Row> validated, Scheme scheme, Scratch scratch) {
    Dataset<Row> signed =
        Columns.withKeys(
            Columns.withBands(validated, scheme, Judgement.isFit()).drop(Columns.SHINGLES));
    // Without its plan: the rows of a local table would be numbered by Spark's optimizer, as if all
    // lay in one partition.
    Dataset<Row> placed =
        signed
            .sparkSession()
            .internalCreateDataFrame(signed.queryExecution().toRdd(), signed.schema(), false)
            .withColumn(PLACE, monotonically_increasing_id());
    return new Texts(scratch.keep(placed));
  }

  /** Returns the documents as they were given. */
  Dataset<Row> rows() {
    return rows.drop(
        PLACE,
        Signatures.BANDS,
        CleanDocuments.TEXT_HASH,
        Signatures.CONTENT_HASH,
        Columns.LABEL_WORD,
        Columns.KEY_LENGTH);
  }

  /** Returns what documents are compared by: neither texts nor bands. */
  Dataset<Row> marks() {
    return rows.select(
        PLACE,
        Documents.ID,
        Corrections.ID_IS_MADE,
        Documents.RUN,
        Documents.CORPUS,
        Documents.FILE,
        Documents.LINE,
        Documents.SOURCE,
        Documents.PUBLISHED_AT,
        Documents.DECLARED_SPLIT,
        CleanDocuments.TEXT_HASH,
        Signatures.CONTENT_HASH,
        Columns.LABEL_WORD,
        Columns.KEY_LENGTH,
        Judgement.REASON,
        Judgement.DETAIL);
  }

  /** Returns the start of the text of the document at a place, for people. */
  String start(long place) {
    return rows.where(col(PLACE).equalTo(place))
        .select(substring(coalesce(col(Documents.TEXT), col(Documents.TITLE)), 1, START_CHARACTERS))
        .head()
        .getString(0);
  }

  /**
   * Returns what near copies are found by: {@link #PLACE}, {@link Signatures#BANDS}, {@link
   * Columns#SHINGLES}.
   *
   * @param places of the documents
   * @param number of them
   */
  Dataset<Row> signed(Dataset<Row> places, long number) {
    return Columns.withShingles(
            rows.join(Repeated.sent(places, number), Columns.named(PLACE), "left_semi"))
        .select(PLACE, Signatures.BANDS, Columns.SHINGLES);
  }

  /** Returns {@link #PLACE} and {@link Signatures#BANDS} of all documents but some. */
  Dataset<Row> bandsWithout(Dataset<Row> places) {
    return rows.select(PLACE, Signatures.BANDS)
        .join(Repeated.sent(places, places.count()), Columns.named(PLACE), "left_anti");
  }

  /**
   * Returns the documents with what was found of them.
   *
   * @param found one row for each document, with {@link #PLACE}; its columns take the place of
   *     those of the same name
   */
  Dataset<Row> with(Dataset<Row> found) {
    JavaRDD<InternalRow> texts = rows.queryExecution().toRdd().toJavaRDD();
    int placeOfText = rows.schema().fieldIndex(PLACE);
    int placeOfFound = found.schema().fieldIndex(PLACE);
    JavaRDD<InternalRow> sorted =
        byPlace(found.queryExecution().toRdd(), placeOfFound, texts.getNumPartitions());
    JavaRDD<InternalRow> both =
        texts.zipPartitions(
            sorted, (left, right) -> new Beside(left, right, placeOfText, placeOfFound));
    List<String> names = List.of(found.columns());
    StructType columns = new StructType();
    List<String> replaced = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      boolean isReplaced = names.contains(field.name());
      String name = isReplaced ? "given_" + field.name() : field.name();
      columns = columns.add(name, field.dataType(), field.nullable());
      if (isReplaced) {
        replaced.add(name);
      }
    }
    for (StructField field : found.schema().fields()) {
      columns = columns.add(field);
    }
    return rows.sparkSession()
        .internalCreateDataFrame(both.rdd(), columns, false)
        .drop(replaced.toArray(String[]::new));
  }

  /** Sends rows to the partitions of their documents, each in the order of places. */
  @SuppressWarnings("unchecked")
  private static JavaRDD<InternalRow> byPlace(RDD<InternalRow> rows, int place, int partitions) {
    ClassTag<InternalRow> row = ClassTag$.MODULE$.apply(InternalRow.class);
    JavaPairRDD<Long, InternalRow> placed =
        rows.toJavaRDD().mapToPair(one -> new Tuple2<>(one.getLong(place), one.copy()));
    ShuffledRDD<Long, InternalRow, InternalRow> sent =
        new ShuffledRDD<>(
            placed.rdd(), new ByPlace(partitions), ClassTag$.MODULE$.apply(Long.class), row, row);
    // Rows are bytes already, to which Java's own serialisation adds as much again.
    SparkConf registered = rows.sparkContext().conf().clone();
    registered.registerKryoClasses(new Class<?>[] {UnsafeRow.class});
    return sent.setSerializer(new KryoSerializer(registered))
        .setKeyOrdering((Ordering<Long>) (Ordering<?>) Ordering.Long$.MODULE$)
        .toJavaRDD()
        .map(Tuple2::_2);
  }

  /** Lays what was found of each document beside it; both are in the order of their places. */
  private record Beside(
      Iterator<InternalRow> texts, Iterator<InternalRow> found, int placeOfText, int placeOfFound)
      implements Iterator<InternalRow> {
    @Override
    public boolean hasNext() {
      return texts.hasNext();
    }

    @Override
    public InternalRow next() {
      InternalRow text = texts.next();
      InternalRow judgement = found.next();
      if (text.getLong(placeOfText) != judgement.getLong(placeOfFound)) {
        throw new IllegalStateException(
            "Nothing was found of the document at place " + text.getLong(placeOfText));
      }
      return new JoinedRow(text, judgement);
    }
  }

  /** Sends each place to the partition that its document lies in. */
  private static final class ByPlace extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int partitions;

    ByPlace(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object place) {
      return (int) ((long) place >>> ROW_BITS);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByPlace that && that.partitions == partitions;
    }

    @Override
    public int hashCode() {
      return partitions;
    }
  }
}
