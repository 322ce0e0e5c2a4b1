package io.attune.bench.layers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
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

  private OnnxContender(Path model, EncoderBatches given) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(model.toString(), options);
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
   * Loads an encoder; empty if there is none.
   *
   * @param folder of encoders, each in a folder of its name; null for none
   */
  static Optional<Contender> of(Path folder, EncoderCase given, EncoderBatches batches) {
    if (folder == null || given.trains()) {
      return Optional.empty();
    }
    Path model = folder.resolve(given.encoder()).resolve("model.onnx");
    if (!Files.isReadable(model)) {
      System.out.println("skipped: ONNX Runtime; there is no " + model + " (see --onnx)");
      return Optional.empty();
    }
    try {
      return Optional.of(new OnnxContender(model, batches));
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot load " + model, e);
    }
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
