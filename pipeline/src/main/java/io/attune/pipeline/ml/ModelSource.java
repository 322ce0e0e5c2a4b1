package io.attune.pipeline.ml;

import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * Says where a published model is: the folder of its bundle, or the root and the task whose current
 * model it is.
 *
 * @param bundle a path or URI; empty where root and task are given
 * @param root a path or URI; empty where the bundle is given
 * @param task may be empty where the root holds models of only one
 */
record ModelSource(String bundle, String root, String task) {
  /** Limits the models that a driver keeps to send to new executors. */
  private static final int KEPT = 4;

  private static final Map<String, Broadcast<ModelFiles>> SENT =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Broadcast<ModelFiles>> eldest) {
          return size() > KEPT; // not destroyed: a query that is not over may need it
        }
      };

  /**
   * Opens the bundle, without reading its files.
   *
   * @throws Failure.BadInput if there is no such model
   * @throws Failure.BadUsage if it does not follow which model is meant
   */
  Artefact open(Configuration hadoop) {
    if (!bundle.isEmpty()) {
      Path folder = new Path(bundle);
      if (folder.getParent() == null) {
        throw new Failure.BadUsage("'%s' is not the folder of a model bundle", bundle);
      }
      return Artefacts.of(Storage.at(folder.getParent().toString(), hadoop)).open(folder.getName());
    }
    if (root.isEmpty()) {
      throw new Failure.BadUsage(
          "No model is named: give the folder of its bundle, or the root (and the task) whose"
              + " current model is meant");
    }
    Storage storage = Storage.at(root, hadoop);
    String name = task.isEmpty() ? onlyTask(storage) : task;
    String version =
        CurrentModel.of(storage, name)
            .version()
            .orElseThrow(
                () ->
                    new Failure.BadInput(
                        "Task '%s' has no current model below '%s' yet; a night promotes one",
                        name, storage.root()));
    return Artefacts.of(storage).open(Run.modelOf(name, version));
  }

  private static String onlyTask(Storage storage) {
    List<String> tasks = storage.list("models");
    if (tasks.size() != 1) {
      throw new Failure.BadUsage(
          "'%s' has models of %s; name the task",
          storage.root(), tasks.isEmpty() ? "no task" : "the tasks " + tasks);
    }
    return tasks.get(0);
  }

  /** Returns the model as every executor can have it; each is read and sent once. */
  static Broadcast<ModelFiles> sent(SparkSession spark, Artefact model) {
    String key = spark.sparkContext().applicationId() + " " + model.manifest().seal();
    synchronized (SENT) {
      return SENT.computeIfAbsent(
          key,
          any ->
              JavaSparkContext.fromSparkContext(spark.sparkContext())
                  .broadcast(ModelFiles.read(model)));
    }
  }
}
