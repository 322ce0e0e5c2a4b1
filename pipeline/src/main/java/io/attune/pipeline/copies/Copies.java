package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.JobDescription;
import io.attune.pipeline.storage.Scratch;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Signatures;
import io.attune.schemas.table.TableSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Judges which documents of a night are used, given copies among them and in earlier nights, and
 * corrections. To be closed when all has been written.
 */
public final class Copies implements AutoCloseable {
  private static final String EARLIER = "earlier";
  private static final String SUPERSEDED = "superseded";
  private static final String FOUND = "found";
  private static final String IS_CORRECTION = "is_correction";

  private final Scheme scheme;
  private final Scratch scratch;
  private final Texts texts;
  private final ReadAgain.Gone gone;
  private final Dataset<Row> judged;
  private final Dataset<Row> found;
  private final List<Row> outcomes;

  private Copies(Kept kept, ReadAgain.Gone gone, Dataset<Row> judged, Dataset<Row> others) {
    this.scheme = kept.scheme();
    this.scratch = kept.scratch();
    this.texts = kept.texts();
    this.gone = gone;
    this.judged = judged;
    this.found = found(judged);
    this.outcomes = CopyCounts.outcomes(judged, others);
  }

  /** Prepares documents as they were read for {@link #of}, before their texts are normalised. */
  public static Dataset<Row> prepared(Dataset<Row> documents) {
    return Corrections.withMadeIds(documents);
  }

  /**
   * Judges the documents of a run against each other and all other runs.
   *
   * @param validated documents with the columns of {@link Documents}, {@link Judgement#REASON} and
   *     {@link Judgement#DETAIL}, made of {@link #prepared} ones; other columns are kept
   * @throws Failure.BadInput if copies of one text are more of a source than {@code max-share}
   */
  public static Copies of(Tables tables, String run, Dataset<Row> validated, CopiesConfig config) {
    return of(new Night(tables, run, Set.of()), validated, config);
  }

  /**
   * Names what the documents of a run are compared with.
   *
   * @param readAgain files whose documents of other runs no longer count
   */
  public record Night(Tables tables, String run, Set<String> readAgain) {
    /** Returns and keeps the rows that no longer count. */
    private ReadAgain.Gone gone(Scratch scratch) {
      Dataset<Row> rows = ReadAgain.rows(tables, run, readAgain);
      return new ReadAgain.Gone(run, rows == null ? null : scratch.keep(rows));
    }
  }

  /** Holds what is needed until all has been written. */
  private record Kept(Scheme scheme, Scratch scratch, Texts texts) {}

  /**
   * Judges the documents of a run that may read files again, as {@link #of(Tables, String, Dataset,
   * CopiesConfig)} does.
   */
  public static Copies of(Night night, Dataset<Row> validated, CopiesConfig config) {
    String run = night.run();
    Tables tables = night.tables();
    Scheme scheme = Scheme.of(config);
    Scratch scratch = new Scratch();
    try {
      Texts texts = Texts.keep(validated, scheme, scratch);
      Dataset<Row> counts = scratch.keep(texts.counts());
      long number =
          during(
              validated,
              "clean: normalise texts and compute their keys",
              () -> CopyCounts.records(counts));
      NightKeys keys = new NightKeys(texts.keys(), number, scheme, scratch);
      ReadAgain.Gone gone = night.gone(scratch);
      History history =
          during(
              validated,
              "clean: read signatures of earlier runs",
              () -> History.without(gone.rows(), History.before(run, tables, scheme, keys)));
      Dataset<Row> compared = keys.shared(history);
      long suspects = during(validated, "clean: find documents that share a key", compared::count);
      Dataset<Row> marks = scratch.keep(texts.marks(compared, suspects));
      Dataset<Row> others = scratch.keep(CopyCounts.without(marks, counts));
      CopyGuard guard = new CopyGuard(texts, others, config);
      Comparison comparison = new Comparison(texts, history, config, scratch);
      Dataset<Row> exact =
          during(
              validated,
              "clean: find corrections and exact copies",
              () -> comparison.exact(marks, guard));
      Dataset<Row> judged =
          during(validated, "clean: find near copies", () -> comparison.near(exact, guard));
      return during(
          validated,
          "clean: count copies",
          () -> new Copies(new Kept(scheme, scratch, texts), gone, judged, others));
    } catch (RuntimeException | Error e) {
      scratch.close();
      throw e;
    }
  }

  private static <T> T during(
      Dataset<Row> rows, String work, JobDescription.Work<T, RuntimeException> body) {
    return JobDescription.during(rows.sparkSession(), work, body);
  }

  /** Returns the documents as they were given. */
  public Dataset<Row> given() {
    return texts.rows();
  }

  /**
   * Returns all documents, each with the reason if it is not to be used.
   *
   * @param columns of those that were given
   */
  public Dataset<Row> judged(List<String> columns) {
    return documents(columns).drop(FOUND);
  }

  /**
   * Returns the documents that are not to be used, as they were given but for the reason.
   *
   * @param columns of those that were given
   */
  public Dataset<Row> rejected(List<String> columns) {
    return judged(columns).where(not(Judgement.isFit()));
  }

  /**
   * Returns how many documents of each corpus were judged how: corpus, {@link Judgement#REASON},
   * {@link CopyCounts#RECORDS}, {@link CopyCounts#FIRST}.
   */
  public List<Row> outcomes() {
    return outcomes;
  }

  /**
   * Returns the rows of {@link CleanDocuments}: fit documents, and for a rejected correction a row
   * without a text, which ends what it corrects; likewise for each document of an earlier run in a
   * file that is read again.
   */
  public Dataset<Row> clean() {
    return gone.endedIn(own());
  }

  private Dataset<Row> own() {
    Dataset<Row> documents = documents(given(CleanDocuments.SCHEMA));
    Column counts = Judgement.isFit().or(coalesce(col(FOUND + "." + IS_CORRECTION), lit(false)));
    Column[] columns =
        Arrays.stream(CleanDocuments.SCHEMA.columns().fieldNames())
            .map(name -> isOfMark(name) ? col(name) : when(Judgement.isFit(), col(name)).as(name))
            .toArray(Column[]::new);
    return documents
        .withColumn(CleanDocuments.REPLACES, col(FOUND + "." + CleanDocuments.REPLACES))
        .where(counts)
        .select(columns);
  }

  /** Returns the rows of {@link Signatures}. */
  public Dataset<Row> signatures() {
    List<String> columns = given(Signatures.SCHEMA);
    columns.remove(Signatures.LABELS); // of documents a map
    columns.add(Columns.LABEL_WORD);
    return History.of(documents(columns).where(Judgement.isFit()), scheme);
  }

  /**
   * Returns all documents with what was found of them: of those that were not compared with others
   * what holds for a text that no other is a copy of.
   */
  private Dataset<Row> documents(List<String> columns) {
    Set<String> wanted = new LinkedHashSet<>(columns);
    wanted.addAll(
        List.of(Documents.ID, Documents.PUBLISHED_AT, Judgement.REASON, Judgement.DETAIL));
    Column isFound = col(FOUND).isNotNull();
    Dataset<Row> documents = texts.with(found, List.copyOf(wanted));
    return documents
        .withColumn(Judgement.REASON, either(isFound, Judgement.REASON, col(Judgement.REASON)))
        .withColumn(Judgement.DETAIL, either(isFound, Judgement.DETAIL, col(Judgement.DETAIL)))
        .withColumn(
            CleanDocuments.CLUSTER, either(isFound, CleanDocuments.CLUSTER, col(Documents.ID)))
        .withColumn(
            CleanDocuments.CLUSTER_SINCE,
            either(isFound, CleanDocuments.CLUSTER_SINCE, col(Documents.PUBLISHED_AT)))
        .withColumn(
            CleanDocuments.CLUSTER_SIMILARITY,
            col(FOUND + "." + CleanDocuments.CLUSTER_SIMILARITY));
  }

  private static Column either(Column isFound, String column, Column otherwise) {
    return when(isFound, col(FOUND + "." + column)).otherwise(otherwise);
  }

  /** Returns the columns of a table that documents had before they were compared. */
  private List<String> given(TableSchema table) {
    List<String> given = new ArrayList<>(List.of(table.columns().fieldNames()));
    given.retainAll(List.of(texts.rows().columns()));
    return given;
  }

  /** Returns, of each document that was compared, what is written of it, in one column. */
  private static Dataset<Row> found(Dataset<Row> judged) {
    return judged
        .withColumn(SUPERSEDED, when(Judgement.isFit(), col(Columns.SUPERSEDES)))
        .select(
            col(Texts.PLACE),
            struct(
                    col(Judgement.REASON),
                    col(Judgement.DETAIL),
                    col(CleanDocuments.CLUSTER),
                    col(CleanDocuments.CLUSTER_SINCE),
                    col(CleanDocuments.CLUSTER_SIMILARITY),
                    replaces().as(CleanDocuments.REPLACES),
                    col(Columns.CORRECTS).isNotNull().as(IS_CORRECTION))
                .as(FOUND));
  }

  private static boolean isOfMark(String column) {
    return switch (column) {
      case Documents.ID,
          Documents.CORPUS,
          Documents.RUN,
          Documents.FILE,
          Documents.LINE,
          CleanDocuments.REPLACES ->
          true;
      default -> false;
    };
  }

  /** Returns what a row takes the place of; what has its text only where it is used itself. */
  private static Column replaces() {
    Column both =
        expr(
            "filter(array(named_struct('id', %1$s.id, 'run', %1$s.run), named_struct('id', %2$s.id, 'run', %2$s.run)), r -> r.id IS NOT NULL)"
                .formatted(Columns.CORRECTS, SUPERSEDED));
    return when(size(both).gt(0), both);
  }

  /** Returns the rows of earlier runs that no longer count, as {@link Rejects}. */
  public Dataset<Row> replaced(String run, String stage) {
    Column record =
        concat(lit("document "), col(EARLIER + ".id"), lit(" of run "), col(EARLIER + ".run"));
    Column by = concat(lit(" by "), col(Documents.FILE), lit(", line "), col(Documents.LINE));
    Dataset<Row> corrected =
        judged
            .where(col(Columns.CORRECTS).isNotNull())
            .withColumn(EARLIER, col(Columns.CORRECTS))
            .withColumn("why", lit(Judgement.REPLACED))
            .withColumn("how", concat(record, lit(" is corrected"), by));
    Dataset<Row> superseded =
        judged
            .where(Judgement.isFit().and(col(Columns.SUPERSEDES).isNotNull()))
            .withColumn(EARLIER, col(Columns.SUPERSEDES))
            .withColumn(
                "why",
                when(col(Columns.CONFLICT).isNotNull(), Judgement.LABEL_CONFLICT)
                    .otherwise(Judgement.REPLACED))
            .withColumn(
                "how",
                concat(
                    record,
                    lit(" has the same text as document "),
                    col(Documents.ID),
                    coalesce(
                        concat(lit(", with another label: "), col(Columns.CONFLICT)),
                        lit(", which has labels"))));
    return rejects(corrected, run, stage).unionByName(rejects(superseded, run, stage));
  }

  private static Dataset<Row> rejects(Dataset<Row> rows, String run, String stage) {
    return rows.select(
        lit(run).as(Rejects.RUN),
        lit(stage).as(Rejects.STAGE),
        col(EARLIER + ".corpus").as(Rejects.CORPUS),
        col(EARLIER + ".file").as(Rejects.FILE),
        col(EARLIER + ".line").as(Rejects.LINE),
        lit(null).cast("string").as(Rejects.FIELD),
        col("why").as(Rejects.REASON),
        col("how").as(Rejects.DETAIL),
        lit(null).cast("string").as(Rejects.RECORD));
  }

  /** Returns how many documents of earlier runs the night takes the place of by reading again. */
  public long readAgain() {
    return gone.number();
  }

  /** Counts what became of the documents. */
  public CopyCounts counts() {
    return CopyCounts.of(outcomes);
  }

  @Override
  public void close() {
    scratch.close();
  }
}
