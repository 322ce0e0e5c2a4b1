package io.attune.neural.pretrained;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.pretrained.Placement.Form;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads an encoder from the files that Hugging Face's libraries write: {@code config.json}; {@code
 * model.safetensors}, its parts, or {@code model.onnx}; {@code tokenizer.json} or {@code
 * vocab.txt}; the pooling files of sentence-transformers. Opening reads the small files alone.
 */
public final class EncoderFolder {
  private static final String PICKLE = "pytorch_model.bin";

  /** Lists the names that Hugging Face's exports give to files that are not read. */
  private static final List<String> QUANTIZED =
      List.of(
          "onnx/model_quantized.onnx",
          "onnx/model_int8.onnx",
          "onnx/model_uint8.onnx",
          "model_quantized.onnx");

  private final EncoderFiles files;
  private final EncoderConfig config;

  private EncoderFolder(EncoderFiles files) {
    this.files = files;
    this.config = EncoderConfig.read(files, PoolingFiles.read(files));
  }

  /**
   * Opens an encoder.
   *
   * @throws io.attune.schemas.failure.Failure.BadInput if there is none, or it is not supported
   */
  public static EncoderFolder open(EncoderFiles files) {
    return new EncoderFolder(files);
  }

  /** Returns the name of the architecture, as the configuration has it. */
  public String modelType() {
    return config.modelType();
  }

  /** Returns the shape of the whole encoder; its pooling is the one that its authors meant. */
  public EncoderShape shape() {
    return config.shape();
  }

  /** Returns the number of tokens that the authors mean it for, at most those with a position. */
  public int maxTokens() {
    return PoolingFiles.maxTokens(files, config.shape().maxTokens());
  }

  /**
   * Returns the tokenizer as a {@code tokenizer.json} without truncation and padding.
   *
   * @throws io.attune.schemas.failure.Failure.BadInput if there is none, or it has more tokens than
   *     the encoder
   */
  public byte[] tokenizer() {
    return TokenizerFiles.read(files, config.shape().vocabulary());
  }

  /** Returns the names of the tensors that {@link #read} does not use, such as those of a head. */
  public List<String> unused() {
    Weights weights = weights();
    Map<String, StoredTensor> unused = new TreeMap<>(weights.tensors);
    weights.places().keySet().forEach(tensor -> unused.remove(tensor.name()));
    return List.copyOf(unused.keySet());
  }

  /**
   * Reads the parameters.
   *
   * @throws io.attune.schemas.failure.Failure.BadInput if a tensor is missing, has another shape,
   *     or holds a number that is not finite
   */
  public PretrainedEncoder read() {
    Weights weights = weights();
    Map<StoredTensor, Placement> places = weights.places();
    long length = EncoderLayout.of(config.shape()).length();
    if (length > Integer.MAX_VALUE - 8) {
      throw weights.file.bad(
          "the encoder has %d parameters, more than a Java array; take a smaller one", length);
    }
    float[] parameters = new float[(int) length];
    List<Runnable> sums = new ArrayList<>();
    new TensorReader(files)
        .read(
            places.keySet(),
            (tensor, values) -> {
              requireFinite(tensor, values);
              Placement place = places.get(tensor);
              Runnable placing = () -> place.read(values, tensor.transposed(), parameters);
              if (place.form() == Form.FIRST_ROW_ADDED) {
                sums.add(placing);
              } else {
                placing.run();
              }
            });
    sums.forEach(Runnable::run);
    return new PretrainedEncoder(config.shape(), parameters);
  }

  private void requireFinite(StoredTensor tensor, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new SourceFile(files, tensor.file())
            .bad(
                "tensor '%s' holds %s, and an encoder computes with finite numbers; take the"
                    + " encoder from its publisher again",
                tensor.name(), value);
      }
    }
  }

  private Weights weights() {
    if (Safetensors.in(files)) {
      SourceFile file = new SourceFile(files, Safetensors.FILE);
      return new Weights(
          file.exists() ? file : new SourceFile(files, Safetensors.INDEX), Safetensors.find(files));
    }
    Optional<SourceFile> onnx = OnnxInitializers.in(files);
    if (onnx.isPresent()) {
      return new Weights(onnx.get(), OnnxInitializers.find(onnx.get()));
    }
    SourceFile pickle = new SourceFile(files, PICKLE);
    if (pickle.exists()) {
      throw pickle.bad(
          "its form, pickle, can run code of its author; convert it where you trust it, with: python"
              + " -c \"import torch, safetensors.torch as s; s.save_file({k: v.clone().contiguous()"
              + " for k, v in torch.load('%s', weights_only=True).items()}, '%s')\"",
          PICKLE, Safetensors.FILE);
    }
    for (String name : QUANTIZED) {
      SourceFile quantized = new SourceFile(files, name);
      if (quantized.exists()) {
        throw quantized.bad(
            "it is quantised to whole numbers, which cannot be trained, and there is no %s; bring"
                + " the file of floats of the same encoder",
            Safetensors.FILE);
      }
    }
    throw new SourceFile(files, Safetensors.FILE)
        .bad(
            "there is neither this nor %s nor %s; bring the encoder's weights in one of these"
                + " forms",
            Safetensors.INDEX, OnnxInitializers.FILE);
  }

  /** Assigns the tensors of the files to their places. */
  private final class Weights {
    private final SourceFile file;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    Weights(SourceFile file, Collection<StoredTensor> found) {
      this.file = file;
      found.forEach(tensor -> tensors.put(tensor.name(), tensor));
    }

    Map<StoredTensor, Placement> places() {
      String prefix = prefix();
      Map<StoredTensor, Placement> places = new HashMap<>();
      for (Placement place : Placements.of(config)) {
        StoredTensor tensor = tensors.get(prefix + place.tensor());
        if (tensor == null) {
          tensor = tensors.get(prefix + oldName(place.tensor()));
        }
        if (tensor == null) {
          throw file.bad(
              "tensor '%s' is missing; config.json asks for %d layers of %s, and the file has %d"
                  + " tensors; take both from the same publisher",
              prefix + place.tensor(), config.shape().blocks(), config.modelType(), tensors.size());
        }
        if (!tensor.shape().equals(place.shape())) {
          throw file.bad(
              "tensor '%s' has the shape %s, and config.json asks for %s; take both from the same"
                  + " publisher",
              tensor.name(), tensor.shape(), place.shape());
        }
        places.put(tensor, place);
      }
      return places;
    }

    /** Returns what stands before every name, {@code bert.} for example. */
    private String prefix() {
      List<String> found =
          tensors.keySet().stream()
              .filter(name -> ("." + name).endsWith("." + Placements.WORDS))
              .toList();
      if (found.size() != 1) {
        throw file.bad(
            "it has %s tensor '%s', alone or after a prefix; take an encoder of %s",
            found.isEmpty() ? "no" : "more than one", Placements.WORDS, config.modelType());
      }
      return found.get(0).substring(0, found.get(0).length() - Placements.WORDS.length());
    }

    /** Returns the name that TensorFlow gave to a tensor of layer normalisation. */
    private String oldName(String name) {
      return name.replace("LayerNorm.weight", "LayerNorm.gamma")
          .replace("LayerNorm.bias", "LayerNorm.beta");
    }
  }
}
