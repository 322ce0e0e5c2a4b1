package io.attune.neural.pretrained;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Holds an encoder, or a part of one, and its parameters.
 *
 * @param parameters in the order of {@link EncoderLayout#of}
 */
public record PretrainedEncoder(EncoderShape shape, float[] parameters) {
  public PretrainedEncoder {
    long expected = EncoderLayout.of(shape).length();
    require(
        parameters.length == expected,
        "the encoder must have %d parameters, got %d",
        expected,
        parameters.length);
  }

  /** Returns this encoder with a pooling that has no parameters, in place of its own likewise. */
  public PretrainedEncoder pooledBy(Pooling pooling) {
    return new PretrainedEncoder(shape.toBuilder().pooling(pooling).build(), parameters);
  }

  /** Returns the embedding and the first blocks, which map token ids to vectors. */
  public PretrainedEncoder stem(int blocks) {
    return cut(stemShape(blocks), UnaryOperator.identity());
  }

  /** Returns the shape of a {@link #stem}. */
  public EncoderShape stemShape(int blocks) {
    checkCut(blocks);
    return shape(Part.STEM)
        .blocks(blocks)
        .vocabulary(shape.vocabulary())
        .positions(shape.positions())
        .embeddingNorm(shape.embeddingNorm())
        .build();
  }

  /**
   * Returns the blocks from one on and the pooling, which map a stem's vectors to pooled vectors.
   *
   * @param fromBlock number of blocks of the stem
   */
  public PretrainedEncoder stack(int fromBlock) {
    return cut(stackShape(fromBlock), name -> EncoderLayout.shifted(name, fromBlock));
  }

  /** Returns the shape of a {@link #stack}. */
  public EncoderShape stackShape(int fromBlock) {
    checkCut(fromBlock);
    return shape(Part.STACK).blocks(shape.blocks() - fromBlock).pooling(shape.pooling()).build();
  }

  /**
   * Writes the parameters as {@code model.safetensors} with the names of Hugging Face's BERT, as
   * F32; the stream stays open.
   *
   * @param prefix of every name: {@code bert.} beside the tensors of a head, else empty
   * @param more further tensors
   */
  public void write(OutputStream out, String prefix, List<Safetensors.Tensor> more)
      throws IOException {
    List<Safetensors.Tensor> tensors = tensors(prefix);
    tensors.addAll(more);
    Safetensors.write(out, Map.of("format", "pt"), tensors);
  }

  /**
   * Returns the parameters as the tensors of Hugging Face's BERT, in which a dense layer is {@code
   * [out, in]}.
   *
   * @param prefix of every name
   */
  public List<Safetensors.Tensor> tensors(String prefix) {
    checkBert();
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    for (Placement placement : Placements.of(EncoderConfig.ofBert(shape))) {
      tensors.add(
          new Safetensors.Tensor(
              prefix + placement.tensor(), placement.shape(), () -> placement.written(parameters)));
    }
    return tensors;
  }

  /**
   * Returns the fields of the {@code config.json} for what {@link #write} writes: those of a BERT,
   * whatever the encoder was read from.
   */
  public Map<String, Object> config() {
    checkBert();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("BertModel"));
    config.put("model_type", "bert");
    config.put("vocab_size", shape.vocabulary());
    config.put("hidden_size", shape.width());
    config.put("num_hidden_layers", shape.blocks());
    config.put("num_attention_heads", shape.heads());
    config.put("intermediate_size", shape.feedForward());
    config.put("hidden_act", shape.activation() == FeedForwardActivation.GELU ? "gelu" : "relu");
    config.put("max_position_embeddings", shape.maxTokens());
    config.put("type_vocab_size", 2);
    config.put("layer_norm_eps", shape.normEpsilon());
    config.put("position_embedding_type", "absolute");
    config.put("torch_dtype", "float32");
    return config;
  }

  /**
   * Returns the small files beside {@code model.safetensors} by name: the configuration and, for a
   * pooling that sentence-transformers has, its files.
   */
  public Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(EncoderConfig.FILE, Json.pretty(config()));
    if (shape.pooling() != Pooling.ATTENTION) {
      files.putAll(PoolingFiles.written(shape.pooling(), shape.width()));
    }
    return files;
  }

  private EncoderShape.Builder shape(Part part) {
    return EncoderShape.builder(part, shape.width())
        .maxTokens(shape.maxTokens())
        .heads(shape.heads())
        .feedForward(shape.feedForward())
        .norm(shape.norm())
        .normEpsilon(shape.normEpsilon())
        .activation(shape.activation());
  }

  private void checkCut(int blocks) {
    require(shape.part() == Part.WHOLE, "only a whole encoder is cut, this is a %s", shape.part());
    require(
        blocks >= 0 && blocks <= shape.blocks(),
        "the cut must be in [0, %d] blocks, got %d",
        shape.blocks(),
        blocks);
  }

  private PretrainedEncoder cut(EncoderShape part, UnaryOperator<String> names) {
    EncoderLayout whole = EncoderLayout.of(shape);
    EncoderLayout layout = EncoderLayout.of(part);
    float[] values = new float[Math.toIntExact(layout.length())];
    for (Slot slot : layout.slots()) {
      Slot from = whole.slot(names.apply(slot.name()));
      System.arraycopy(
          parameters,
          Math.toIntExact(from.offset()),
          values,
          Math.toIntExact(slot.offset()),
          Math.toIntExact(slot.length()));
    }
    return new PretrainedEncoder(part, values);
  }

  /** Returns whether a BERT computes the same; its pooling may be another. */
  public static boolean isBert(EncoderShape shape) {
    return shape.part() == Part.WHOLE
        && shape.norm() == Norm.POST
        && shape.positions() == Positions.LEARNED
        && shape.embeddingNorm()
        && shape.hasFeedForward();
  }

  private void checkBert() {
    require(
        isBert(shape),
        "only a whole encoder of the form of BERT has its tensors, this is %s",
        shape);
  }
}
