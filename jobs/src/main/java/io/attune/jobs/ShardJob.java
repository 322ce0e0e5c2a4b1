package io.attune.jobs;

import io.attune.pipeline.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "shard", description = "Shuffles token ids into Parquet shards with an index.")
final class ShardJob implements Callable<Integer> {
  @Mixin NightOptions night;

  @Override
  public Integer call() {
    return night.runAlone(Stage.SHARD);
  }
}
