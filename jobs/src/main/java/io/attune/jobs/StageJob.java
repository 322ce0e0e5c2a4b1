package io.attune.jobs;

import io.attune.pipeline.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Runs a single stage of a run; registered once for each stage, under the stage's name. */
@Command
final class StageJob implements Callable<Integer> {
  @Mixin NightOptions night;

  private final Stage stage;

  private StageJob(Stage stage) {
    this.stage = stage;
  }

  /** Returns the command of a stage, with its name and help. */
  static CommandLine command(Stage stage) {
    CommandLine command = new CommandLine(new StageJob(stage));
    command.setCommandName(stage.word());
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.description(description(stage));
    if (stage == Stage.PROMOTE) {
      usage.footer("", "Ends with exit code 5 if the comparison says to keep the current model.");
    }
    return command;
  }

  @Override
  public Integer call() {
    return night.runAlone(stage);
  }

  private static String description(Stage stage) {
    return switch (stage) {
      case INGEST -> "Ingests new files of the corpora into the tables of documents and rejects.";
      case CLEAN ->
          "Normalises texts and rejects those that are unfit for training, duplicates included.";
      case TOKENIZE ->
          "Splits the documents, trains the tokenizer on the train split, and encodes all splits.";
      case SHARD -> "Shuffles token ids into Parquet shards with an index.";
      case TRAIN ->
          "Trains the attention model, averaging over workers; resumes from its last checkpoint.";
      case EVALUATE -> "Measures candidate, current model and baselines on the same rows.";
      case COMPARE ->
          "Decides by paired statistics whether the candidate may replace the current model.";
      case PROMOTE -> "Makes the run's model the current one, if the comparison allows it.";
      case SCORE -> ScoreJob.DESCRIPTION;
      case MONITOR ->
          "Follows how topics and sentiment move, raises alerts on surges of negative news, and"
              + " advises whether to train again and which texts to label.";
      case REPORT -> "Writes the report of the run: HTML, JSON and CSV.";
    };
  }
}
