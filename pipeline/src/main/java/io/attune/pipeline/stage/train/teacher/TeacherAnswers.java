package io.attune.pipeline.stage.train.teacher;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.attune.neural.EveryJvm;
import io.attune.neural.network.DistilConfig;
import io.attune.pipeline.JobDescription;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.stage.train.data.RowTargets;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Staging;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Manifest.FileEntry;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardIndex.Shard;
import io.attune.schemas.shard.ShardRows;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Keeps a teacher's answers to the train split in {@code teacher} of the run's folder while its
 * student trains: they never change, so the teacher is asked once and not in every epoch.
 */
public final class TeacherAnswers {
  /** Names the column of targets. */
  public static final String TARGETS = "targets";

  private static final String FOLDER = "teacher";
  private static final String WRITTEN = "written";

  private final StageContext context;
  private final String path;
  private final Source source;
  private final DistilConfig config;

  /**
   * Describes who is asked about what.
   *
   * @param folder absolute path of the dataset
   * @param identity SHA-256 of its index
   * @param provenance of what is made of the dataset and the teacher
   */
  public record Source(
      String folder, String identity, ShardIndex index, Teacher teacher, Provenance provenance) {

    AnswerIndex describe() {
      return new AnswerIndex(
          AnswerIndex.VERSION,
          identity,
          teacher.choice().teacher(),
          teacher.choice().seal(),
          teacher.files().labels().heads().stream().map(head -> head.classes().size()).toList());
    }

    List<Shard> shards() {
      return index.of(Split.TRAIN);
    }

    long rows() {
      return index.rows(Split.TRAIN);
    }

    /** Reads the shards. */
    Dataset<Row> read(SparkSession spark) {
      return spark
          .read()
          .parquet(
              shards().stream().map(shard -> folder + "/" + shard.file()).toArray(String[]::new));
    }

    /** Reads one row for each text: one with several windows has the same answer in all of them. */
    Dataset<Row> firstRows(SparkSession spark) {
      Dataset<Row> rows = read(spark);
      return index.hasWindows() ? rows.where(col(ShardRows.WINDOW).equalTo(0)) : rows;
    }
  }

  public TeacherAnswers(StageContext context, Source source, DistilConfig config) {
    this.context = context;
    this.source = source;
    this.config = config;
    path = path(context);
  }

  /** Returns the targets of rows; asks the teacher, unless an earlier attempt at the run did. */
  public RowTargets targets() {
    return asked();
  }

  /**
   * Returns the targets of the documents of the train split: columns {@code id} and {@link
   * #TARGETS}, the target of each class of all heads one after the other, NaN for a head of which
   * nothing is known. Asks like {@link #targets}.
   */
  public Dataset<Row> byDocument() {
    TeacherTargets targets = asked();
    SerializableConfiguration files =
        new SerializableConfiguration(context.spark().sparkContext().hadoopConfiguration());
    UDF3<String, Long, Seq<Integer>, float[]> mixed =
        (file, row, labels) ->
            targets.of(
                AnswerCache.open(targets, TeacherTargets.file(file), files.value())
                    .row(Math.toIntExact(row), targets.width()),
                JavaConverters.seqAsJavaList(labels).stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
    return source
        .firstRows(context.spark())
        .select(
            col(TokenRows.ID),
            udf(mixed, DataTypes.createArrayType(DataTypes.FloatType, false))
                .apply(
                    col("_metadata.file_name"), col("_metadata.row_index"), col(TokenRows.LABELS))
                .as(TARGETS));
  }

  private TeacherTargets asked() {
    AnswerIndex index = source.describe();
    if (!isThere(index)) {
      context.artefacts().retire(path);
      context.artefacts().publish(path, source.provenance(), this::write);
    }
    return new TeacherTargets(
        context.storage().resolve(path).toString(),
        context.artefacts().manifest(path).seal(),
        index.classes(),
        config.weight(),
        config.temperature());
  }

  /** Removes the answers of a run, if a training that was killed at its very end left them. */
  public static void removeLeft(StageContext context) {
    context.artefacts().retire(path(context));
  }

  private static String path(StageContext context) {
    return context.run().folder() + "/" + FOLDER;
  }

  /** Removes the answers; they are of no use after the training. */
  public void retire() {
    context.artefacts().retire(path);
    EveryJvm.run(
        JavaSparkContext.fromSparkContext(context.spark().sparkContext()), AnswerCache::clear);
  }

  private boolean isThere(AnswerIndex index) {
    if (!context.artefacts().isPublished(path)) {
      return false;
    }
    try {
      Artefact found = context.artefacts().open(path);
      if (!found.json(AnswerIndex.FILE_NAME, AnswerIndex.class).equals(index)) {
        return false;
      }
      List<String> files =
          source.shards().stream().map(shard -> TeacherTargets.file(shard.file())).toList();
      var unused =
          JobDescription.during(
              context.spark(),
              "train: verify %d files of answers".formatted(files.size()),
              () -> found.verify(context.spark(), files));
      return true;
    } catch (Failure.BadInput e) {
      context.progress().warn("the teacher is asked again: " + e.getMessage());
      return false;
    }
  }

  private Map<String, Long> write(Staging staging) throws IOException {
    Questions questions = new Questions(context, source);
    List<AnswerFile> files =
        JobDescription.during(
            context.spark(),
            "train: ask the teacher %s about %d rows"
                .formatted(source.teacher().version(), source.rows()),
            () -> questions.ask(staging.resolve(WRITTEN).toString()));
    for (AnswerFile file : files) {
      staging.move(WRITTEN + "/" + file.written(), file.file());
      staging.measured(new FileEntry(file.file(), file.bytes(), file.sha256()));
    }
    staging.remove(WRITTEN); // with what tasks left that were run again
    staging.write(AnswerIndex.FILE_NAME, Json.pretty(source.describe()));
    return Map.of("rows", source.rows(), "files", (long) files.size());
  }
}
