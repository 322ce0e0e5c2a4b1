package io.attune.pipeline.export;

import io.attune.neural.export.EncoderClassifier;
import io.attune.neural.export.HuggingFaceForm;
import io.attune.neural.export.OnnxForm;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Staging;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.Provenance;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.util.ModelSerializer;

/** Writes a published model as a folder that Hugging Face's libraries or ONNX Runtime read. */
public final class ModelExport {
  /** Stands for the version of the current model. */
  public static final String CURRENT = "current";

  private static final String STAGE = "export";

  private final Storage storage;
  private final Request request;
  private final Destination destination;

  private ModelExport(Storage storage, Request request, Configuration configuration) {
    this.storage = storage;
    this.request = request;
    this.destination = Destination.of(request.out(), configuration);
  }

  /** Selects the file with the weights. */
  public enum Format {
    /** Writes {@code model.safetensors}, for PyTorch. */
    SAFETENSORS,
    /** Writes {@code model.onnx}, weights and computation, for ONNX Runtime. */
    ONNX
  }

  /**
   * Says what is exported where.
   *
   * @param model a version, or {@value #CURRENT}
   * @param network of a model that has several, from 1; 0 for the only one
   * @param out the folder, a URI or a path on this machine
   */
  public record Request(String task, String model, int network, Format format, String out) {}

  /**
   * Describes what was written.
   *
   * @param location of the folder
   */
  public record Exported(String version, List<String> heads, long parameters, String location) {}

  /**
   * Exports a model; the folder is there with all of its files, or not at all.
   *
   * @param configuration of the file systems
   * @throws Failure.BadUsage if there is no such model, if it cannot be exported, or if the folder
   *     exists
   */
  public static Exported run(Storage storage, Request request, Configuration configuration) {
    return new ModelExport(storage, request, configuration).run();
  }

  private Exported run() {
    String version = version();
    Artefact bundle = Artefacts.of(storage).open(folder() + "/" + version);
    ModelFiles files = ModelFiles.read(bundle);
    EncoderClassifier classifier = classifier(files);
    Provenance model = bundle.json(ModelBundle.PROVENANCE, Provenance.class);
    BaseEncoder base = BaseEncoder.of(model, storage);
    Artefacts.of(destination.parent())
        .publish(
            destination.name(),
            new Recorder(request.task(), version, model.configuration(), Clock.systemUTC())
                .record(STAGE, Map.of("model/" + networkFile(), bundle.hash(networkFile()))),
            staging -> write(staging, files, classifier, base));
    return new Exported(
        version,
        classifier.heads().stream().map(EncoderClassifier.Head::name).toList(),
        classifier.encoder().parameters().length,
        destination.location().toString());
  }

  private String folder() {
    return "models/" + request.task();
  }

  private String version() {
    List<String> there =
        storage.list(folder()).stream()
            .filter(name -> Artefacts.of(storage).isPublished(folder() + "/" + name))
            .toList();
    if (request.model().equals(CURRENT)) {
      return CurrentModel.of(storage, request.task())
          .version()
          .orElseThrow(
              () ->
                  new Failure.BadUsage(
                      "Task '%s' has no current model at '%s'; %s",
                      request.task(), storage.root(), choice(there)));
    }
    if (!there.contains(request.model())) {
      throw new Failure.BadUsage(
          "Task '%s' has no model '%s' at '%s'; %s",
          request.task(), request.model(), storage.root(), choice(there));
    }
    return request.model();
  }

  private static String choice(List<String> there) {
    return there.isEmpty()
        ? "it has no model at all: run a night first"
        : "name one of them with --model: " + String.join(", ", there);
  }

  private String networkFile() {
    return ModelBundle.network(Math.max(1, request.network()));
  }

  private byte[] network(ModelFiles files) {
    List<byte[]> networks = files.parts().networks();
    if (networks.isEmpty()) {
      throw new Failure.BadUsage(
          "Cannot export model %s of task '%s'. It is of kind linear and has no network;"
              + " its linear.bin is described in docs/formats/model.md",
          files.version(), request.task());
    }
    if (request.network() == 0 && networks.size() > 1) {
      throw new Failure.BadUsage(
          "Cannot export model %s of task '%s' as a whole. It answers with the mean of %d networks,"
              + " and an export holds one; choose it with --network, from 1 to %d",
          files.version(), request.task(), networks.size(), networks.size());
    }
    if (request.network() < 0 || request.network() > networks.size()) {
      throw new Failure.BadUsage(
          "Model %s of task '%s' has no network %d: --network is 1 to %d",
          files.version(), request.task(), request.network(), networks.size());
    }
    return networks.get(Math.max(1, request.network()) - 1);
  }

  /** Returns whether the model is one network alone, whose temperatures were fitted. */
  static boolean isScaled(ModelFiles files) {
    return files.parts().networks().size() == 1
        && files.parts().linear().length == 0
        && files.parts().isScaled();
  }

  private EncoderClassifier classifier(ModelFiles files) {
    byte[] network = network(files);
    try {
      EncoderClassifier classifier =
          EncoderClassifier.of(
              ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(network), false),
              files.labels());
      return isScaled(files)
          ? classifier.scaled(
              IntStream.range(0, classifier.heads().size())
                  .mapToObj(files.parts()::temperature)
                  .toList())
          : classifier;
    } catch (Failure.BadUsage e) {
      throw new Failure.BadUsage(
          "Cannot export model %s of task '%s'. %s",
          files.version(), request.task(), e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("The network was verified, and cannot be opened", e);
    }
  }

  private Map<String, Long> write(
      Staging staging, ModelFiles files, EncoderClassifier classifier, BaseEncoder base)
      throws IOException {
    HuggingFaceForm form = new HuggingFaceForm(classifier);
    switch (request.format()) {
      case SAFETENSORS -> {
        try (OutputStream out = staging.create(EncoderCard.WEIGHTS)) {
          form.writeWeights(out);
        }
      }
      case ONNX -> {
        try (OutputStream out = staging.create("model.onnx")) {
          OnnxForm.write(classifier, out);
        }
      }
    }
    ExportedTokenizer tokenizer = new ExportedTokenizer(files.tokenizer(), files.maxTokens());
    write(staging, form.files(files.maxTokens(), tokenizer.padding()));
    write(staging, tokenizer.files());
    staging.write(EncoderCard.FILE_NAME, Json.pretty(base.description(request.task())));
    if (base.licenceText().isPresent()) {
      staging.write(EncoderCard.LICENCE, base.licenceText().get());
    }
    String card = new ExportCard(request, files, classifier, base).markdown();
    staging.write(ExportCard.FILE_NAME, card.getBytes(StandardCharsets.UTF_8));
    return Map.of(
        "parameters",
        (long) classifier.encoder().parameters().length,
        "maxTokens",
        (long) files.maxTokens());
  }

  private static void write(Staging staging, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      staging.write(file.getKey(), file.getValue());
    }
  }
}
