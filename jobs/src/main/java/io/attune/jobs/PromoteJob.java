package io.attune.jobs;

import io.attune.pipeline.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "promote",
    description = "Makes the run's model the current one, if the comparison allows it.",
    footer = {"", "Ends with exit code 5 if the comparison says to keep the current model."})
final class PromoteJob implements Callable<Integer> {
  @Mixin NightOptions night;

  @Override
  public Integer call() {
    return night.runAlone(Stage.PROMOTE);
  }
}
