package io.attune.bench.layers;

import io.attune.neural.encoder.Precision;
import io.attune.neural.onednn.OneDnn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the encoders that come with Attune with the same in PyTorch and ONNX Runtime. */
@Command(
    name = "encoders",
    mixinStandardHelpOptions = true,
    description = {
      "Compares inference and fine-tuning of BERT encoders with PyTorch and ONNX Runtime: same"
          + " shapes, same batches, same padding, AdamW, one thread each. Weights are random, which"
          + " does not change what a step costs; ONNX Runtime has those of the encoder's jar.",
      "",
      "Contenders alternate within a round; a ratio is the median of the rounds' ratios, of elapsed"
          + " time and, for a busy machine, of processor time. Padding is not counted as tokens."
          + " The last column is the speed of the matrix products of real tokens, relative to that"
          + " of a square product of the same numbers: floats by ND4J's BLAS, or bfloat16 or 8-bit"
          + " integers by oneDNN.",
      "",
      "For PyTorch: python3 -m venv VENV && VENV/bin/pip install torch numpy, then"
          + " --python VENV/bin/python."
    })
public final class EncodersBench implements Callable<Integer> {
  private static final String SCRIPT = "encoder_peer.py";

  /**
   * Holds the ways of computing in PyTorch; its linear layers by oneDNN have no backward pass that
   * works.
   */
  private static final List<String> INFERENCE = List.of("mkl", "onednn", "autocast");

  private static final List<String> TRAINING = List.of("mkl", "autocast");

  @Mixin private MeasureOptions options;

  @Option(names = "--batch", description = "Rows of a batch (${DEFAULT-VALUE}).")
  private int batch = 32;

  @Option(names = "--tokens", description = "Tokens of the longest row (${DEFAULT-VALUE}).")
  private int tokens = 64;

  @Option(
      names = "--onnx",
      description =
          "Folder with NAME/model.onnx of each encoder, for ONNX Runtime, in place of the jars that"
              + " Attune takes them from.")
  private Path onnx;

  @Option(
      names = "--out",
      description = "Folder for encoders.json and encoders.md (${DEFAULT-VALUE}).")
  private Path out = Path.of("build/bench");

  private final LayersReport report = new LayersReport();

  @Override
  public Integer call() throws IOException {
    System.out.println(
        "oneDNN uses "
            + (OneDnn.isAvailable() ? OneDnn.instructions() : "nothing, it does not load")
            + "; OPENBLAS_CORETYPE is "
            + (System.getenv("OPENBLAS_CORETYPE") == null ? "unset" : "set: unset it"));
    List<EncoderCase> cases = new ArrayList<>(EncoderCase.all(batch, tokens));
    cases.removeIf(given -> !given.name().contains(options.only));
    for (EncoderCase given : cases) {
      measure(given);
      report.write(out, "encoders"); // After each case: a run that is stopped keeps its results.
    }
    System.out.println(
        "written: " + out.resolve("encoders.json") + ", " + out.resolve("encoders.md"));
    return 0;
  }

  private void measure(EncoderCase given) throws IOException {
    int[][] lengths = given.lengths();
    List<Contender> contenders = contenders(given, lengths);
    try {
      List<Double> floats = new ArrayList<>();
      List<Double> bfloat16 = new ArrayList<>();
      List<Double> int8 = new ArrayList<>();
      List<ContenderTimes> measurements =
          options
              .rounds()
              .measure(
                  contenders,
                  lengths.length,
                  () -> {
                    floats.add(GemmPeak.floats());
                    if (OneDnn.hasFastBfloat16()) {
                      bfloat16.add(GemmPeak.bfloat16());
                    }
                    if (OneDnn.hasFastInt8()) {
                      int8.add(GemmPeak.int8());
                    }
                  });
      report.add(
          given.name(),
          given.work(lengths),
          measurements,
          name ->
              ContenderTimes.median(
                  name.equals(EncoderContender.INT8)
                      ? int8
                      : name.contains("bfloat16") ? bfloat16 : floats));
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  private List<Contender> contenders(EncoderCase given, int[][] lengths) {
    EncoderBatches batches = new EncoderBatches(given, lengths);
    List<Contender> contenders = new ArrayList<>();
    if (OneDnn.hasFastBfloat16()) {
      contenders.add(new EncoderContender(given, batches, Precision.BFLOAT16));
    }
    contenders.add(new EncoderContender(given, batches, Precision.FLOAT32));
    if (!given.trains() && OneDnn.hasFastInt8()) {
      contenders.add(EncoderContender.int8(given, batches));
    }
    for (String way : given.trains() ? TRAINING : INFERENCE) {
      ProcessContender.torch(options.python, SCRIPT, way, setup(given, lengths, way))
          .ifPresent(contenders::add);
    }
    OnnxContender.of(onnx, given, batches).ifPresent(contenders::add);
    return contenders;
  }

  private static Map<String, Object> setup(EncoderCase given, int[][] lengths, String way) {
    Map<String, Object> setup = new LinkedHashMap<>();
    setup.put("way", way);
    setup.put("blocks", given.blocks());
    setup.put("heads", given.whole().heads());
    setup.put("width", given.whole().width());
    setup.put("feedForward", given.whole().feedForward());
    setup.put("vocabulary", given.whole().vocabulary());
    setup.put("positions", given.whole().maxTokens());
    setup.put("tokens", given.tokens());
    setup.put("classes", EncoderCase.CLASSES);
    setup.put("trains", given.trains());
    setup.put("rate", EncoderCase.RATE);
    setup.put("decay", EncoderCase.DECAY);
    setup.put("lengths", Arrays.asList(lengths));
    return setup;
  }
}
