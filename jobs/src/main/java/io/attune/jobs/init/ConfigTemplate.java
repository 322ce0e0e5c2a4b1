package io.attune.jobs.init;

import io.attune.pipeline.encoder.KnownEncoder;
import io.attune.pipeline.input.Sample;
import io.attune.pipeline.text.DocumentText;
import io.attune.pipeline.text.LanguageMix;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a commented configuration for one file. */
public final class ConfigTemplate {
  private ConfigTemplate() {}

  /**
   * Writes the YAML.
   *
   * @param task its name
   * @param file the sample's path, as the configuration will name it
   */
  public static String of(String task, String file, Sample sample) {
    InferredColumns inferred = InferredColumns.of(sample);
    StringBuilder yaml = new StringBuilder();
    yaml.append("# Written by attune init from the first ")
        .append(sample.records().size())
        .append(" records of the file below: read it, correct what was guessed wrong, then run\n")
        .append("#   attune nightly -c THIS_FILE\n")
        .append("# Relative paths are relative to this file. Any Hadoop URI works as well.\n");
    line(yaml, 0, "task", task);
    line(yaml, 0, "root", "build/" + task);
    yaml.append(
        "\n"
            + "# The label heads: the questions that each text is asked, with their classes in"
            + " order.\n"
            + "heads:\n");
    if (inferred.labels().isEmpty()) {
      yaml.append("  # No column looked like a label (few, short, repeated values); name yours:\n")
          .append("  sentiment: [negative, neutral, positive]\n");
    }
    for (Map.Entry<String, Set<String>> head : inferred.labels().entrySet()) {
      yaml.append("  ").append(scalar(headName(head.getKey()))).append(": ");
      yaml.append(
          head.getValue().stream()
              .map(ConfigTemplate::scalar)
              .collect(Collectors.joining(", ", "[", "]\n")));
    }
    yaml.append("\ncorpora:\n");
    yaml.append("  - name: ").append(task).append('\n');
    yaml.append("    # {date} in the path stands for a night: data/{date}/reviews.csv\n");
    line(yaml, 2, "path", file);
    line(
        yaml,
        2,
        "format",
        sample.layout().format().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    String delimiter = sample.layout().delimiter();
    if (delimiter != null && !delimiter.equals(",")) {
      line(yaml, 2, "delimiter", delimiter);
    }
    Optional<String> language = language(sample, inferred);
    language.ifPresent(found -> line(yaml, 2, "language", found));
    yaml.append("    # The file has the columns: ")
        .append(String.join(", ", sample.columns()).replaceAll("\\R", " "))
        .append('\n');
    yaml.append("    columns:\n");
    inferred.id().ifPresent(column -> line(yaml, 3, "id", column));
    inferred.title().ifPresent(column -> line(yaml, 3, "title", column));
    line(yaml, 3, "text", inferred.text());
    inferred.publishedAt().ifPresent(column -> line(yaml, 3, "published-at", column));
    inferred.source().ifPresent(column -> line(yaml, 3, "source", column));
    if (!inferred.labels().isEmpty()) {
      yaml.append("      labels:\n");
      inferred.labels().keySet().forEach(column -> line(yaml, 4, headName(column), column));
    }
    yaml.append("\n# News is split by time (train on the past), reviews by a hash of their id.\n");
    yaml.append("split:\n");
    line(yaml, 1, "by", inferred.publishedAt().isPresent() ? "time" : "hash");
    yaml.append("\n# ").append(encoder(language)).append("\n");
    yaml.append("\n# Every other key has a default; attune init --defaults prints them all.\n");
    return yaml.toString();
  }

  /** Returns the language of nearly all texts of the sample. */
  private static Optional<String> language(Sample sample, InferredColumns inferred) {
    LanguageMix mix = new LanguageMix();
    for (Map<String, String> record : sample.records()) {
      String title = inferred.title().map(record::get).orElse(null);
      mix.add(null, DocumentText.of(title, record.get(inferred.text())));
    }
    return mix.main();
  }

  private static String encoder(Optional<String> language) {
    return language
        .flatMap(KnownEncoder::ofLanguage)
        .map(
            known ->
                "The network starts from the pretrained encoder '%s', of which more is in"
                        .formatted(known.name())
                    + " docs/ENCODERS.md;\n# with 'model: {encoder: none}' it has a vocabulary of its"
                    + " own.")
        .orElse(
            "There is no pretrained encoder for texts like these: the network has a vocabulary of"
                + " its own.\n# One that you have: model: {encoder: FOLDER}");
  }

  private static void line(StringBuilder yaml, int depth, String key, String value) {
    yaml.append("  ".repeat(depth))
        .append(scalar(key))
        .append(": ")
        .append(scalar(value))
        .append('\n');
  }

  /** Makes a head name from a column, without spaces and signs: outputs are named by it. */
  private static String headName(String column) {
    String name = column.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
    return name.replaceAll("^-+|-+$", "");
  }

  /** Quotes a text wherever YAML could read it as another type. */
  private static String scalar(String text) {
    if (text.matches("[A-Za-z][A-Za-z0-9_./-]*")
        && !text.matches("(?i)true|false|yes|no|on|off|null|y|n")) {
      return text;
    }
    return "\""
        + text.replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\t", "\\t")
            .replaceAll("\\R", " ")
        + "\"";
  }
}
