package io.attune.pipeline.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Holds what a folder says of its encoder that its weights do not: in the head of its {@code
 * README.md}, as Hugging Face has it, or in an {@code encoder.json} of the user's, which counts for
 * more.
 *
 * @param languages by BCP 47; empty if nothing says
 * @param licence {@code unknown} if nothing says
 * @param trainedOn data sets that it names
 */
record ModelCardFacts(List<String> languages, String licence, List<String> trainedOn) {
  private static final String FENCE = "---";
  private static final String PHRASEBANK = "financial_phrasebank";

  /**
   * Reads both files, either of which may be missing, and the name in {@code config.json}.
   *
   * @throws Failure.BadInput if one is not what it must be
   */
  static ModelCardFacts read(TrackedFiles files) throws IOException {
    Optional<byte[]> readme = files.findSmall("README.md");
    List<String> head = readme.map(ModelCardFacts::head).orElse(List.of());
    List<String> licence = values(head, "license");
    ModelCardFacts facts =
        new ModelCardFacts(
            languages(values(head, "language")),
            licence.isEmpty() ? "unknown" : licence.get(0),
            values(head, "datasets"));
    Optional<ObjectNode> own = files.object(EncoderCard.FILE_NAME);
    if (own.isPresent()) {
      facts = facts.over(new Own(own.get(), files.location()));
    }
    String published =
        files
            .object(EncoderCard.CONFIG)
            .map(config -> config.path("_name_or_path").asText())
            .orElse("");
    return facts.withKnownOf(published + " " + files.location());
  }

  private ModelCardFacts over(Own own) {
    return new ModelCardFacts(
        own.texts("languages").map(ModelCardFacts::languages).orElse(languages),
        own.texts("licence").map(texts -> String.join(", ", texts)).orElse(licence),
        own.texts("trainedOn").orElse(trainedOn));
  }

  /** Holds the description that the user wrote. */
  private record Own(JsonNode json, String location) {
    /** Returns the texts of a field, one or a list; empty if it says nothing. */
    Optional<List<String>> texts(String key) {
      JsonNode value = json.path(key);
      if (value.isMissingNode() || value.isNull()) {
        return Optional.empty();
      }
      List<String> texts = new ArrayList<>();
      Iterable<JsonNode> items = value.isArray() ? value : List.of(value);
      for (JsonNode item : items) {
        if (!item.isTextual()) {
          throw new Failure.BadInput(
              "'%s' of '%s' has the %s %s, which must be a text or a list of texts; correct it",
              EncoderCard.FILE_NAME, location, key, value);
        }
        texts.add(item.textValue().strip());
      }
      texts.removeIf(String::isEmpty);
      return value.isTextual() && texts.isEmpty() ? Optional.empty() : Optional.of(texts);
    }
  }

  /** Adds what models of a name are known to have been tuned on. */
  private ModelCardFacts withKnownOf(String name) {
    if (!name.toLowerCase(Locale.ROOT).contains("finbert") || trainedOn.contains(PHRASEBANK)) {
      return this;
    }
    List<String> seen = new ArrayList<>(trainedOn);
    seen.add(PHRASEBANK);
    return new ModelCardFacts(languages, licence, seen);
  }

  /** Returns languages without region and script; none where it is for many. */
  private static List<String> languages(List<String> given) {
    List<String> plain =
        given.stream()
            .map(language -> language.toLowerCase(Locale.ROOT).split("[-_]", 2)[0])
            .distinct()
            .toList();
    return plain.contains("multilingual") ? List.of() : plain;
  }

  /** Returns the lines between the two fences at the beginning of the file. */
  private static List<String> head(byte[] readme) {
    List<String> lines = new String(readme, StandardCharsets.UTF_8).lines().toList();
    if (lines.isEmpty() || !lines.get(0).strip().equals(FENCE)) {
      return List.of();
    }
    List<String> rest = lines.subList(1, lines.size());
    int end = rest.stream().map(String::strip).toList().indexOf(FENCE);
    return end < 0 ? List.of() : rest.subList(0, end);
  }

  /** Returns the values of a top-level key: one, a list in brackets, or a list of lines. */
  private static List<String> values(List<String> head, String key) {
    List<String> values = new ArrayList<>();
    boolean within = false;
    for (String line : head) {
      if (line.startsWith(key + ":")) {
        within = true;
        String rest = line.substring(key.length() + 1).strip().replaceAll("^\\[|]$", "");
        for (String value : rest.split(",", -1)) {
          addUnquoted(values, value);
        }
      } else if (within && line.strip().startsWith("- ")) {
        addUnquoted(values, line.strip().substring(2));
      } else {
        within = false;
      }
    }
    return values;
  }

  private static void addUnquoted(List<String> values, String value) {
    String plain = value.strip().replaceAll("^[\"']|[\"']$", "");
    if (!plain.isEmpty()) {
      values.add(plain);
    }
  }
}
