package io.attune.pipeline.stage.evaluate;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.metric.ClassCounts;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the shares of the classes among the documents that each model was trained with.
 *
 * @param tonight of the models that were trained tonight, by head that had labels
 * @param published of each published model whose shares are known, by head that had labels
 */
record TrainingShares(Map<String, double[]> tonight, Map<String, Map<String, double[]>> published) {
  private static final List<String> PUBLISHED = List.of(Evaluation.CURRENT, Evaluation.ANCHOR);

  /**
   * Makes the shares of tonight's models.
   *
   * @param counts of the train split, by head
   */
  static TrainingShares of(LabelSets labels, List<ClassCounts> counts) {
    Map<String, double[]> tonight = new HashMap<>();
    for (int head = 0; head < counts.size(); head++) {
      ClassCounts ofHead = counts.get(head);
      double[] rows = new double[ofHead.classes()];
      Arrays.setAll(rows, c -> (double) ofHead.rows(c));
      put(tonight, labels.heads().get(head), rows);
    }
    return new TrainingShares(tonight, Map.of());
  }

  /**
   * Adds the shares of published models, from the datasets of their runs; says which are not known.
   *
   * @param versions by model
   */
  TrainingShares with(StageContext context, LabelSets labels, Map<String, String> versions) {
    Map<String, Map<String, double[]>> found = new HashMap<>();
    for (String model : PUBLISHED) {
      if (versions.containsKey(model)) {
        shares(context, labels, versions.get(model)).ifPresent(of -> found.put(model, of));
      }
    }
    return new TrainingShares(tonight, found);
  }

  private static Optional<Map<String, double[]>> shares(
      StageContext context, LabelSets labels, String version) {
    String folder = Run.ofVersion(context.run().task(), version).dataset();
    ShardIndex index;
    try {
      index = context.artefacts().open(folder).json(ShardIndex.FILE_NAME, ShardIndex.class);
    } catch (Failure.BadInput e) {
      context
          .progress()
          .warn(
              "the answers of model %s are not corrected for other shares of the classes (evaluate.prior), since those that it was trained with are not known: %s"
                  .formatted(version, e.getMessage()));
      return Optional.empty();
    }
    Map<String, Map<String, Long>> counts =
        index.labelCounts().getOrDefault(Split.TRAIN.word(), Map.of());
    Map<String, double[]> shares = new HashMap<>();
    for (Head head : labels.heads()) {
      Map<String, Long> ofHead = counts.getOrDefault(head.name(), Map.of());
      put(
          shares,
          head,
          head.classes().stream().mapToDouble(c -> (double) ofHead.getOrDefault(c, 0L)).toArray());
    }
    return Optional.of(shares);
  }

  private static void put(Map<String, double[]> shares, Head head, double[] rows) {
    double sum = Arrays.stream(rows).sum();
    if (sum > 0) {
      shares.put(head.name(), Arrays.stream(rows).map(of -> of / sum).toArray());
    }
  }

  /** Returns the shares of a head's classes, in tonight's order; empty if they are not known. */
  Optional<double[]> of(String model, String head) {
    Map<String, double[]> shares =
        PUBLISHED.contains(model) ? published.getOrDefault(model, Map.of()) : tonight;
    return Optional.ofNullable(shares.get(head));
  }
}
