package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;

import io.attune.pipeline.storage.ColumnNames;
import io.attune.pipeline.storage.Scratch;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.functions;
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

  private static final String PLACE_OF_FOUND = "place_of_found";
  private static final int START_CHARACTERS = 120;

  private final Dataset<Row> rows;

  private Texts(Dataset<Row> rows) {
    this.rows = rows;
  }

  /**
   * Keeps documents with what they are compared by.
   *
   * @param validated with normalised texts
   */
  static Texts keep(Dataset<Row> validated, Scheme scheme, Scratch scratch) {
    return new Texts(scratch.keepInPlaces(TextKeys.added(validated, scheme), PLACE));
  }

  /** Returns all documents as they were given, with their keys and places. */
  Dataset<Row> rows() {
    return rows;
  }

  /** Returns the fit documents' places and keys, as {@link DocumentKeys#columns}. */
  Dataset<Row> keys() {
    return DocumentKeys.columns(rows.where(Judgement.isFit()));
  }

  /**
   * Returns of some documents what they are compared by: neither texts nor bands.
   *
   * @param number of places
   */
  Dataset<Row> marks(Dataset<Row> places, long number) {
    return at(places, number)
        .select(
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

  /**
   * Counts all documents by corpus, source and {@link Judgement#REASON}, with the first of each:
   * {@link CopyCounts#RECORDS}, {@link CopyCounts#FIRST}.
   */
  Dataset<Row> counts() {
    return rows.groupBy(Documents.CORPUS, Documents.SOURCE, Judgement.REASON)
        .agg(
            count(lit(1)).as(CopyCounts.RECORDS),
            min(struct(Documents.FILE, Documents.LINE, Judgement.DETAIL)).as(CopyCounts.FIRST));
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
    return Columns.withShingles(at(places, number))
        .select(PLACE, Signatures.BANDS, Columns.SHINGLES);
  }

  private Dataset<Row> at(Dataset<Row> places, long number) {
    return rows.join(Columns.sent(places, number), ColumnNames.of(PLACE), "left_semi");
  }

  /**
   * Returns the documents with what was found of them.
   *
   * @param found with {@link #PLACE}, of documents of which something was found, one row each; null
   *     in the others. Its columns have other names than those of the documents.
   * @param columns of the documents that are asked for
   */
  Dataset<Row> with(Dataset<Row> found, List<String> columns) {
    Column[] wanted =
        Stream.concat(Stream.of(PLACE), columns.stream())
            .map(functions::col)
            .toArray(Column[]::new);
    Dataset<Row> texts = rows.select(wanted);
    Dataset<Row> judged = found.withColumnRenamed(PLACE, PLACE_OF_FOUND);
    JavaRDD<InternalRow> left = texts.queryExecution().toRdd().toJavaRDD();
    int placeOfFound = judged.schema().fieldIndex(PLACE_OF_FOUND);
    int width = judged.schema().size();
    JavaRDD<InternalRow> right =
        byPlace(judged.queryExecution().toRdd(), placeOfFound, left.getNumPartitions());
    JavaRDD<InternalRow> both =
        left.zipPartitions(right, (some, others) -> new Beside(some, others, placeOfFound, width));
    StructType schema = texts.schema();
    for (StructField field : judged.schema().fields()) {
      schema = schema.add(field.name(), field.dataType(), true);
    }
    return rows.sparkSession()
        .internalCreateDataFrame(both.rdd(), schema, false)
        .drop(PLACE_OF_FOUND);
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

  /** Lays what was found of a document beside it; both are in the order of their places. */
  private static final class Beside implements Iterator<InternalRow> {
    private final Iterator<InternalRow> texts;
    private final Iterator<InternalRow> found;
    private final int placeOfFound;
    private final InternalRow nothing;
    private final JoinedRow both = new JoinedRow();
    private InternalRow next;

    Beside(Iterator<InternalRow> texts, Iterator<InternalRow> found, int placeOfFound, int width) {
      this.texts = texts;
      this.found = found;
      this.placeOfFound = placeOfFound;
      this.nothing = new GenericInternalRow(width);
      this.next = found.hasNext() ? found.next() : null;
    }

    @Override
    public boolean hasNext() {
      if (!texts.hasNext() && next != null) {
        throw new IllegalStateException(
            "There is no document at place " + next.getLong(placeOfFound));
      }
      return texts.hasNext();
    }

    @Override
    public InternalRow next() {
      InternalRow text = texts.next();
      if (next == null || next.getLong(placeOfFound) != text.getLong(0)) {
        return both.apply(text, nothing);
      }
      both.apply(text, next);
      next = found.hasNext() ? found.next() : null;
      return both;
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
      return Scratch.partitionOf((long) place);
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
