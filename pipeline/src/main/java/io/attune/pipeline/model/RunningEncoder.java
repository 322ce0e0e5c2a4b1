package io.attune.pipeline.model;

import io.attune.pipeline.model.EncoderCompute.Pass;
import java.util.Map;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An {@link EncoderLayer} at work in a network. */
final class RunningEncoder extends BaseLayer<EncoderLayer> {
  private static final long serialVersionUID = 1;

  private transient EncoderCompute compute;
  private transient TokenBatch batch;

  RunningEncoder(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  /** Computes in the given way from here on. */
  void computeBy(EncoderCompute other) {
    compute = other;
  }

  private EncoderCompute compute() {
    if (compute == null) {
      compute = EncoderComputes.choose(layerConf().shape(), dataType);
    }
    return compute;
  }

  private TokenBatch read(INDArray tokens, INDArray mask) {
    if (batch == null) {
      EncoderShape shape = layerConf().shape();
      batch = new TokenBatch(layerConf().getLayerName(), shape.vocabulary(), shape.maxTokens());
    }
    batch.read(tokens, mask);
    return batch;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    TokenBatch read = read(input, maskArray);
    INDArray pooled =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, dataType, new long[] {read.rows(), layerConf().getNOut()}, 'c');
    compute()
        .forward(read, training ? trainingPass(read) : Pass.INFERENCE, paramsFlattened, pooled);
    return pooled;
  }

  private Pass trainingPass(TokenBatch read) {
    EncoderLayer layer = layerConf();
    return new Pass(
        true, Noise.of(layer.dropout(), layer.getSeed(), getIterationCount(), read.hash()));
  }

  /** What the network attends to in a batch, without dropout. */
  Attention attention(INDArray tokens, INDArray mask) {
    TokenBatch read = read(tokens, mask);
    INDArray pooled =
        LayerWorkspaceMgr.noWorkspaces()
            .createUninitialized(
                ArrayType.ACTIVATIONS,
                dataType,
                new long[] {read.rows(), layerConf().getNOut()},
                'c');
    compute().forward(read, Pass.TRACE, paramsFlattened, pooled);
    return compute().attention();
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    compute().backward(epsilon, gradientsFlattened);
    Gradient result = new DefaultGradient(gradientsFlattened);
    for (Map.Entry<String, INDArray> view : gradientViews.entrySet()) {
      result.gradientForVariable().put(view.getKey(), view.getValue());
    }
    return new Pair<>(result, null);
  }

  /** The pooled vector has no time, and so no mask. */
  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int minibatch) {
    maskArray = mask;
    maskState = state;
    return new Pair<>(null, null);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
