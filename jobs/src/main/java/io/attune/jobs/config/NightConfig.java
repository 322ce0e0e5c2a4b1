package io.attune.jobs.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds the configuration of a task, and what holds instead in a night that finds no encoder for
 * its texts: other defaults are right for a network with a vocabulary of its own.
 *
 * @param config as the task's file has it
 * @param ownVocabulary the same with {@code model.encoder: none}
 */
public record NightConfig(RunConfig config, RunConfig ownVocabulary) {

  /** Returns a configuration that is the same with an encoder and without one. */
  public static NightConfig of(RunConfig config) {
    return new NightConfig(config, config);
  }

  /**
   * Reads a task's file twice, as {@link RunConfigs#load(Path, List)} does.
   *
   * @param overrides such as {@code train.stopping.epochs=4}
   */
  public static NightConfig load(Path file, List<String> overrides) {
    List<String> without = new ArrayList<>(overrides);
    without.add("model.encoder=none");
    return new NightConfig(
        RunConfigs.load(file, overrides), RunConfigs.load(file, List.copyOf(without)));
  }
}
