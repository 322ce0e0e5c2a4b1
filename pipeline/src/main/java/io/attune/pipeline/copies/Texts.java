package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.substring;

import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Holds the documents of a night where they were prepared. Only marks of them, which say what they
 * are compared by, travel between executors; what comes of the comparison travels back, and a text
 * never moves.
 */
final class Texts {
  /** Names the column that says where a document lies: its partition, then its row there. */
  static final String PLACE = "place_of_document";

  private static final int START_CHARACTERS = 120;
  private static final int ROW_BITS = 40;

  /** Sets up to how many places are sent to every executor: about 10 MB. */
  private static final long MAX_BROADCAST = 1_000_000;

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
    Dataset<Row> kept =
        scratch.keep(
            Columns.withBands(validated, scheme, Judgement.isFit()).drop(Columns.SHINGLES));
    JavaRDD<Row> placed =
        kept.javaRDD().mapPartitionsWithIndex((partition, rows) -> placed(partition, rows), true);
    return new Texts(
        kept.sparkSession()
            .createDataFrame(placed, kept.schema().add(PLACE, DataTypes.LongType, false)));
  }

  private static Iterator<Row> placed(int partition, Iterator<Row> rows) {
    return new Iterator<>() {
      private long place = (long) partition << ROW_BITS;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        Row row = rows.next();
        Object[] values = new Object[row.size() + 1];
        for (int i = 0; i < row.size(); i++) {
          values[i] = row.get(i);
        }
        values[row.size()] = place++;
        return RowFactory.create(values);
      }
    };
  }

  /** Returns the documents as they were given. */
  Dataset<Row> rows() {
    return rows.drop(PLACE, Signatures.BANDS);
  }

  /** Returns what documents are compared by: neither texts nor bands. */
  Dataset<Row> marks() {
    return Columns.withKeys(rows)
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
    Dataset<Row> wanted = number <= MAX_BROADCAST ? broadcast(places) : places;
    return Columns.withShingles(rows.join(wanted, Columns.named(PLACE), "left_semi"))
        .select(PLACE, Signatures.BANDS, Columns.SHINGLES);
  }

  /**
   * Returns the documents with what was found of them.
   *
   * @param found one row for each document, with {@link #PLACE}; its columns take the place of
   *     those of the same name
   */
  Dataset<Row> with(Dataset<Row> found) {
    JavaRDD<Row> texts = rows.javaRDD();
    int place = found.schema().fieldIndex(PLACE);
    JavaRDD<Row> sorted =
        found
            .javaRDD()
            .mapToPair(row -> new Tuple2<>(row.getLong(place), flat(row)))
            .repartitionAndSortWithinPartitions(new ByPlace(texts.getNumPartitions()))
            .values();
    Merge merge = Merge.of(rows.schema(), found.schema());
    return rows.sparkSession().createDataFrame(texts.zipPartitions(sorted, merge), merge.columns());
  }

  /** Returns a row that does not carry its schema from executor to executor. */
  private static Row flat(Row row) {
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    return RowFactory.create(values);
  }

  /**
   * Puts each document beside what was found of it, both in the order of their places.
   *
   * @param kept columns of the document that are not among those found
   */
  private record Merge(int place, int placeOfFound, int[] kept, StructType columns)
      implements FlatMapFunction2<Iterator<Row>, Iterator<Row>, Row> {
    static Merge of(StructType given, StructType found) {
      List<String> names = List.of(found.fieldNames());
      int[] kept =
          IntStream.range(0, given.size())
              .filter(i -> !names.contains(given.fields()[i].name()))
              .toArray();
      List<StructField> columns = new ArrayList<>();
      Arrays.stream(kept).forEach(i -> columns.add(given.fields()[i]));
      columns.addAll(List.of(found.fields()));
      return new Merge(
          given.fieldIndex(PLACE),
          found.fieldIndex(PLACE),
          kept,
          new StructType(columns.toArray(StructField[]::new)));
    }

    @Override
    public Iterator<Row> call(Iterator<Row> documents, Iterator<Row> found) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return documents.hasNext();
        }

        @Override
        public Row next() {
          return merged(documents.next(), found.next());
        }
      };
    }

    private Row merged(Row document, Row found) {
      if (document.getLong(place) != found.getLong(placeOfFound)) {
        throw new IllegalStateException(
            "Nothing was found of the document at place " + document.getLong(place));
      }
      Object[] values = new Object[columns.size()];
      for (int i = 0; i < kept.length; i++) {
        values[i] = document.get(kept[i]);
      }
      for (int i = 0; i < found.size(); i++) {
        values[kept.length + i] = found.get(i);
      }
      return RowFactory.create(values);
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
