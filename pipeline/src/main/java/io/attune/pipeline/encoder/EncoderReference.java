package io.attune.pipeline.encoder;

import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Locates an encoder for executors, which read it from the root by themselves.
 *
 * @param identity SHA-256 of all that it computes with, which it must have
 * @param files configuration of the root's file system
 */
public record EncoderReference(
    String root, String name, String identity, SerializableConfiguration files)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * Opens the encoder.
   *
   * @throws Failure.BadInput if it is not there, or is another one
   */
  public EncoderArtefact open() {
    EncoderArtefact there = Encoders.in(Storage.at(root, files.value())).open(name);
    String found = there.content().identity();
    if (!found.equals(identity)) {
      throw new Failure.BadInput(
          "The encoder '%s' at '%s' was exchanged while it was in use: its files have together"
              + " SHA-256 %s, the run began with %s; run the night again",
          name, there.location(), found, identity);
    }
    return there;
  }
}
