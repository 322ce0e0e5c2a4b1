package io.attune.bench.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.attune.schemas.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Describes files that somebody brings as corpora of a task.
 *
 * @param text the column of the text
 * @param day the column of the day
 * @param source the column of the source; null for none
 * @param entities columns of whom a text is about
 * @param label the column of the label of the head {@code sentiment}; null for none
 */
record DatedFiles(String text, String day, String source, List<String> entities, String label) {
  DatedFiles {
    entities = List.copyOf(entities);
  }

  /**
   * Returns the corpora of a configuration and those of the files.
   *
   * @param resolved the configuration with every key, as YAML
   * @throws Failure.BadUsage if a file is not there, or two would have the same name
   */
  ArrayNode addedTo(String resolved, List<Path> files) {
    ArrayNode corpora = corpora(resolved);
    Set<String> names = new HashSet<>();
    corpora.forEach(corpus -> names.add(corpus.path("name").asText()));
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new Failure.BadUsage("There is no file or folder '%s'", file);
      }
      if (!names.add(name(file))) {
        throw new Failure.BadUsage(
            "'%s' would be a second corpus '%s'; rename the file", file, name(file));
      }
      describe(corpora.addObject(), file);
    }
    return corpora;
  }

  private static ArrayNode corpora(String resolved) {
    try {
      return (ArrayNode) new YAMLMapper().readTree(resolved).get("corpora");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read a configuration that was written", e);
    }
  }

  private void describe(ObjectNode corpus, Path file) {
    corpus.put("name", name(file)).put("path", file.toAbsolutePath().normalize().toString());
    ObjectNode columns = corpus.putObject("columns");
    columns.put("text", text).put("published-at", day);
    if (source != null) {
      columns.put("source", source);
    }
    if (label != null) {
      columns.putObject("labels").put("sentiment", label);
    }
    ArrayNode names = columns.putArray("entities");
    entities.forEach(names::add);
  }

  /** Returns the name of a file's corpus: that of the file, up to its first dot. */
  static String name(Path file) {
    String name = whole(file.toAbsolutePath().normalize().getFileName().toString());
    String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
    return plain.matches("[A-Za-z0-9].*") ? plain : "corpus" + plain;
  }

  /** Returns what a corpus is a part of: its name up to the first dot. */
  static String whole(String name) {
    int dot = name.indexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
