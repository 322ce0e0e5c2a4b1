package io.attune.jobs.night;

import io.attune.jobs.config.NightConfig;
import io.attune.jobs.config.RunConfig;
import io.attune.jobs.console.Console;
import io.attune.pipeline.storage.Storage;
import java.time.Clock;

/** Holds what every part of a task's nights works with. */
record NightContext(
    NightConfig configs, Storage storage, Console console, Clock clock, NightLog log) {

  RunConfig config() {
    return configs.config();
  }
}
