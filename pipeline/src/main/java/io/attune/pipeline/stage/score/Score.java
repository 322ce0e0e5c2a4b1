package io.attune.pipeline.stage.score;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Scores;
import java.util.Map;
import java.util.Optional;

/** Lets the current model read documents, labelled or not, and keeps what it answers. */
public final class Score {
  private Score() {}

  /**
   * Scores the documents that no model has read, and those of the last days that the current model
   * has not read, the newest first, for as long as a night may read. Running it twice is running it
   * once, or longer.
   *
   * @return what the current model has answered in the run; nothing where no model is in use
   * @throws Failure.BadInput if the bundle of the current model is missing or damaged
   */
  public static StageResult run(StageContext context, ScoreConfig config) {
    Optional<ScoreWindow> again =
        config.rescoreDays() == 0
            ? Optional.empty()
            : Optional.of(ScoreWindow.since(context.run().date().minusDays(config.rescoreDays())));
    return run(
        context,
        config,
        (tables, version) -> Unread.ofNight(tables.clean(), tables.scores(), version, again));
  }

  /**
   * Scores the documents of a window that the current model has not read, however long it takes.
   *
   * @return what the current model has answered in the run; nothing where no model is in use
   * @throws Failure.BadInput if the bundle of the current model is missing or damaged
   */
  public static StageResult run(StageContext context, ScoreConfig config, ScoreWindow window) {
    return run(
        context,
        config.unlimited(),
        (tables, version) -> Unread.of(tables.clean(), tables.scores(), version, window));
  }

  private static StageResult run(StageContext context, ScoreConfig config, ScoreRun.Choice choice) {
    Optional<String> version = CurrentModel.of(context.storage(), context.run().task()).version();
    if (version.isEmpty()) {
      return nothing("no model is in use yet, so nothing was read");
    }
    context.tables().removeAbandoned(Scores.SCHEMA, context.run().id());
    if (!context.tables().exists(CleanDocuments.SCHEMA)
        || context.tables().snapshot(CleanDocuments.SCHEMA) == 0) {
      return nothing("there is no document to read");
    }
    return context.describe(
        "score: read with model " + version.get(),
        () -> new ScoreRun(context, config, version.get()).of(choice));
  }

  private static StageResult nothing(String why) {
    return new StageResult(Scores.SCHEMA.name(), why, Map.of("documents", 0L));
  }
}
