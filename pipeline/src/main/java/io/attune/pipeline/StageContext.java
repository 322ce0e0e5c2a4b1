package io.attune.pipeline;

import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import org.apache.spark.sql.SparkSession;

/**
 * What every stage is given beside its own configuration.
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
    Progress progress) {}
