package io.attune.pipeline.stage.evaluate;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.List;

/**
 * Holds the dataset that models are evaluated on.
 *
 * @param files the published dataset
 * @param index its shards
 * @param labels its label heads, which are those of the night
 * @param tokens snapshot of the table of token rows, which tells what models have learned from; 0
 *     where there is none
 */
record TestedDataset(Artefact files, ShardIndex index, LabelSets labels, long tokens) {

  /**
   * Opens the dataset of the night, checks the shards of its test split, which no stage before has
   * read, and records it as an input.
   *
   * @throws Failure.BadInput if it is missing or damaged, or if its train or test split is empty
   */
  static TestedDataset open(StageContext context, StageInputs inputs) {
    Artefact files = inputs.open("dataset", context.run().dataset(), ShardIndex.FILE_NAME);
    ShardIndex index = files.json(ShardIndex.FILE_NAME, ShardIndex.class);
    LabelSets labels = files.json(ModelBundle.LABELS, LabelSets.class);
    if (index.rows(Split.TEST) == 0 || index.rows(Split.TRAIN) == 0) {
      throw new Failure.BadInput(
          "'%s' has %d training and %d test rows, and both must be there to measure a model; give"
              + " the task more documents or another split",
          files.location(), index.rows(Split.TRAIN), index.rows(Split.TEST));
    }
    List<String> shards = index.of(Split.TEST).stream().map(ShardIndex.Shard::file).toList();
    Artefact checked =
        context.describe(
            "evaluate: verify %d files".formatted(shards.size()),
            () -> files.verify(context.spark(), shards));
    inputs.record("documents", Long.toString(index.documents()));
    long tokens = context.tables().exists(TokenRows.SCHEMA) ? inputs.snapshot(TokenRows.SCHEMA) : 0;
    return new TestedDataset(checked, index, labels, tokens);
  }
}
