package io.attune.pipeline;

import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import org.apache.spark.sql.SparkSession;

/**
 * Holds what every stage receives in addition to its own configuration.
 *
 * @param storage the root below which everything is read and published
 * @param tables the tables of the run's task
 * @param run the task and the night
 * @param recorder makes the provenance of what is published
 */
public record StageContext(
    SparkSession spark,
    Storage storage,
    Tables tables,
    Run run,
    Recorder recorder,
    Progress progress) {

  /** Returns the published folders below the root. */
  public Artefacts artefacts() {
    return Artefacts.of(storage);
  }

  /** Returns a new record of what one run of a stage reads; the stage opens its inputs with it. */
  public StageInputs inputs(Stage stage) {
    return new StageInputs(this, stage);
  }

  /**
   * Does work whose Spark jobs have a description, and restores the description that was set
   * before.
   *
   * @param description stage and work, such as {@code clean: normalise texts}
   */
  public <T, E extends Exception> T describe(String description, JobDescription.Work<T, E> work)
      throws E {
    return JobDescription.during(spark, description, work);
  }
}
