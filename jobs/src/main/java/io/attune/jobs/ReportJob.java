package io.attune.jobs;

import io.attune.pipeline.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "report", description = "Writes the report of the run: HTML, JSON and CSV.")
final class ReportJob implements Callable<Integer> {
  @Mixin NightOptions night;

  @Override
  public Integer call() {
    return night.runAlone(Stage.REPORT);
  }
}
