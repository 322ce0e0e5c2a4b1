package io.attune.pipeline;

import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Artefacts;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.table.TableSchema;
import java.util.Map;
import java.util.TreeMap;

/**
 * Opens what one stage reads and records it, so that the provenance of what the stage publishes
 * lists every input. For use by one thread.
 *
 * <p>A file is recorded as {@code <artefact>/<file>} with its SHA-256, a table by its name with the
 * id of its snapshot.
 */
public final class StageInputs {
  private final StageContext context;
  private final Stage stage;
  private final Map<String, String> recorded = new TreeMap<>();
  private boolean complete;

  StageInputs(StageContext context, Stage stage) {
    this.context = context;
    this.stage = stage;
  }

  /**
   * Opens an artefact; each of its files is recorded when it is read.
   *
   * @param name of the artefact in the provenance, such as {@code dataset}
   * @param path of its folder below the root
   * @throws Failure.BadInput if it is not published, or its manifest does not match its seal
   */
  public Artefact open(String name, String path) {
    return Artefacts.of(context.storage())
        .open(path, (file, sha256) -> record(name + "/" + file, sha256));
  }

  /**
   * Opens an artefact and records at once the hash of the file that stands for all of it, under the
   * artefact's bare name.
   *
   * @param identity such as the index of a dataset, which holds the hash of every shard
   * @throws Failure.BadInput if it is not published, its manifest does not match its seal, or it
   *     lists no such file
   */
  public Artefact open(String name, String path, String identity) {
    Artefact artefact =
        Artefacts.of(context.storage())
            .open(
                path,
                (file, sha256) -> {
                  if (!file.equals(identity)) {
                    record(name + "/" + file, sha256);
                  }
                });
    record(name, artefact.hash(identity));
    return artefact;
  }

  /**
   * Returns the present snapshot of a table, and records it.
   *
   * @return 0 while the table is empty
   * @throws Failure.BadInput if no stage has written the table yet
   */
  public long snapshot(TableSchema table) {
    long snapshot = context.tables().snapshot(table);
    record(table.name(), Long.toString(snapshot));
    return snapshot;
  }

  /**
   * Records an input that is not an artefact.
   *
   * @param value its hash, its snapshot, or another value that identifies it
   */
  public void record(String name, String value) {
    if (complete) {
      throw new IllegalStateException(
          "'%s' is read after the provenance of stage '%s' was made".formatted(name, stage.word()));
    }
    recorded.put(name, value);
  }

  /** Makes the provenance of what the stage publishes; nothing may be read after that. */
  public Provenance provenance() {
    complete = true;
    return context.recorder().record(stage.word(), recorded);
  }
}
