package io.attune.pipeline.bundle;

import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
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

  /** Limits texts of others. */
  private static final int LONGEST = 200;

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");
  private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]|~<>&]");
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9.+-]*");

  /** Lists what YAML takes for something else than a text. */
  private static final Set<String> YAML_WORDS =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

  private CardText() {}

  /** Returns a text of others on one line of Markdown, in which nothing of it is markup. */
  public static String escaped(String text) {
    return MARKUP
        .matcher(shortened(text))
        .replaceAll(found -> "&#" + (int) found.group().charAt(0) + ";");
  }

  /** Returns a text of others as a value of YAML. */
  public static String yaml(String text) {
    String plain = shortened(text);
    boolean isName =
        NAME.matcher(plain).matches() && !YAML_WORDS.contains(plain.toLowerCase(Locale.ROOT));
    return isName ? plain : Json.line(plain);
  }

  private static String shortened(String text) {
    String line = CONTROL.matcher(text).replaceAll(" ").strip();
    int points = line.codePointCount(0, line.length());
    return points <= LONGEST ? line : line.substring(0, line.offsetByCodePoints(0, LONGEST)) + "…";
  }

  /** Returns a line for each head, with its classes. */
  public static String heads(LabelSets labels) {
    return labels.heads().stream()
        .map(head -> "- %s: %s".formatted(head.name(), String.join(", ", head.classes())))
        .collect(Collectors.joining("\n"));
  }
}
