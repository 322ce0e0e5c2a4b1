package io.attune.pipeline.bundle;

import io.attune.schemas.model.LabelSets;
import java.util.stream.Collectors;

/** Holds what the cards of several kinds of models say alike. */
public final class CardText {
  /** Is the section on the limits of a model that is only n-grams and logistic regression. */
  public static final String LIMITS_OF_LINEAR =
      """
      ## Limits
      It knows the sources, the time and the languages of its training texts only, and answers \
      with one of its classes whatever it is given. It sees which words and neighbours occur, \
      not their order beyond that. How sure it is was fitted on the validation split, if \
      `temperatures.json` is there; the report says how far off its probabilities are.
      """;

  private CardText() {}

  /** Returns a line for each head, with its classes. */
  public static String heads(LabelSets labels) {
    return labels.heads().stream()
        .map(head -> "- %s: %s".formatted(head.name(), String.join(", ", head.classes())))
        .collect(Collectors.joining("\n"));
  }
}
