package io.attune.schemas.model;

import java.util.Map;

/**
 * Records who made an artefact, when, from which bytes and with which versions.
 *
 * @param stage the stage that made it
 * @param createdAt ISO 8601, UTC
 * @param inputs by name, the hash or table snapshot of everything it was made from
 * @param configuration SHA-256 of the resolved configuration
 * @param commit of Attune's source; {@code unknown} outside a checkout
 * @param versions of Attune, Java, Spark, Scala, Hadoop, DL4J, the operating system and processor
 */
public record Provenance(
    String task,
    String run,
    String stage,
    String createdAt,
    String user,
    String host,
    Map<String, String> inputs,
    String configuration,
    String commit,
    Map<String, String> versions) {
  public Provenance {
    inputs = Map.copyOf(inputs);
    versions = Map.copyOf(versions);
  }
}
