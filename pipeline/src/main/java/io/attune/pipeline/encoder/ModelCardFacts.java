package io.attune.pipeline.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

  /** Reads both files, either of which may be missing, and the name in {@code config.json}. */
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
      facts = facts.over(own.get());
    }
    String published =
        files
            .object(EncoderCard.CONFIG)
            .map(config -> config.path("_name_or_path").asText())
            .orElse("");
    return facts.withKnownOf(published + " " + files.location());
  }

  private ModelCardFacts over(JsonNode own) {
    return new ModelCardFacts(
        own.has("languages") ? languages(texts(own.get("languages"))) : languages,
        own.path("licence").asText(licence),
        own.has("trainedOn") ? texts(own.get("trainedOn")) : trainedOn);
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

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
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
