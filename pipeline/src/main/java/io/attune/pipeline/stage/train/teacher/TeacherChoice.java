package io.attune.pipeline.stage.train.teacher;

import io.attune.neural.network.DistilConfig;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Records which model teaches a run: {@code teacher.json} in the run's folder, made once, so that a
 * run that is resumed has the same teacher whatever is current by then; {@code
 * docs/formats/teacher.md} specifies it.
 *
 * @param version of this format
 * @param from value of {@code model.distil.from}
 * @param teacher version of the model that teaches
 * @param seal of its manifest
 * @param students models that led to it: the current one, and its teachers that are students
 */
public record TeacherChoice(
    int version, String from, String teacher, String seal, List<String> students) {
  static final String FILE_NAME = "teacher.json";
  static final int VERSION = 1;

  public TeacherChoice {
    students = List.copyOf(students);
  }

  /**
   * Returns the teacher of a run, and records it if the run has none yet.
   *
   * @throws Failure.BadInput if there is no such model, if it has other heads or classes than the
   *     task, or if it is another one than the run was begun with
   * @throws Failure.BadUsage if {@code from} is neither {@code current} nor a version
   */
  public static TeacherChoice of(StageContext context, DistilConfig config, LabelSets labels) {
    String file = context.run().folder() + "/" + FILE_NAME;
    if (context.storage().exists(file)) {
      TeacherChoice found = context.storage().readJson(file, TeacherChoice.class);
      if (found.from.equals(config.from())) {
        Artefact bundle = found.open(context);
        requireSameHeads(bundle, labels);
        return found;
      }
    }
    TeacherChoice made = find(context, config.from());
    requireSameHeads(made.open(context), labels);
    context.storage().replace(file, Json.pretty(made));
    return made;
  }

  /** Returns the path of the teacher's bundle, below the root. */
  String path(StageContext context) {
    return path(context, teacher);
  }

  private static String path(StageContext context, String version) {
    return Run.modelOf(context.run().task(), version);
  }

  /** Opens the bundle without reading it, and checks that it is the one that was chosen. */
  private Artefact open(StageContext context) {
    requirePublished(context, teacher, "model.distil.from is " + from);
    Artefact bundle = context.artefacts().open(path(context));
    if (!bundle.manifest().seal().equals(seal)) {
      throw new Failure.BadInput(
          "Run %s learns from the model '%s' with the seal %s, and that model has the seal %s now;"
              + " restore the former from a copy, or remove '%s' and the run's checkpoints to learn"
              + " from the latter",
          context.run().id(),
          bundle.location(),
          seal,
          bundle.manifest().seal(),
          context.storage().resolve(context.run().folder() + "/" + FILE_NAME));
    }
    return bundle;
  }

  private static TeacherChoice find(StageContext context, String from) {
    List<String> students = new ArrayList<>();
    String version = from;
    if (from.equals(DistilConfig.CURRENT)) {
      version = current(context);
      // A student that was promoted would be taught by itself from then on.
      for (Optional<String> of = teacherOf(context, version);
          of.isPresent() && !students.contains(version);
          of = teacherOf(context, version)) {
        students.add(version);
        version = of.get();
      }
    } else {
      requireVersion(context, from);
    }
    requirePublished(
        context,
        version,
        students.isEmpty()
            ? "model.distil.from is " + from
            : "model.distil.from is current, and the models %s are students of it"
                .formatted(students));
    String seal = context.artefacts().manifest(path(context, version)).seal();
    return new TeacherChoice(VERSION, from, version, seal, students);
  }

  private static String current(StageContext context) {
    return CurrentModel.of(context.storage(), context.run().task())
        .version()
        .orElseThrow(
            () ->
                new Failure.BadInput(
                    "model.distil.from is current, and task '%s' has no current model below '%s';"
                        + " train a teacher first, by a night with model.distil.from: none, or name"
                        + " a published model: %s",
                    context.run().task(), context.storage().root(), published(context)));
  }

  private static Optional<String> teacherOf(StageContext context, String version) {
    String path = path(context, version);
    return context.artefacts().isPublished(path)
        ? Teacher.versionIn(context.artefacts().open(path).provenance())
        : Optional.empty();
  }

  private static void requireVersion(StageContext context, String from) {
    try {
      var unused = Run.ofVersion(context.run().task(), from);
    } catch (IllegalArgumentException e) {
      throw new Failure.BadUsage(
          "model.distil.from must be current, none, or the version of a published model of task"
              + " '%s', such as 2026-01-02.1, got '%s'; there are %s",
          context.run().task(), from, published(context));
    }
  }

  private static void requirePublished(StageContext context, String version, String reason) {
    if (!context.artefacts().isPublished(path(context, version))) {
      throw new Failure.BadInput(
          "The teacher '%s' is missing: there is no such model of task '%s' below '%s' (%s);"
              + " restore it from a copy, or name another one in model.distil.from: %s",
          version, context.run().task(), context.storage().root(), reason, published(context));
    }
  }

  private static String published(StageContext context) {
    List<String> versions =
        context.storage().list("models/" + context.run().task()).stream()
            .filter(name -> context.artefacts().isPublished(path(context, name)))
            .toList();
    return versions.isEmpty() ? "none is published" : String.join(", ", versions);
  }

  private static void requireSameHeads(Artefact bundle, LabelSets labels) {
    LabelSets found = bundle.json(ModelBundle.LABELS, LabelSets.class);
    if (!found.equals(labels)) {
      throw new Failure.BadInput(
          "The teacher '%s' answers %s, and the task has %s; name a model with the same heads and"
              + " classes, in the same order, in model.distil.from, or train one by a night with"
              + " model.distil.from: none",
          bundle.name(), describe(found), describe(labels));
    }
  }

  private static String describe(LabelSets labels) {
    return labels.heads().stream()
        .map(head -> head.name() + ": " + head.classes())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
