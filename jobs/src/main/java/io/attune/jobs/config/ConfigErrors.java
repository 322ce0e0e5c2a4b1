package io.attune.jobs.config;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.schemas.failure.Failure;
import java.util.List;
import java.util.Optional;

/** Says what is wrong with a configuration: file, line, key, and what is expected there. */
final class ConfigErrors {
  private ConfigErrors() {}

  /** Returns the error of a key that no record has, with what was probably meant. */
  static Failure.BadUsage unknownKey(UnrecognizedPropertyException e, List<YamlFile> layers) {
    String path = path(e);
    YamlFile source = layers.get(0);
    for (YamlFile layer : layers) {
      source = layer.contains(path) ? layer : source;
    }
    Optional<String> moved = Keys.movedTo(path);
    if (moved.isPresent()) {
      return new Failure.BadUsage("%s: %s is now %s", source.at(path), path, moved.get());
    }
    List<String> known = e.getKnownPropertyIds().stream().map(String::valueOf).toList();
    String meant =
        Keys.nearest(e.getPropertyName(), known)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("known here: " + String.join(", ", known));
    return new Failure.BadUsage("%s: unknown key '%s'; %s", source.at(path), path, meant);
  }

  /**
   * Returns the error of a value of the wrong type, or of one that a record refuses.
   *
   * @param file with the names of all layers
   * @param values of all layers
   */
  static Failure.BadUsage badValue(JsonMappingException e, YamlFile file, ObjectNode values) {
    String path = path(e);
    if (e instanceof ValueInstantiationException refused) {
      return brokenRule(refused, path, file);
    }
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      return new Failure.BadUsage(
          "%s: %s must be %s; found %s",
          file.at(path),
          path.isEmpty() ? "the file" : path,
          kind(mismatch.getTargetType()),
          found(values, e.getPath()));
    }
    return new Failure.BadUsage("%s: %s %s", file.at(path), path, e.getOriginalMessage());
  }

  /** Puts the path of a record before the key that its rule names. */
  private static Failure.BadUsage brokenRule(
      ValueInstantiationException refused, String path, YamlFile file) {
    Throwable rule = refused.getCause() == null ? refused : refused.getCause();
    String message = String.valueOf(rule.getMessage());
    Optional<String> key = Keys.subject(message, refused.getType().getRawClass());
    String prefix = path.isEmpty() || key.isEmpty() ? "" : path + ".";
    return new Failure.BadUsage(
        "%s: %s%s", file.at(key.map(prefix::concat).orElse(path)), prefix, message);
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference reference : e.getPath()) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.toString();
  }

  private static String kind(Class<?> type) {
    if (type == int.class || type == long.class) {
      return "a whole number";
    } else if (type == double.class) {
      return "a number";
    } else if (type == boolean.class) {
      return "true or false";
    } else if (type == String.class) {
      return "text";
    } else if (List.class.isAssignableFrom(type)) {
      return "a list";
    }
    return "a mapping of keys to values";
  }

  private static String found(JsonNode values, List<JsonMappingException.Reference> path) {
    JsonNode at = values;
    for (JsonMappingException.Reference step : path) {
      at = step.getFieldName() == null ? at.path(step.getIndex()) : at.path(step.getFieldName());
    }
    return at.isMissingNode() || at.isNull()
        ? "nothing"
        : "'" + (at.isValueNode() ? at.asText() : at) + "'";
  }
}
