package io.attune.pipeline.stage.train.teacher;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.struct;

import io.attune.neural.EveryJvm;
import io.attune.neural.NativeThreads;
import io.attune.pipeline.CountedJob;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.stage.train.teacher.AnswerFile.Rows;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.shard.ShardIndex.Shard;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Asks a teacher about every document of the train split, labelled or not, and writes its answers
 * in the order of the shards, one for each row. Texts of similar length share a batch, as in {@link
 * DatasetRows#forAnswers}; which ones depends on the rows alone, so that the answers are the same
 * to the bit on any cluster.
 */
record Questions(StageContext context, TeacherAnswers.Source source) {
  private static final String FILE = "file";
  private static final String ROW = "row";
  private static final String PLACES = "places";

  /**
   * Holds what all tasks have in common.
   *
   * @param folder absolute path where they write
   */
  private record Job(
      ModelFiles teacher, List<Rows> shards, String folder, SerializableConfiguration files)
      implements Serializable {
    private static final long serialVersionUID = 1;

    Map<String, Integer> numbers() {
      return shards.stream()
          .collect(Collectors.toMap(shard -> new Path(shard.file()).getName(), Rows::number));
    }
  }

  /** Puts the answers to a shard into one partition. */
  private static final class ByShard extends Partitioner {
    private static final long serialVersionUID = 1;
    private final int shards;

    ByShard(int shards) {
      this.shards = shards;
    }

    @Override
    public int numPartitions() {
      return shards;
    }

    @Override
    public int getPartition(Object place) {
      return Rows.shard((Long) place);
    }
  }

  /**
   * Asks, in one Spark job.
   *
   * @param folder absolute path to write to
   * @throws Failure.BadInput if the text of a row is gone
   */
  List<AnswerFile> ask(String folder) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    CountedJob count =
        CountedJob.of(
            context.spark(),
            source.rows(),
            "%s answers %,d rows".formatted(source.teacher().version(), source.rows()));
    LongAccumulator done = count.done();
    Broadcast<Job> shared = spark.broadcast(job(spark, folder));
    try {
      JavaRDD<AnswerFile> files =
          texts()
              .javaRDD()
              .mapPartitionsToPair(part -> answers(part, shared.value(), done))
              .repartitionAndSortWithinPartitions(new ByShard(source.shards().size()))
              .mapPartitionsWithIndex(
                  (shard, answers) -> write(shard, answers, shared.value()), true);
      return count.during(context.progress(), files::collect);
    } finally {
      shared.destroy();
      EveryJvm.run(spark, Classifier::forget); // the student's training needs the memory
    }
  }

  private Job job(JavaSparkContext spark, String folder) {
    List<Rows> shards = new ArrayList<>();
    for (Shard shard : source.shards()) {
      shards.add(new Rows(shards.size(), shard.file(), shard.rows()));
    }
    return new Job(
        source.teacher().files(),
        List.copyOf(shards),
        folder,
        new SerializableConfiguration(spark.hadoopConfiguration()));
  }

  /** Returns the texts, each with the files and the numbers of its rows in them. */
  private Dataset<Row> texts() {
    Dataset<Row> places =
        source
            .read(context.spark())
            .select(
                col(TokenRows.ID),
                col("_metadata.file_name").as(FILE),
                col("_metadata.row_index").as(ROW))
            .groupBy(TokenRows.ID)
            .agg(collect_list(struct(FILE, ROW)).as(PLACES));
    Dataset<Row> rows =
        DatasetRows.read(context, source.folder(), source.index(), Split.TRAIN)
            .join(places, TokenRows.ID);
    return DatasetRows.forAnswers(rows, source.index().texts(Split.TRAIN))
        .select(DatasetRows.TEXT, PLACES);
  }

  private static Iterator<Tuple2<Long, float[]>> answers(
      Iterator<Row> part, Job job, LongAccumulator done) {
    NativeThreads.oneForEachTask();
    List<Row> rows = new ArrayList<>();
    part.forEachRemaining(rows::add);
    List<String> texts = rows.stream().map(row -> row.getString(0)).toList();
    float[][][] answers = Classifier.shared(job.teacher()).probabilities(texts);
    Map<String, Integer> numbers = job.numbers();
    List<Tuple2<Long, float[]>> placed = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      float[] answer = row(answers[i], job.teacher().labels());
      for (Row place : rows.get(i).<Row>getList(1)) {
        long number = Rows.place(numbers.get(place.getString(0)), place.getLong(1));
        placed.add(new Tuple2<>(number, answer));
      }
    }
    done.add(placed.size());
    return placed.iterator();
  }

  /** Returns the classes of all heads one after the other; NaN for a head without an answer. */
  private static float[] row(float[][] answer, LabelSets labels) {
    float[] values =
        new float[labels.heads().stream().mapToInt(head -> head.classes().size()).sum()];
    int from = 0;
    for (int head = 0; head < answer.length; head++) {
      int to = from + labels.heads().get(head).classes().size();
      if (answer[head] == null) {
        Arrays.fill(values, from, to, Float.NaN);
      } else {
        System.arraycopy(answer[head], 0, values, from, to - from);
      }
      from = to;
    }
    return values;
  }

  private static Iterator<AnswerFile> write(
      int shard, Iterator<Tuple2<Long, float[]>> answers, Job job) throws IOException {
    Rows rows = job.shards().get(shard);
    String written = TeacherTargets.file(rows.file()) + "." + TaskContext.get().taskAttemptId();
    return List.of(
            AnswerFile.write(rows, answers, new Path(job.folder()), written, job.files().value()))
        .iterator();
  }
}
