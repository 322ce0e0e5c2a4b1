package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.pipeline.bundle.CardText;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import io.attune.schemas.table.Split;
import java.util.Locale;

/** Writes {@code card.md}, which people should read before they use a model. */
final class ModelCard {
  private static final String BESIDE =
      "\n\nBeside the network stands a linear part: logistic regression on n-grams, trained on the"
          + " train and the validation split. The weights of the two, in `combination.json`, were"
          + " fitted on the validation split with a linear part that had not seen it; the report"
          + " shows what each part reaches alone.";

  private static final String NETWORKS =
      "\n\nThe model answers with the mean of the probabilities of %d networks, which differ in"
          + " their seed alone: %s (mean and standard deviation of the single networks). Epochs and"
          + " the figures above are those of the first, the parameters those of all.";

  private static final String AVERAGED =
      " Each parameter of the network is %s; these figures are of the network with them.";

  private static final String IN_USE =
      """
      ## In use
      Whether it is in use, and what it beats, was decided after this card was written: \
      `%s/verdict.json` says so in its first lines (`headline`), and so does `models/%s/current` if \
      it was promoted.

      """;

  private ModelCard() {}

  private static String inUse(Run run) {
    return IN_USE.formatted(run.verdict(), run.task());
  }

  static String of(
      Run run, TrainingData data, TrainingSpec spec, String network, TrainingRecord training) {
    EpochRecord kept = training.curve().get(training.bestEpoch() - 1);
    return String.format(
        Locale.ROOT,
        """
        # Model %s of task %s

        Answers, for a text, with the probability of each class of:

        %s

        ## Trained on
        The train split of the dataset `%s` (SHA-256 of its index `%s`): %,d rows, %,d tokens. The \
        best of its epochs was chosen on the validation split, by %s: %,d rows.%s The test split \
        was not looked at.

        ## How
        A network of %s, of %,d parameters with a vocabulary of %,d tokens, on texts of at most %,d \
        tokens; %s. %d workers, parameters averaged %s. %d \
        epochs; epoch %d was kept, with a validation loss of %.4f nats a row and an accuracy of \
        %.4f (mean over heads).%s Validation figures flatter a model that was chosen by them: read \
        the evaluation on the test split in the run's report.%s%s

        %s## Limits
        It knows the sources, the time and the languages of its training texts only, and answers \
        with one of its classes whatever it is given. How sure it is was fitted on the validation \
        split; the report says how far off its probabilities are. Attention weights show what was \
        read together, not why a class was chosen.
        """,
        run.id(),
        run.task(),
        CardText.heads(data.labels()),
        run.dataset(),
        data.identity(),
        data.index().rows(Split.TRAIN),
        data.index().tokens(Split.TRAIN),
        spec.train().stopping().describe(),
        data.index().rows(Split.VALIDATION),
        data.index().hasWindows() ? rows(data) : "",
        network,
        training.parameters(),
        data.index().vocabulary(),
        data.index().maxTokens(),
        longer(data.longTexts()),
        training.workers(),
        averaging(spec.train().averaging()),
        training.epochs(),
        training.bestEpoch(),
        kept.validationLoss(),
        kept.validationAccuracy(),
        training.weightAveraging() == null
            ? ""
            : AVERAGED.formatted(training.weightAveraging().note()),
        training.networks().size() > 1
            ? NETWORKS.formatted(training.networks().size(), training.accuracyNote())
            : "",
        spec.model().linear() ? BESIDE : "",
        inUse(run));
  }

  /** Writes the card of a model without a network. */
  static String ofLinear(Run run, TrainingData data, TrainingRecord training) {
    return String.format(
        Locale.ROOT,
        """
        # Model %s of task %s

        Answers, for a text, with the probability of each class of:

        %s

        ## Trained on
        The train and the validation split of the dataset `%s` (SHA-256 of its index `%s`): %,d \
        rows. The test split was not looked at.

        ## How
        Logistic regression on n-grams that are scaled by Naive Bayes log-count ratios: %,d \
        weights, no network. It has learned from the validation split, so that only the evaluation \
        on the test split in the run's report says how good it is.

        %s%s""",
        run.id(),
        run.task(),
        CardText.heads(data.labels()),
        run.dataset(),
        data.identity(),
        training.rowsTrained(),
        training.parameters(),
        inUse(run),
        CardText.LIMITS_OF_LINEAR);
  }

  /** Says which rows a document has where they may be several. */
  private static String rows(TrainingData data) {
    boolean isWindows = data.longTexts().isWindows();
    return String.format(
        Locale.ROOT,
        " A row is a %sdocument%s; they are %,d and %,d documents, and the %s of each count as"
            + " one row.",
        isWindows ? "window of a " : "",
        data.synonyms()
            .map(
                made ->
                    String.format(
                        Locale.ROOT,
                        ", or %sone of %,d copies of training documents with %,d words replaced by"
                            + " synonyms",
                        isWindows ? "of " : "",
                        made.copies(),
                        made.wordsReplaced()))
            .orElse(""),
        data.index().texts(Split.TRAIN),
        data.index().texts(Split.VALIDATION),
        data.synonyms().isPresent() ? "rows" : "windows");
  }

  private static String longer(LongTexts longTexts) {
    return switch (longTexts.keep()) {
      case HEAD -> "of what is longer the start is read";
      case HEAD_AND_TAIL -> "of what is longer the middle is left out";
      case WINDOWS ->
          String.format(
              Locale.ROOT,
              "what is longer is read in at most %d windows that share %.0f %%, and the answer is"
                  + " the mean over them",
              longTexts.most(),
              100 * longTexts.overlap());
    };
  }

  private static String averaging(AveragingConfig config) {
    String often =
        config.maxAveragingShare() == 0
            ? "every %d minibatches".formatted(config.frequency())
            : "so often that it takes %.0f %% of the time"
                .formatted(100 * config.maxAveragingShare());
    return switch (config.outer().kind()) {
      case AVERAGE -> often;
      case SLOW_MOMENTUM -> often + ", with slow momentum";
      case NESTEROV -> often + ", with Nesterov's momentum";
    };
  }
}
