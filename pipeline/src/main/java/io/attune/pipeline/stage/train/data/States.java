package io.attune.pipeline.stage.train.data;

import io.attune.neural.EveryJvm;
import io.attune.pipeline.CountedJob;
import io.attune.pipeline.JobDescription;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Staging;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Manifest.FileEntry;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Keeps the vectors of a run's rows in {@code states} of the run's folder while it trains: what the
 * lower part of an encoder makes of them never changes, so it is computed once and not in every
 * epoch.
 */
public final class States {
  private static final String FOLDER = "states";
  private static final String WRITTEN = "written";

  /** Holds the tokens of a file: at a width of 384 their vectors have 25 MB. */
  private static final int TOKENS_PER_FILE = 1 << 15;

  private final StageContext context;
  private final String path;
  private final Source source;

  /**
   * Describes what vectors are made of.
   *
   * @param folder absolute path of the dataset
   * @param identity SHA-256 of its index
   * @param width values of a vector
   * @param provenance of what is made of the dataset and the encoder
   */
  public record Source(
      String folder,
      String identity,
      ShardIndex index,
      StemReference stem,
      int width,
      Provenance provenance) {

    StateIndex describe() {
      long rows = 0;
      long tokens = 0;
      for (Split split : List.of(Split.TRAIN, Split.VALIDATION)) {
        rows += index.rows(split);
        tokens += index.tokens(split);
      }
      return new StateIndex(
          StateIndex.VERSION,
          identity,
          stem.encoder().identity(),
          stem.blocks(),
          stem.pooling(),
          stem.backend(),
          stem.precision(),
          width,
          (int) Math.max(1, TOKENS_PER_FILE * rows / Math.max(1, tokens)));
    }

    List<StateTask> tasks() {
      int perFile = describe().rowsPerFile();
      List<StateTask> tasks = new ArrayList<>();
      for (Split split : List.of(Split.TRAIN, Split.VALIDATION)) {
        for (ShardIndex.Shard shard : index.of(split)) {
          for (int from = 0; from < shard.rows(); from += perFile) {
            int to = Math.min(shard.rows(), from + perFile);
            tasks.add(
                new StateTask(
                    folder + "/" + shard.file(),
                    from,
                    to,
                    StateInputs.file(shard.file(), from / perFile)));
          }
        }
      }
      return tasks;
    }
  }

  public States(StageContext context, Source source) {
    this.context = context;
    this.source = source;
    path = path(context);
  }

  /** Returns the vectors as inputs; computes them, unless an earlier attempt at the run did. */
  public StateInputs inputs() {
    StateIndex index = source.describe();
    if (!isThere(index)) {
      context.artefacts().retire(path);
      context.artefacts().publish(path, source.provenance(), this::write);
    } else {
      EveryJvm.run(spark(), StemReference::forget); // kept by a measurement of the speed
    }
    return new StateInputs(
        context.storage().resolve(path).toString(),
        context.artefacts().manifest(path).seal(),
        index.rowsPerFile(),
        index.width(),
        source.stem().pools());
  }

  /** Removes the vectors of a run, if a training that was killed at its very end left them. */
  public static void removeLeft(StageContext context) {
    context.artefacts().retire(path(context));
  }

  private static String path(StageContext context) {
    return context.run().folder() + "/" + FOLDER;
  }

  /** Removes the vectors; they are of no use after the training. */
  public void retire() {
    context.artefacts().retire(path);
    EveryJvm.run(spark(), StateCache::clear);
  }

  private JavaSparkContext spark() {
    return JavaSparkContext.fromSparkContext(context.spark().sparkContext());
  }

  private boolean isThere(StateIndex index) {
    if (!context.artefacts().isPublished(path)) {
      return false;
    }
    try {
      Artefact found = context.artefacts().open(path);
      if (!found.json(StateIndex.FILE_NAME, StateIndex.class).equals(index)) {
        return false;
      }
      List<String> files = source.tasks().stream().map(StateTask::file).toList();
      var unused =
          JobDescription.during(
              context.spark(),
              "train: verify %d files of vectors".formatted(files.size()),
              () -> found.verify(context.spark(), files));
      return true;
    } catch (Failure.BadInput e) {
      context.progress().warn("the vectors of the rows are computed again: " + e.getMessage());
      return false;
    }
  }

  private Map<String, Long> write(Staging staging) throws IOException {
    List<StateTask> tasks = source.tasks();
    long rows = tasks.stream().mapToLong(task -> task.to() - task.from()).sum();
    for (StateTask.Written file : compute(tasks, rows, staging)) {
      staging.move(WRITTEN + "/" + file.written(), file.file());
      staging.measured(new FileEntry(file.file(), file.bytes(), file.sha256()));
    }
    staging.remove(WRITTEN); // with what tasks left that were run again
    staging.write(StateIndex.FILE_NAME, Json.pretty(source.describe()));
    return Map.of("rows", rows, "files", (long) tasks.size());
  }

  private List<StateTask.Written> compute(List<StateTask> tasks, long rows, Staging staging) {
    JavaSparkContext spark = spark();
    CountedJob count = CountedJob.of(context.spark(), rows, "vectors of %,d rows".formatted(rows));
    LongAccumulator done = count.done();
    Broadcast<StateTask.Job> job =
        spark.broadcast(
            new StateTask.Job(
                source.stem(),
                staging.resolve(WRITTEN).toString(),
                new SerializableConfiguration(spark.hadoopConfiguration())));
    try {
      return JobDescription.during(
          context.spark(),
          "train: vectors of %d rows by the first %d blocks"
              .formatted(rows, source.stem().blocks()),
          () ->
              count.during(
                  context.progress(),
                  () ->
                      spark
                          .parallelize(tasks, tasks.size())
                          .map(task -> task.run(job.value(), done))
                          .collect()));
    } finally {
      EveryJvm.run(spark, StemReference::forget);
      job.destroy();
    }
  }
}
