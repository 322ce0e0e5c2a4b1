package io.attune.jobs;

import io.attune.jobs.console.Console;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.export.ModelExport;
import io.attune.pipeline.export.ModelExport.Exported;
import io.attune.pipeline.export.ModelExport.Format;
import io.attune.pipeline.storage.Storage;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    description = {
      "Writes the network of a fine-tuned model for other libraries.",
      "",
      "The folder has Hugging Face's form: model.safetensors (for PyTorch) or model.onnx (for ONNX"
          + " Runtime), config.json, tokenizer.json and a model card. The linear part of a model is"
          + " not in it.",
    },
    footer = {
      "",
      "Examples:",
      "  attune export -c reviews.yaml --out reviews-bert",
      "  attune export -c reviews.yaml --model 2026-01-02.1 --format onnx --out reviews-onnx",
    })
final class ExportJob implements Callable<Integer> {
  @Mixin RootOptions options;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "The task, if the root holds several (default: the configuration's).")
  String task;

  @Option(
      names = "--model",
      paramLabel = "VERSION",
      defaultValue = ModelExport.CURRENT,
      description = "Such as 2026-01-02.1 (default: ${DEFAULT-VALUE}).")
  String model;

  @Option(
      names = "--network",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Which network of a model that has several (train.seeds), from 1.")
  int network;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "safetensors",
      description = "safetensors or onnx (default: ${DEFAULT-VALUE}).")
  Format format;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "The folder to write, a path or a URI; it must not exist.")
  String out;

  @Override
  public Integer call() {
    Storage storage = options.open();
    Exported exported =
        ModelExport.run(
            storage,
            new ModelExport.Request(options.task(task, storage), model, network, format, out),
            SparkSessions.hadoop(Map.of()));
    Console console = Terminal.console();
    console.line(
        "Model %s: an encoder of %,d parameters, heads %s"
            .formatted(
                exported.version(), exported.parameters(), String.join(", ", exported.heads())));
    console.line("Written: " + exported.location());
    return ExitCodes.DONE;
  }
}
