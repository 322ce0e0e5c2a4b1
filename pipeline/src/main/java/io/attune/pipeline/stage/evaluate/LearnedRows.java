package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Finds which models were trained or validated on which test rows.
 *
 * <p>The table of token rows tells the documents behind each model, by the run that made its
 * dataset: those of the train and of the validation split. A test row is learned if it has the id,
 * the letters and digits, or the cluster of near copies of such a document in any of its versions.
 * No test row has an id that tonight's own models were trained on: of these models the learned rows
 * are those with a copy in training.
 */
final class LearnedRows {
  /** Names the column that lists the models, by their names in the evaluation. */
  static final String LEARNED_BY = "learned_by";

  private static final String NO_MODEL = "array<string>";
  private static final String KEY = "key";
  private static final String MODEL = "model";

  /** Sets up to how many test rows their keys are sent to every executor: about 30 MB. */
  private static final long MAX_BROADCAST = 300_000;

  private static final StructType MODELS =
      new StructType().add(TokenRows.RUN, DataTypes.StringType).add(MODEL, DataTypes.StringType);

  private final StageContext context;
  private final TestedDataset dataset;
  private final Map<String, String> runs; // by model

  private LearnedRows(StageContext context, TestedDataset dataset, Map<String, String> runs) {
    this.context = context;
    this.dataset = dataset;
    this.runs = runs;
  }

  /**
   * Prepares a search.
   *
   * @param versions by model
   */
  static LearnedRows of(StageContext context, TestedDataset dataset, Map<String, String> versions) {
    Set<String> known = context.tables().runs(TokenRows.SCHEMA);
    Map<String, String> runs = new HashMap<>();
    versions.forEach(
        (model, version) -> {
          Run run = Run.ofVersion(context.run().task(), version);
          String tokenized = known.contains(run.id()) ? run.id() : tokenizedBy(context, run);
          if (known.contains(tokenized)) {
            runs.put(model, tokenized);
          }
        });
    return new LearnedRows(context, dataset, runs);
  }

  /**
   * Returns the run that made the dataset of a run, and with it the token rows: another one where
   * the dataset was taken over.
   */
  private static String tokenizedBy(StageContext context, Run run) {
    return context.artefacts().isPublished(run.dataset())
        ? context.artefacts().manifest(run.dataset()).provenance().run()
        : run.id();
  }

  /** Returns whether the documents behind a model are known. */
  boolean knows(String model) {
    return runs.containsKey(model);
  }

  /** Adds {@link #LEARNED_BY} to rows that are not tested: nobody. */
  static Dataset<Row> addNone(Dataset<Row> rows) {
    return rows.withColumn(LEARNED_BY, array().cast(NO_MODEL));
  }

  /** Adds {@link #LEARNED_BY} to the rows of the test split. */
  Dataset<Row> add(Dataset<Row> test) {
    if (runs.isEmpty()) {
      return addNone(test);
    }
    Dataset<Row> documents = keys();
    Dataset<Row> ids =
        DatasetRows.ids(
            context.spark(), dataset.files().location().toString(), dataset.index(), Split.TEST);
    Dataset<Row> tested = documents.join(sent(ids), TokenRows.ID);
    Dataset<Row> learned =
        documents
            .join(sent(tested.select(KEY).distinct()), KEY)
            .join(learnedDocuments(), TokenRows.ID)
            .select(KEY, MODEL)
            .distinct();
    Dataset<Row> byId =
        tested
            .join(learned, KEY)
            .groupBy(TokenRows.ID)
            .agg(sort_array(collect_set(MODEL)).as(LEARNED_BY));
    return test.join(byId, new String[] {TokenRows.ID}, "left")
        .withColumn(LEARNED_BY, coalesce(col(LEARNED_BY), array().cast(NO_MODEL)));
  }

  private Dataset<Row> sent(Dataset<Row> rows) {
    return dataset.index().texts(Split.TEST) <= MAX_BROADCAST ? broadcast(rows) : rows;
  }

  /** Returns the documents behind each model: id and model. */
  private Dataset<Row> learnedDocuments() {
    List<Row> models = new ArrayList<>();
    runs.forEach((model, run) -> models.add(RowFactory.create(run, model)));
    return context
        .tables()
        .readAt(TokenRows.SCHEMA, dataset.tokens())
        .where(col(TokenRows.RUN).isin(new HashSet<>(runs.values()).toArray()))
        .where(not(col(TokenRows.SPLIT).equalTo(Split.TEST.word())))
        .select(TokenRows.ID, TokenRows.RUN)
        .distinct()
        .join(broadcast(context.spark().createDataFrame(models, MODELS)), TokenRows.RUN)
        .select(TokenRows.ID, MODEL);
  }

  /**
   * Returns the keys of all documents in all versions: id and key. Two documents share a key if
   * they have the same id, the same letters, digits and signs, or the same cluster. Signatures hold
   * them for rows of earlier versions too, but not while some run has none.
   */
  private Dataset<Row> keys() {
    Tables tables = context.tables();
    boolean isSigned =
        tables.runs(Signatures.SCHEMA).containsAll(tables.runs(CleanDocuments.SCHEMA));
    Dataset<Row> documents =
        isSigned
            ? tables.read(Signatures.SCHEMA)
            : tables
                .readAt(CleanDocuments.SCHEMA, dataset.index().documents())
                .where(CurrentDocuments.isDocument());
    String text = CleanDocuments.TEXT_HASH;
    String cluster = CleanDocuments.CLUSTER;
    return documents
        .select(
            col(Documents.ID),
            explode(array(hash("id", Documents.ID), hash("id", cluster), hash("text", text)))
                .as(KEY))
        .where(col(KEY).isNotNull());
  }

  private static Column hash(String kind, String value) {
    return when(col(value).isNotNull(), xxhash64(lit(kind), col(value)));
  }

  /** Returns whether a model learned a row, as its own column says. */
  static Column isLearnedBy(String model) {
    return array_contains(col(LEARNED_BY), model);
  }

  /** Returns whether one of tonight's models has learned from a copy of a row. */
  static Column isCopied() {
    return isLearnedBy(Evaluation.CANDIDATE);
  }
}
