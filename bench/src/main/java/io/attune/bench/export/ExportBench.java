package io.attune.bench.export;

import io.attune.jobs.spark.SparkSessions;
import io.attune.neural.encoder.TokenInput;
import io.attune.neural.export.EncoderClassifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.export.ModelExport;
import io.attune.pipeline.export.ModelExport.Exported;
import io.attune.pipeline.export.ModelExport.Format;
import io.attune.pipeline.export.ModelExport.Request;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.text.SubwordTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Exports a model in both formats and compares the probabilities that come out. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Exports a model as safetensors and as ONNX, loads the first into plain PyTorch modules and"
          + " the second into ONNX Runtime, and prints by how much their probabilities differ at"
          + " most from Attune's in floats, over texts of different lengths padded in one batch."
          + " Ends with 1 if one differs by more than 1e-4.",
      "",
      "The line of the network itself shows what its precision (model.precision) changes."
    })
public final class ExportBench implements Callable<Integer> {
  private static final double TOLERANCE = 1e-4;

  @Option(names = "--root", required = true, description = "The root with the model.")
  private String root;

  @Option(names = "--task", required = true, description = "Its task.")
  private String task;

  @Option(names = "--model", description = "Its version (${DEFAULT-VALUE}).")
  private String model = ModelExport.CURRENT;

  @Option(
      names = "--texts",
      description = "A file with a text on each line (default: random tokens).")
  private Path texts;

  @Option(names = "--rows", description = "Texts to compare, at most (${DEFAULT-VALUE}).")
  private int rows = 64;

  @Option(names = "--python", description = "A Python that can import torch (${DEFAULT-VALUE}).")
  private String python = "python3";

  @Override
  public Integer call() throws IOException {
    Configuration hadoop = SparkSessions.hadoop(Map.of());
    Storage storage = Storage.at(root, hadoop);
    Path folder = Files.createTempDirectory("attune-export");
    Exported torch = export(storage, Format.SAFETENSORS, folder.resolve("safetensors"), hadoop);
    export(storage, Format.ONNX, folder.resolve("onnx"), hadoop);
    ModelFiles files =
        ModelFiles.read(Artefacts.of(storage).open(Run.modelOf(task, torch.version())));
    ComputationGraph network =
        ModelSerializer.restoreComputationGraph(
            new ByteArrayInputStream(files.parts().networks().get(0)), false);
    EncoderClassifier classifier = EncoderClassifier.of(network, files.labels());
    List<int[]> ids = ids(files, classifier);
    Answers expected = new Answers(ids, classifier.probabilities(ids));
    System.out.printf(
        Locale.ROOT,
        "model %s of task %s, %d texts of %d to %d tokens, in floats%n",
        torch.version(),
        task,
        ids.size(),
        ids.stream().mapToInt(row -> row.length).min().orElseThrow(),
        ids.stream().mapToInt(row -> row.length).max().orElseThrow());
    print("the network itself", expected.difference(outputs(network, ids)));
    TorchCheck check = TorchCheck.run(python, folder.resolve("safetensors"), expected);
    print(check.library() + ", model.safetensors", check.difference());
    double onnx = expected.difference(OnnxCheck.answers(folder.resolve("onnx"), ids, classifier));
    print("ONNX Runtime, model.onnx", onnx);
    System.out.println("written: " + folder);
    return Math.max(check.difference(), onnx) <= TOLERANCE ? 0 : 1;
  }

  private Exported export(Storage storage, Format format, Path out, Configuration hadoop) {
    return ModelExport.run(storage, new Request(task, model, 0, format, out.toString()), hadoop);
  }

  private static void print(String name, double difference) {
    System.out.printf(Locale.ROOT, "  %-40s differs by at most %.1e%n", name, difference);
  }

  private List<int[]> ids(ModelFiles files, EncoderClassifier classifier) throws IOException {
    if (texts != null) {
      try (SubwordTokenizer tokenizer = SubwordTokenizer.of(files.tokenizer());
          Stream<String> lines = Files.lines(texts)) {
        return lines.limit(rows).map(line -> tokenizer.ids(line, files.maxTokens())).toList();
      }
    }
    Random random = new Random(1);
    int vocabulary = classifier.shape().vocabulary();
    return Stream.generate(() -> 1 + random.nextInt(files.maxTokens()))
        .limit(rows)
        .map(length -> random.ints(length, 1, vocabulary).toArray())
        .toList();
  }

  /** Returns the network's answers, {@code [row][head][class]}. */
  private static float[][][] outputs(ComputationGraph network, List<int[]> ids) {
    TokenInput input = TokenInput.of(ids);
    INDArray[] outputs =
        network.output(false, new INDArray[] {input.tokens()}, new INDArray[] {input.mask()});
    float[][][] answers = new float[ids.size()][outputs.length][];
    for (int head = 0; head < outputs.length; head++) {
      float[][] byRow = outputs[head].toFloatMatrix();
      for (int row = 0; row < byRow.length; row++) {
        answers[row][head] = byRow[row];
      }
    }
    return answers;
  }
}
