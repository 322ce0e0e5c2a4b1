package io.attune.schemas.model;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Lists the label heads of a task and the classes of each, in order: {@code labels.json}.
 *
 * <p>The order is the order of a network's outputs and of their units; it never changes for a
 * published model.
 */
public record LabelSets(List<Head> heads) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Names a classification head, such as {@code sentiment}, and its classes. */
  public record Head(String name, List<String> classes) implements Serializable {
    private static final long serialVersionUID = 1;

    public Head {
      classes = List.copyOf(classes);
      require(!name.isBlank(), "a head must have a name");
      require(classes.size() >= 2, "head '%s' must have at least 2 classes, got %s", name, classes);
      require(
          new LinkedHashSet<>(classes).size() == classes.size(),
          "head '%s' must name each class once, got %s",
          name,
          classes);
    }

    /** Returns the index of a class among the head's outputs; -1 if it is not one of them. */
    public int indexOf(String label) {
      return classes.indexOf(label);
    }
  }

  public LabelSets {
    heads = List.copyOf(heads);
    require(!heads.isEmpty(), "a task must have at least one label head");
    require(
        heads.stream().map(Head::name).distinct().count() == heads.size(),
        "each head must be named once, got %s",
        heads.stream().map(Head::name).toList());
  }

  /** Returns the head of that name. */
  public Optional<Head> head(String name) {
    return heads.stream().filter(head -> head.name().equals(name)).findFirst();
  }
}
