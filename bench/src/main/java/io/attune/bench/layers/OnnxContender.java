package io.attune.bench.layers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.attune.pipeline.Progress;
import io.attune.pipeline.encoder.KnownEncoder;
import io.attune.pipeline.encoder.MavenRepository;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs an encoder in ONNX Runtime, in this JVM, on one thread. */
final class OnnxContender implements Contender {
  static final String NAME = "onnx runtime";

  private final OrtSession session;
  private final List<Map<String, OnnxTensor>> batches = new ArrayList<>();
  private int step;

  private OnnxContender(byte[] model, EncoderBatches given) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(model, options);
    }
    for (int i = 0; i < given.count(); i++) {
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
      for (String input : session.getInputNames()) {
        inputs.put(input, OnnxTensor.createTensor(environment, values(input, given, i)));
      }
      batches.add(inputs);
    }
  }

  /** Returns the values of an input by the name that exports of BERT give it. */
  private static long[][] values(String input, EncoderBatches given, int batch) {
    return switch (input) {
      case "input_ids" -> given.ids(batch);
      case "attention_mask" -> given.mask(batch);
      default -> new long[given.ids(batch).length][given.ids(batch)[0].length];
    };
  }

  /**
   * Loads an encoder; empty, with the reason printed, if it cannot be had.
   *
   * @param folder of encoders, each in a folder of its name; null for the jars that Attune takes
   *     them from
   */
  static Optional<Contender> of(Path folder, EncoderCase given, EncoderBatches batches) {
    if (given.trains()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new OnnxContender(model(folder, given.encoder()), batches));
    } catch (IOException | Failure e) {
      System.out.println("skipped: ONNX Runtime; " + e.getMessage() + " (see --onnx)");
      return Optional.empty();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot load " + given.encoder(), e);
    }
  }

  private static byte[] model(Path folder, String encoder) throws IOException {
    if (folder != null) {
      return Files.readAllBytes(folder.resolve(encoder).resolve("model.onnx"));
    }
    KnownEncoder known = KnownEncoder.find(encoder).orElseThrow();
    return known.onnx(MavenRepository.ofUser(), Progress.SILENT);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public StepTime run(int steps) {
    return StepTime.of(steps, this::infer);
  }

  private void infer() {
    try (OrtSession.Result result = session.run(batches.get(step++ % batches.size()))) {
      result.get(0).getInfo();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed in a step", e);
    }
  }

  @Override
  public void close() {
    try {
      batches.forEach(batch -> batch.values().forEach(OnnxTensor::close));
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot close its session", e);
    }
  }
}
