package io.attune.pipeline.stage.train.checkpoint;

import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps the last two checkpoints of one network, {@code checkpoints/<round>}. */
public final class Checkpoints {
  /** Names the folder of the checkpoints in the folder of a network. */
  public static final String FOLDER = "checkpoints";

  /** Keeps one more than is needed: the newest may turn out to be damaged. */
  private static final int KEPT = 2;

  private final Storage storage;
  private final Artefacts artefacts;
  private final Progress progress;
  private final String folder;
  private final Provenance provenance;
  private final String networkJson;
  private String lastGood = "";

  /**
   * Opens the folder, without writing.
   *
   * @param parent the folder that it is in
   * @param networkJson the network's configuration, as DL4J's JSON
   */
  public Checkpoints(
      StageContext context, String parent, Provenance provenance, String networkJson) {
    this.storage = context.storage();
    this.artefacts = context.artefacts();
    this.progress = context.progress();
    this.folder = parent + "/" + FOLDER;
    this.provenance = provenance;
    this.networkJson = networkJson;
  }

  /** Returns the path of the newest checkpoint known to be intact; empty if there is none. */
  public String lastGood() {
    return lastGood;
  }

  /**
   * Returns the newest checkpoint that is intact. A damaged one is named, and the one before it is
   * used.
   *
   * @throws Failure.BadInput if none of those that are there is intact, or if it belongs to another
   *     format version, dataset, tokenizer or configuration
   */
  public Optional<Checkpoint> newest(TrainingProgress.Identity expected) {
    List<String> names = names();
    List<Failure.BadInput> damages = new ArrayList<>();
    for (int i = names.size() - 1; i >= 0; i--) {
      String path = folder + "/" + names.get(i);
      Artefact found;
      try {
        found = artefacts.open(path).verify();
      } catch (Failure.BadInput e) {
        damages.add(e);
        continue;
      }
      damages.forEach(e -> progress.warn("an older checkpoint is used: " + e.getMessage()));
      requireSame(
          path,
          "format version",
          Checkpoint.readVersion(found) + "",
          TrainingProgress.VERSION + "");
      TrainingProgress reached = Checkpoint.readProgress(found);
      requireOfThisTraining(path, reached.training(), expected);
      lastGood = storage.resolve(path).toString();
      return Optional.of(Checkpoint.read(found, reached));
    }
    if (!damages.isEmpty()) {
      throw new Failure.BadInput(
          damages.get(0),
          "None of the %d checkpoints in '%s' is intact, so that the training cannot resume; remove"
              + " that folder to train from the beginning. The newest: %s",
          damages.size(),
          storage.resolve(folder),
          damages.get(0).getMessage());
    }
    return Optional.empty();
  }

  private void requireOfThisTraining(
      String path, TrainingProgress.Identity found, TrainingProgress.Identity expected) {
    requireSame(path, "dataset", found.dataset(), expected.dataset());
    requireSame(path, "tokenizer", found.tokenizer(), expected.tokenizer());
    requireSame(
        path,
        "model, updater or train configuration",
        found.configuration(),
        expected.configuration());
  }

  private void requireSame(String path, String what, String found, String expected) {
    if (!found.equals(expected)) {
      throw new Failure.BadInput(
          "The checkpoint '%s' belongs to another %s: %s, this run has %s; resume with what it was"
              + " made of, or remove '%s' to train from the beginning",
          storage.resolve(path), what, found, expected, storage.resolve(folder));
    }
  }

  /** Publishes a checkpoint once and removes those that are not kept. */
  public void publish(Checkpoint checkpoint) {
    String name = "%06d".formatted(checkpoint.progress().rounds());
    String path = folder + "/" + name;
    // A checkpoint of this round is the one before the epoch's end, or a damaged one, before which
    // this training resumed.
    artefacts.retire(path);
    artefacts.publish(path, provenance, staging -> checkpoint.write(staging, networkJson));
    lastGood = storage.resolve(path).toString();
    List<String> names = names();
    int newest = names.indexOf(name);
    for (int i = 0; i < names.size(); i++) {
      if (i > newest || i <= newest - KEPT) {
        artefacts.retire(folder + "/" + names.get(i));
      }
    }
  }

  /** Returns the names in the order of their rounds: all have six digits. */
  private List<String> names() {
    return storage.list(folder).stream().filter(name -> name.matches("\\d{6}")).toList();
  }
}
