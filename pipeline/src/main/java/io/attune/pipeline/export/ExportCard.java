package io.attune.pipeline.export;

import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.export.EncoderClassifier;
import io.attune.neural.export.HuggingFaceForm;
import io.attune.neural.export.OnnxForm;
import io.attune.pipeline.bundle.CardText;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.export.ModelExport.Format;
import io.attune.pipeline.export.ModelExport.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the model card of an export, which people should read before they use it. */
record ExportCard(
    Request request, ModelFiles files, EncoderClassifier classifier, BaseEncoder base) {
  static final String FILE_NAME = "README.md";

  private static final String PARTS =
      "\n## What is not here\nIn Attune the network stands beside a linear part, logistic"
          + " regression on n-grams, and the two are combined. Neither the linear part nor the"
          + " combination is in this folder: its probabilities are those of the network alone%s.\n";

  private static final String FIGURES =
      ", and so are the figures to expect. The run's report has them, as `candidate-network`";

  private static final String MEAN =
      "\n## One of several\nIn Attune the model answers with the mean of the probabilities of %d"
          + " networks, which differ in their seed. This folder holds network %d: its figures are"
          + " not those of the model.\n";

  String markdown() {
    EncoderShape shape = classifier.shape();
    return String.format(
        Locale.ROOT,
        """
        %s
        # Model %s of task %s

        Answers, for a text, with the probability of each class of:

        %s

        It is the encoder `%s` (licence of its weights: %s), %d blocks of width %d, tuned with \
        Attune.

        ## Use
        %s

        Texts are tokenized by `tokenizer.json`, of at most %d tokens with the special ones. %s

        Pad at the end of a row. The weights are floats; where Attune multiplied in bfloat16 \
        (`model.precision`), its own answers differ from these a little.
        %s
        ## Limits
        It knows the sources, the time and the languages of its training texts only, and answers \
        with one of its classes whatever it is given. %s; the run's report says how far off its \
        probabilities are.
        """,
        head(),
        files.version(),
        request.task(),
        classifier.heads().stream()
            .map(
                head ->
                    "- %s: %s".formatted(head.name(), String.join(", ", head.labels().classes())))
            .collect(Collectors.joining("\n")),
        base.name(),
        CardText.escaped(base.licence()),
        shape.blocks(),
        shape.width(),
        use(),
        files.maxTokens(),
        longer(),
        missing(),
        ModelExport.isScaled(files)
            ? "Its logits are divided by the temperatures that were fitted on the validation split"
            : "Its probabilities are not calibrated by themselves");
  }

  private String longer() {
    return switch (files.longTexts().keep()) {
      case HEAD -> "Of a longer text the start is kept, here and in Attune.";
      case HEAD_AND_TAIL ->
          "Of a longer text Attune keeps the start and the end, which Hugging Face's libraries"
              + " cannot do: with these settings they keep the start, and the answer may be"
              + " another.";
      case WINDOWS ->
          "A longer text Attune reads in windows, and answers with the mean over them; with these"
              + " settings Hugging Face's libraries keep the start, and the answer may be another.";
    };
  }

  private String missing() {
    int networks = files.parts().networks().size();
    boolean one = networks == 1;
    return (one ? "" : MEAN.formatted(networks, request.network()))
        + (files.parts().linear().length > 0 ? PARTS.formatted(one ? FIGURES : "") : "");
  }

  /** Returns the lines that Hugging Face's Hub reads. */
  private String head() {
    List<String> lines = new ArrayList<>();
    lines.add("---");
    if (!base.languages().isEmpty()) {
      lines.add("language:");
      base.languages().forEach(language -> lines.add("- " + CardText.yaml(language)));
    }
    if (!base.licence().equals("unknown")) {
      lines.add("license: " + CardText.yaml(base.licence().toLowerCase(Locale.ROOT)));
    }
    lines.add("pipeline_tag: text-classification");
    lines.add("---");
    return String.join("\n", lines);
  }

  private String use() {
    if (request.format() == Format.ONNX) {
      return "`model.onnx` takes `input_ids`, `attention_mask` and `token_type_ids` (all 0), whole"
          + " numbers of 64 bits `[batch, sequence]`, and gives "
          + classifier.heads().stream()
              .map(head -> "`" + OnnxForm.output(head.name()) + "`")
              .collect(Collectors.joining(", "))
          + ", floats `[batch, classes]`. ONNX Runtime 1.12 and later opens it.";
    }
    String pooling = classifier.shape().pooling().name().toLowerCase(Locale.ROOT);
    return new HuggingFaceForm(classifier).isSequenceClassification()
        ? "`AutoModelForSequenceClassification.from_pretrained` opens this folder. Its pooler is"
            + " the identity times 2^-13, where tanh is the identity too, and its classifier has"
            + " the inverse factor: Attune has no layer between the encoder and the head."
        : "`AutoModel.from_pretrained` opens the encoder. The vector of a text is made from those"
            + " of its tokens by the pooling `"
            + pooling
            + "` of `config.json`, key `attune`; the heads are the tensors `heads.<name>.weight`"
            + " and `.bias` over it, with softmax. `AutoModelForSequenceClassification` has another"
            + " pooling, and must not be used.";
  }
}
