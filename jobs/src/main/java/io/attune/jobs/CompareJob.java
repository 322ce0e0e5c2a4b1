package io.attune.jobs;

import io.attune.pipeline.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "compare",
    description =
        "Decides by paired statistics whether the candidate may replace the current model.")
final class CompareJob implements Callable<Integer> {
  @Mixin NightOptions night;

  @Override
  public Integer call() {
    return night.runAlone(Stage.COMPARE);
  }
}
