package io.attune.jobs.night;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.NightPlan.Kind;
import io.attune.jobs.night.NightPlan.PlannedNight;
import io.attune.jobs.night.NightState.DoneStage;
import io.attune.jobs.spark.Cost;
import io.attune.jobs.spark.CostMeter;
import io.attune.jobs.spark.LogContext;
import io.attune.jobs.spark.SparkSessions;
import io.attune.neural.network.ModelConfig;
import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.encoder.EncoderBudget;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.encoder.Encoders;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.quality.Quality;
import io.attune.pipeline.stage.clean.Clean;
import io.attune.pipeline.stage.compare.Compare;
import io.attune.pipeline.stage.evaluate.Evaluate;
import io.attune.pipeline.stage.ingest.Ingest;
import io.attune.pipeline.stage.monitor.Monitor;
import io.attune.pipeline.stage.promote.Promote;
import io.attune.pipeline.stage.report.Report;
import io.attune.pipeline.stage.score.Score;
import io.attune.pipeline.stage.score.ScoreWindow;
import io.attune.pipeline.stage.shard.Shard;
import io.attune.pipeline.stage.tokenize.Tokenize;
import io.attune.pipeline.stage.train.Train;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.report.NightReport.StageRecord;
import io.attune.schemas.table.Alerts;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Scores;
import io.attune.schemas.table.Signatures;
import io.attune.schemas.table.TableSchema;
import io.attune.schemas.table.TextChanges;
import io.attune.schemas.table.TokenRows;
import io.attune.schemas.table.Trends;
import java.time.Clock;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Calls each stage with its inputs; starts Spark when the first one needs it. */
final class StageRunner implements AutoCloseable {
  private static final List<TableSchema> TABLES =
      List.of(
          Documents.SCHEMA,
          CleanDocuments.SCHEMA,
          Signatures.SCHEMA,
          Rejects.SCHEMA,
          TextChanges.SCHEMA,
          TokenRows.SCHEMA,
          Scores.SCHEMA,
          Trends.SCHEMA,
          Alerts.SCHEMA);

  private final RunConfig config;
  private final RunConfig ownVocabulary;
  private final Storage storage;
  private final Console console;
  private final Clock clock;
  private final NightLog log;
  private SparkSession spark;
  private CostMeter meter;
  private boolean isOwnSession;

  StageRunner(NightContext context) {
    this.config = context.config();
    this.ownVocabulary = context.configs().ownVocabulary();
    this.storage = context.storage();
    this.console = context.console();
    this.clock = context.clock();
    this.log = context.log();
  }

  /** Returns the cost of all stages so far. */
  Cost cost() {
    return meter == null ? Cost.NONE : meter.read(spark.sparkContext());
  }

  StageResult run(Stage stage, PlannedNight night, List<DoneStage> before) {
    StageContext context = context(stage, night.run());
    return switch (stage) {
      case INGEST -> {
        Train.chooseTeacher(context, config.model(), config.labels());
        yield night.kind() == Kind.READS_AGAIN
            ? Ingest.runAgain(context, config.ingestConfig(), config.labels(), night.files())
            : Ingest.run(context, config.ingestConfig(), config.labels(), night.files());
      }
      case CLEAN -> {
        StageResult cleaned = Clean.run(context, config.clean());
        Quality.check(context, config.ingest().stopOn());
        yield cleaned;
      }
      case TOKENIZE -> tokenize(context);
      case SHARD -> Shard.run(context, config.shard());
      case TRAIN -> train(context);
      case EVALUATE -> Evaluate.run(context, config.evaluate());
      case COMPARE -> Compare.run(context, config.gate());
      case PROMOTE -> Promote.run(context);
      case SCORE -> Score.run(context, config.score());
      case MONITOR -> Monitor.run(context, config.monitorConfig());
      case REPORT -> Report.run(context, config.report(), records(before));
    };
  }

  /** Scores the documents of a window apart from the stage of a night. */
  StageResult score(Run run, ScoreWindow window) {
    return Score.run(context(Stage.SCORE, run), config.score(), window);
  }

  private StageResult tokenize(StageContext context) {
    return config.model().distil().hasTeacher()
        ? Tokenize.runForStudent(context, config.tokenize(), config.split(), config.labels())
        : Tokenize.run(
            context, config.tokenize(), config.split(), config.labels(), encoder(config.model()));
  }

  private EncoderChoice encoder(ModelConfig model) {
    EncoderChoice choice = EncoderChoice.of(model.encoder());
    return model.tune() == ModelConfig.Tune.AUTO
        ? choice.within(
            new EncoderBudget(model.backend(), model.precision(), config.train().budgetMinutes()))
        : choice;
  }

  /** Trains with the settings for what the tokenize stage found: an encoder, or none. */
  private StageResult train(StageContext context) {
    RunConfig used = Encoders.isUsedBy(context) ? config : ownVocabulary;
    return Train.run(
        context,
        used.trainConfig(),
        used.model(),
        used.updater(),
        used.linear(),
        RunConfigs.resolved(used));
  }

  /** Removes what a run published in a stage and those after it; one that is evaluated or later. */
  void withdrawFrom(Stage stage, Run run) {
    Artefacts artefacts = Artefacts.of(storage);
    if (stage == Stage.EVALUATE) {
      artefacts.retire(run.evaluation());
    }
    if (stage.compareTo(Stage.COMPARE) <= 0) {
      artefacts.retire(run.verdict());
    }
    artefacts.retire(run.report());
  }

  /** Removes what an unfinished run wrote; a promoted model is kept. */
  void withdraw(Run run) {
    StageContext context = context(Stage.INGEST, run);
    for (TableSchema table : TABLES) {
      context.tables().removeRun(table, run.id());
    }
    for (String folder :
        List.of(
            run.tokenizer(),
            run.dataset(),
            run.model(),
            run.linearModel(),
            run.report(),
            run.folder())) {
      context.artefacts().retire(folder);
    }
  }

  @Override
  public void close() {
    if (spark != null && isOwnSession) {
      spark.stop();
    }
  }

  private StageContext context(Stage stage, Run run) {
    if (spark == null) {
      isOwnSession = !SparkSessions.isOpen(); // else who opened it stops it
      spark = SparkSessions.open("attune-" + config.task(), config.spark());
      meter = CostMeter.attach(spark.sparkContext(), clock);
    }
    LogContext.shareWith(spark.sparkContext());
    return new StageContext(
        spark,
        storage,
        Tables.of(spark, storage, run.task()),
        run,
        new Recorder(run.task(), run.id(), RunConfigs.hash(config), clock),
        log.listeningTo(console.progress(stage.word()), stage));
  }

  private static List<StageRecord> records(List<DoneStage> stages) {
    return stages.stream()
        .map(
            done ->
                new StageRecord(
                    done.stage().word(), done.seconds(), done.summary(), done.warnings()))
        .toList();
  }
}
