package io.attune.bench.student;

import io.attune.jobs.spark.SparkSessions;
import io.attune.neural.NativeThreads;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.dataset.Labels;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.stage.train.teacher.Teacher;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares a student with its teacher on the test split of its task. */
@Command(
    name = "student",
    mixinStandardHelpOptions = true,
    description = {
      "Compares a student (model.distil) with its teacher: documents and tokens per second of the"
          + " whole models, tokenizer and linear part included, on one core, and accuracy on the"
          + " test split of the student's night.",
      "",
      "The two alternate within a round; the ratio is the median of the rounds' ratios. Padding is"
          + " not counted as tokens, and each model counts those of its own vocabulary."
    })
public final class StudentBench implements Callable<Integer> {
  @Option(names = "--root", required = true, description = "The root with both models.")
  private String root;

  @Option(names = "--task", required = true, description = "Their task.")
  private String task;

  @Option(
      names = "--student",
      paramLabel = "VERSION",
      description = "The student (default: the latest model that has a teacher).")
  private String student;

  @Option(
      names = "--teacher",
      paramLabel = "VERSION",
      description = "The model it is compared with (default: its teacher).")
  private String teacher;

  @Option(
      names = "--rows",
      description = "Test rows that both answer, about; a sample by the id (default: all).")
  private long rows = Long.MAX_VALUE;

  @Option(names = "--batch", description = "Texts that are answered at once (${DEFAULT-VALUE}).")
  private int batch = 256;

  @Option(names = "--rounds", description = "Rounds that are measured (${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      description = "Seconds of a model in a round, at least (${DEFAULT-VALUE}).")
  private double seconds = 3;

  private Storage storage;
  private Artefacts artefacts;

  @Override
  public Integer call() {
    NativeThreads.oneForEachTask();
    storage = Storage.at(root, SparkSessions.hadoop(Map.of()));
    artefacts = Artefacts.of(storage);
    String studentVersion = student == null ? latestStudent() : student;
    String teacherVersion = teacher == null ? teacherOf(studentVersion) : teacher;
    ModelFiles studentFiles = open(studentVersion);
    List<TestText> texts = texts(studentVersion, studentFiles.labels());
    Contest contest =
        new Contest(
            new TimedModel("teacher " + teacherVersion, open(teacherVersion), texts, batch),
            new TimedModel("student " + studentVersion, studentFiles, texts, batch));
    print(contest.measure(rounds, seconds), studentFiles.labels(), texts.size());
    return 0;
  }

  private void print(Contest.Result result, LabelSets labels, int texts) {
    System.out.printf(
        Locale.ROOT,
        "task %s, %,d test rows, batches of %d, one core, %d rounds%n",
        task,
        texts,
        batch,
        rounds);
    result.lines(labels).forEach(System.out::println);
  }

  private ModelFiles open(String version) {
    return ModelFiles.read(artefacts.open(path(version)));
  }

  private String path(String version) {
    return Run.modelOf(task, version);
  }

  private String latestStudent() {
    return storage.list("models/" + task).stream()
        .filter(version -> artefacts.isPublished(path(version)))
        .map(version -> Run.parse(task, version))
        .sorted()
        .map(Run::id)
        .filter(version -> taughtBy(version).isPresent())
        .reduce((earlier, later) -> later)
        .orElseThrow(
            () ->
                new Failure.BadUsage(
                    "Task '%s' has no student below '%s': run a night with model.distil.from:"
                        + " current, or name two models with --student and --teacher",
                    task, root));
  }

  private Optional<String> taughtBy(String version) {
    return Teacher.versionIn(artefacts.open(path(version)).provenance());
  }

  private String teacherOf(String version) {
    return taughtBy(version)
        .orElseThrow(
            () ->
                new Failure.BadUsage(
                    "The model '%s' of task '%s' is not a student; name what to compare it with by"
                        + " --teacher",
                    version, task));
  }

  /** Reads the labelled rows of the test split of a night. */
  private List<TestText> texts(String version, LabelSets labels) {
    Run run = Run.parse(task, version);
    SparkSession spark = SparkSessions.open("attune bench student", Map.of());
    try {
      StageContext context =
          new StageContext(
              spark,
              storage,
              Tables.of(spark, storage, task),
              run,
              new Recorder(task, run.id(), "", Clock.systemUTC()),
              Progress.SILENT);
      ShardIndex index = artefacts.open(run.dataset()).json(ShardIndex.FILE_NAME, ShardIndex.class);
      String folder = storage.resolve(run.dataset()).toString();
      return DatasetRows.sample(
              DatasetRows.read(context, folder, index, Split.TEST), index.rows(Split.TEST), rows)
          .select(TokenRows.ID, TokenRows.LABELS, DatasetRows.TEXT)
          .orderBy(TokenRows.ID)
          .collectAsList()
          .stream()
          .map(StudentBench::text)
          .filter(text -> text.isLabelled(labels))
          .toList();
    } finally {
      spark.stop();
    }
  }

  private static TestText text(Row row) {
    return new TestText(row.getString(2), Labels.of(row, 1));
  }
}
