package io.attune.jobs;

import io.attune.pipeline.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "tokenize",
    description = "Splits documents, trains the tokenizer on the train split, and encodes all.")
final class TokenizeJob implements Callable<Integer> {
  @Mixin NightOptions night;

  @Override
  public Integer call() {
    return night.runAlone(Stage.TOKENIZE);
  }
}
