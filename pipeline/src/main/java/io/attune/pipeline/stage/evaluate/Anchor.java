package io.attune.pipeline.stage.evaluate;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.storage.AnchorModel;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Opens the anchor, as far as there is one that can be compared: another model than those that are
 * evaluated anyway, with its bundle, and with tonight's classes.
 */
record Anchor(StageContext context, StageInputs inputs, LabelSets tonight) {

  /** Adds it to the models, or says why it is left out. */
  void addTo(Map<String, TextModel> models, Map<String, String> versions) {
    Optional<String> anchor = AnchorModel.of(context.storage(), context.run().task()).version();
    if (anchor.isEmpty() || versions.containsValue(anchor.get())) {
      return;
    }
    String version = anchor.get();
    Optional<ModelFiles> files = open(version);
    if (files.isPresent()) {
      models.put(Evaluation.ANCHOR, new BundledModel(files.get(), tonight));
      versions.put(Evaluation.ANCHOR, version);
    }
  }

  private Optional<ModelFiles> open(String version) {
    String folder = Run.modelOf(context.run().task(), version);
    if (!context.artefacts().isPublished(folder)) {
      return without(
          version, "its bundle '%s' is gone".formatted(context.storage().resolve(folder)));
    }
    ModelFiles files;
    try {
      files = ModelFiles.read(inputs.open(Evaluation.ANCHOR, folder));
    } catch (Failure.BadInput e) {
      return without(version, e.getMessage());
    }
    for (Head head : files.labels().heads()) {
      Optional<Head> now = tonight.head(head.name());
      if (now.isPresent() && !Set.copyOf(now.get().classes()).equals(Set.copyOf(head.classes()))) {
        return without(
            version,
            "it knows the classes %s of '%s', and tonight has %s"
                .formatted(head.classes(), head.name(), now.get().classes()));
      }
    }
    return Optional.of(files);
  }

  private Optional<ModelFiles> without(String version, String why) {
    context
        .progress()
        .warn(
            "nothing is held against the anchor %s, since %s; pin another with: attune anchor"
                .formatted(version, why));
    return Optional.empty();
  }
}
