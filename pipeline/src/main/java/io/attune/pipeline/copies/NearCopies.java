package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.asc_nulls_last;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.storage.ColumnNames;
import io.attune.pipeline.storage.Scratch;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Finds, for each document of a night that shares a key with another, the kept document that it is
 * a near copy of: of an earlier night first, then of this one in the order of documents. Only
 * similarity to the kept document itself counts ({@link Stars}).
 */
final class NearCopies {
  /** Names the column of a document's place in the order of the night. */
  static final String NUMBER = "number";

  static final String SIMILARITY = "similarity";

  /**
   * Names the column of the document that one is a near copy of: {@code id, run} (null for this
   * one), {@code cluster, cluster_since, label_word, declared_split, similarity, is_new}.
   */
  static final String CENTRE = "centre";

  private static final String SINCE_OF_STAR = "since_of_star";

  /** Names the field of a centre that says whether its cluster began this night. */
  static final String IS_NEW = "is_new";

  /** Sets the columns of documents that have a centre. */
  private static final StructType CENTRES =
      new StructType()
          .add(Texts.PLACE, DataTypes.LongType)
          .add(
              CENTRE,
              new StructType()
                  .add(Documents.ID, DataTypes.StringType)
                  .add(Documents.RUN, DataTypes.StringType)
                  .add(CleanDocuments.CLUSTER, DataTypes.StringType)
                  .add(CleanDocuments.CLUSTER_SINCE, DataTypes.TimestampType)
                  .add(Columns.LABEL_WORD, DataTypes.StringType)
                  .add(Documents.DECLARED_SPLIT, DataTypes.StringType)
                  .add(SIMILARITY, DataTypes.DoubleType)
                  .add(IS_NEW, DataTypes.BooleanType));

  private static final StructType JOINED =
      new StructType()
          .add(NUMBER, DataTypes.LongType)
          .add("centre_number", DataTypes.LongType)
          .add(SIMILARITY, DataTypes.DoubleType);

  private static final String BAND = "band";
  private static final String MEMBER = "member";

  private final Dataset<Row> rows;
  private final Texts texts;
  private final History history;
  private final CopiesConfig config;
  private final Scratch scratch;

  /**
   * Prepares a search.
   *
   * @param rows marks with clusters of documents that share a key; persisted
   * @param history null if there is none
   */
  NearCopies(
      Dataset<Row> rows, Texts texts, History history, CopiesConfig config, Scratch scratch) {
    this.rows = rows;
    this.texts = texts;
    this.history = history;
    this.config = config;
    this.scratch = scratch;
  }

  /**
   * Adds {@link #CENTRE} to fit documents that are near copies, and lets those that are not be the
   * centres of clusters with the earliest date of their night's members. Returns nothing if no
   * document is a near copy.
   */
  Optional<Dataset<Row>> find() {
    Dataset<Row> compared = rows.where(Judgement.isFit());
    long number = compared.count();
    if (number == 0) {
      return Optional.empty();
    }
    Dataset<Row> signed = scratch.keep(signed(compared, number));
    Dataset<Row> centres =
        Optional.ofNullable(history)
            .map(known -> EarlierCentres.of(known, bands(signed), gone(), scratch))
            .filter(EarlierCentres::hasCandidates)
            .map(earlier -> earlier.centres(signed, config.similarity()))
            .orElseGet(() -> rows.sparkSession().createDataFrame(List.of(), CENTRES));
    Set<Long> taken = new HashSet<>();
    centres
        .join(signed, Texts.PLACE)
        .select(NUMBER)
        .collectAsList()
        .forEach(row -> taken.add(row.getLong(0)));
    Map<Long, Stars.Joined> joined =
        new NightPairs(signed, config.similarity(), scratch).stars(taken);
    return taken.isEmpty() && joined.isEmpty()
        ? Optional.empty()
        : Optional.of(withCentres(centres.unionByName(tonight(signed, joined))));
  }

  private static Dataset<Row> bands(Dataset<Row> signed) {
    return signed.select(col(Texts.PLACE), explode(col(Signatures.BANDS)).as(BAND));
  }

  /**
   * Numbers documents by their order, and adds their shingles. The order is that of exact copies
   * without a contradiction, but what goes on with a cluster comes before what is new, so that it
   * stays in it.
   */
  private Dataset<Row> signed(Dataset<Row> compared, long number) {
    JavaRDD<Row> numbers =
        compared
            .withColumn(IS_NEW, isNew())
            .select(
                Texts.PLACE,
                Documents.ID,
                Documents.DECLARED_SPLIT,
                Columns.LABEL_WORD,
                Documents.PUBLISHED_AT,
                IS_NEW)
            .orderBy(
                Columns.preference(),
                col(IS_NEW),
                col(Columns.LABEL_WORD).isNull(),
                asc_nulls_last(Documents.PUBLISHED_AT),
                col(Documents.ID))
            .select(Texts.PLACE)
            .javaRDD()
            .zipWithIndex()
            .map(pair -> RowFactory.create(pair._1().getLong(0), pair._2()));
    Dataset<Row> byPlace =
        rows.sparkSession()
            .createDataFrame(
                numbers,
                new StructType()
                    .add(Texts.PLACE, DataTypes.LongType)
                    .add(NUMBER, DataTypes.LongType));
    return texts.signed(compared.select(Texts.PLACE), number).join(byPlace, Texts.PLACE);
  }

  /** Returns the ids of documents of earlier nights that no longer count. */
  private Dataset<Row> gone() {
    return rows.where(col(Columns.CORRECTS).isNotNull())
        .select(Documents.ID)
        .union(
            rows.where(col(Columns.SUPERSEDES).isNotNull())
                .select(col(Columns.SUPERSEDES + "." + Documents.ID)));
  }

  /** Returns the members of the stars of the night: place and centre. */
  private Dataset<Row> tonight(Dataset<Row> signed, Map<Long, Stars.Joined> joined) {
    List<Row> pairs = new ArrayList<>();
    joined.forEach(
        (number, star) -> pairs.add(RowFactory.create(number, star.centre(), star.similarity())));
    Dataset<Row> numbers = signed.select(NUMBER, Texts.PLACE);
    Dataset<Row> members =
        rows.sparkSession()
            .createDataFrame(pairs, JOINED)
            .join(numbers.withColumnRenamed(Texts.PLACE, MEMBER), NUMBER)
            .drop(NUMBER)
            .join(
                numbers.withColumnRenamed(NUMBER, "centre_number"),
                ColumnNames.of("centre_number"));
    return members
        .join(
            rows.where(Judgement.isFit())
                .select(
                    col(Texts.PLACE),
                    col(Documents.ID),
                    col(CleanDocuments.CLUSTER),
                    col(CleanDocuments.CLUSTER_SINCE),
                    col(Columns.LABEL_WORD),
                    col(Documents.DECLARED_SPLIT),
                    isNew().as(IS_NEW)),
            Texts.PLACE)
        .select(
            col(MEMBER).as(Texts.PLACE),
            struct(
                    col(Documents.ID),
                    lit(null).cast("string").as(Documents.RUN),
                    col(CleanDocuments.CLUSTER),
                    col(CleanDocuments.CLUSTER_SINCE),
                    col(Columns.LABEL_WORD),
                    col(Documents.DECLARED_SPLIT),
                    col(SIMILARITY),
                    col(IS_NEW))
                .as(CENTRE));
  }

  /** Adds centres to members, and the date of the whole star to all documents of a new one. */
  private Dataset<Row> withCentres(Dataset<Row> found) {
    Dataset<Row> withCentre = rows.join(found, ColumnNames.of(Texts.PLACE), "left");
    // The copies that are rejected count as well: the text is as old as the oldest of them.
    Dataset<Row> stars =
        withCentre
            .where(col(CENTRE).isNotNull().and(col(CENTRE + ".run").isNull()))
            .groupBy(col(CENTRE + ".cluster").as(CleanDocuments.CLUSTER))
            .agg(min(CleanDocuments.CLUSTER_SINCE).as(SINCE_OF_STAR));
    Column sinceOfCentre =
        when(col(CENTRE).isNull(), col(CleanDocuments.CLUSTER_SINCE))
            .otherwise(col(CENTRE + ".cluster_since"));
    Column isNew = when(col(CENTRE).isNull(), isNew()).otherwise(col(CENTRE + "." + IS_NEW));
    Column since = when(isNew, least(sinceOfCentre, col(SINCE_OF_STAR))).otherwise(sinceOfCentre);
    return withCentre
        .withColumn(
            CleanDocuments.CLUSTER, coalesce(col(CENTRE + ".cluster"), col(CleanDocuments.CLUSTER)))
        .join(stars, ColumnNames.of(CleanDocuments.CLUSTER), "left")
        .withColumn(CleanDocuments.CLUSTER_SINCE, since)
        .withColumn(CleanDocuments.CLUSTER_SIMILARITY, col(CENTRE + "." + SIMILARITY))
        .drop(SINCE_OF_STAR);
  }

  /** Returns whether a document begins a cluster rather than going on with that of another. */
  private static Column isNew() {
    return col(Columns.CORRECTS).isNull().and(col(Columns.SUPERSEDES).isNull());
  }

  /** Rejects near copies that are not to be kept. */
  static Dataset<Row> judge(Dataset<Row> rows, CopiesConfig config) {
    Column declared = col(Documents.DECLARED_SPLIT);
    Column isPublishedTest =
        coalesce(declared.isin(Split.TEST.word(), Split.VALIDATION.word()), lit(false));
    Column isKept =
        declared
            .eqNullSafe(col(CENTRE + "." + Documents.DECLARED_SPLIT))
            .and(
                lit(config.near() == CopiesConfig.Near.KEEP)
                    .or(isPublishedTest)
                    .or(
                        Columns.addsTo(
                            col(Columns.LABEL_WORD), col(CENTRE + "." + Columns.LABEL_WORD))));
    Column detail =
        concat(
            lit("nearly the text of document "),
            col(CENTRE + "." + Documents.ID),
            coalesce(concat(lit(" of run "), col(CENTRE + "." + Documents.RUN)), lit("")),
            lit(": Jaccard similarity "),
            round(col(CENTRE + "." + SIMILARITY), 3));
    return Judgement.reject(
        rows, col(CENTRE).isNotNull().and(not(isKept)), lit(Judgement.NEAR_DUPLICATE), detail);
  }

  /** Returns the Jaccard similarity of two columns of shingles. */
  static Column jaccard(Column one, Column other) {
    UDF2<byte[], byte[], Double> jaccard = Shingles::jaccard;
    return udf(jaccard, DataTypes.DoubleType).apply(one, other);
  }
}
