package io.attune.pipeline.scoring;

import io.attune.neural.NativeThreads;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;

/** Opens models in Spark tasks. */
public final class TaskModel {
  private TaskModel() {}

  /**
   * Returns the one classifier of this JVM for a model, which computes on the thread of the task
   * alone: other cores have other tasks.
   */
  public static Classifier of(ModelFiles files) {
    if (!files.parts().networks().isEmpty()) {
      NativeThreads.oneForEachTask();
    }
    return Classifier.shared(files);
  }
}
