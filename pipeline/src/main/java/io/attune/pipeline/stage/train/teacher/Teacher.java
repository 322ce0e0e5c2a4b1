package io.attune.pipeline.stage.train.teacher;

import io.attune.neural.network.DistilConfig;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.Provenance;
import java.util.Locale;
import java.util.Optional;

/** Holds the published model that a student learns from. */
public record Teacher(TeacherChoice choice, ModelFiles files) {
  /** Begins the names of what a student's provenance says of its teacher. */
  public static final String INPUTS = "teacher/";

  private static final String VERSION_INPUT = INPUTS + "version";
  private static final String SEAL_INPUT = INPUTS + "seal";

  /**
   * Opens the teacher of a run, checks every byte of it and records it.
   *
   * @throws Failure.BadInput if it is missing, damaged, or has other heads or classes
   */
  public static Teacher open(
      StageContext context, StageInputs inputs, DistilConfig config, LabelSets labels) {
    TeacherChoice choice = TeacherChoice.of(context, config, labels);
    ModelFiles files = ModelFiles.read(inputs.open("teacher", choice.path(context)));
    inputs.record(VERSION_INPUT, choice.teacher());
    inputs.record(SEAL_INPUT, choice.seal());
    return new Teacher(choice, files);
  }

  /** Returns the version of the model that taught another one; empty if that is no student. */
  public static Optional<String> versionIn(Provenance student) {
    return Optional.ofNullable(student.inputs().get(VERSION_INPUT));
  }

  /** Returns its version, such as {@code 2026-01-02.1}. */
  public String version() {
    return choice.teacher();
  }

  /** Returns what identifies it. */
  public String identity() {
    return choice.teacher() + "/" + choice.seal();
  }

  /** Describes what a network of a kind learned from it, for people. */
  public String describe(DistilConfig config) {
    return String.format(
        Locale.ROOT,
        "a student of the model `%s` (seal `%s`; what it learned of a row with a label is %.0f %%"
            + " that model's probabilities and %.0f %% the label, of a row without one its"
            + " probabilities alone, at temperature %s)",
        choice.teacher(),
        choice.seal(),
        100 * config.weight(),
        100 * (1 - config.weight()),
        config.temperature());
  }
}
