package io.attune.pipeline.stage.promote;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.CardText;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.linear.LinearModel;
import io.attune.pipeline.stage.train.teacher.Teacher;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.Temperatures.HeadTemperature;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.VerdictRecord;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Publishes the linear part of the candidate as a model of its own: the same bytes in a bundle of
 * the form that {@code model.kind: linear} gives.
 */
record LinearAlone(StageContext context, VerdictRecord verdict) {

  /**
   * Publishes the bundle, unless it is published.
   *
   * @throws Failure.BadInput if the candidate's bundle is missing or damaged
   */
  void publish() {
    Run run = context.run();
    if (context.artefacts().isPublished(run.linearModel())) {
      return; // the process ended before the pointer moved
    }
    StageInputs inputs = context.inputs(Stage.PROMOTE);
    Artefact bundle = inputs.open("model", run.model());
    ModelFiles files = ModelFiles.read(bundle);
    LinearModel linear = LinearModel.read(bundle.bytes(ModelBundle.LINEAR), run.model());
    String configuration =
        new String(bundle.bytes(ModelBundle.CONFIGURATION), StandardCharsets.UTF_8);
    TrainingRecord whole = bundle.json(ModelBundle.TRAINING, TrainingRecord.class);
    TrainingRecord training =
        TrainingRecord.builder().seconds(whole.seconds()).parameters(linear.parameters()).build();
    bundle
        .provenance()
        .inputs()
        .forEach(
            (name, value) -> {
              // The teacher too: otherwise this model would teach the students after it.
              if (name.equals(Candidate.TOKENIZER_INPUT)
                  || name.equals("dataset")
                  || name.startsWith(Teacher.INPUTS)) {
                inputs.record(name, value);
              }
            });
    var unused =
        new Candidate(
                scaled(files.parts().linearAlone(), files.parts().combination()),
                files.tokenizer(),
                files.labels(),
                files.maxTokens(),
                files.longTexts(),
                configuration,
                training,
                card(files, linear.parameters()))
            .publish(context.storage(), run.linearModel(), inputs.provenance());
  }

  /** Returns the linear part with the temperatures of its own, of the heads that have one. */
  private static ModelParts scaled(ModelParts linear, Combination combination) {
    return combination.heads().stream().allMatch(head -> head.linearTemperature() == null)
        ? linear
        : linear.scaled(combination.heads().stream().map(LinearAlone::temperature).toList());
  }

  private static HeadTemperature temperature(HeadWeights head) {
    return head.linearTemperature() == null // no labelled row of the validation split
        ? HeadTemperature.none(head.head())
        : new HeadTemperature(head.head(), head.linearTemperature(), head.rows(), null, null);
  }

  private String card(ModelFiles files, long parameters) {
    Run run = context.run();
    return String.format(
        Locale.ROOT,
        """
        # Model %s of task %s

        Answers, for a text, with the probability of each class of:

        %s

        ## In use
        %s The whole comparison is in `%s/%s`.

        ## How
        The linear part of the model `%s` without its network: logistic regression on n-grams that \
        are scaled by Naive Bayes log-count ratios, %,d weights. It was trained on the train and \
        the validation split of the dataset `%s`; the test split was not looked at.

        %s""",
        run.linearVersion(),
        run.task(),
        CardText.heads(files.labels()),
        verdict.summary(),
        run.verdict(),
        VerdictRecord.FILE_NAME,
        run.id(),
        parameters,
        run.dataset(),
        CardText.LIMITS_OF_LINEAR);
  }
}
